/** Packages that reference clients need and this project does not: in a folder of their own. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** The version that is installed beside these tests, which is the pinned one; installs it if needed. */
export function peerPackage(
  name: string,
): { readonly version: string } | { readonly reason: string } {
  const pinned = read('package.json').dependencies?.[name] ?? 'none'
  const installed = `node_modules/${name}/package.json`
  const isThere = (): boolean =>
    existsSync(`${folder}${installed}`) && read(installed).version === pinned
  if (isThere()) return { version: pinned }
  // The root's settings: no scripts, no audit. npm says that this Node is too old, and is right:
  // the installed packages run on another.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' })
  if (isThere()) return { version: pinned }
  const said = npm.error?.message ?? npm.stderr.trim().split('\n').at(-1) ?? ''
  return { reason: `${name}@${pinned} cannot be installed: ${said}` }
}

interface Manifest {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

function read(name: string): Manifest {
  const parse: (text: string) => Manifest = JSON.parse
  return parse(readFileSync(`${folder}${name}`, 'utf8'))
}
