/** The packages of `package-lock.json` that users install, by their place in it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** As much of an entry as is used. */
export interface LockedPackage {
  readonly version: string
  readonly dev?: boolean
  readonly link?: boolean
}

const lockFile = fileURLToPath(new URL('../package-lock.json', import.meta.url))

/** `node_modules/parse5` → its entry; packages for developers are left out. */
export function installedPackages(): Record<string, LockedPackage> {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>
  }
  return Object.fromEntries(
    Object.entries(packages).filter(
      ([place, { dev, link }]) =>
        place.startsWith('node_modules/') && dev !== true && link !== true,
    ),
  )
}
