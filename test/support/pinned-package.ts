/** Packages that one test program needs and this project does not: in a folder of their own. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The version that is installed in `folder`, which is the one its package.json pins; installs it if needed. */
export function pinnedPackage(
  folder: string,
  name: string,
): { readonly version: string } | { readonly reason: string } {
  const read = (path: string): Manifest => manifestOf(join(folder, path))
  const pinned = read('package.json').dependencies?.[name] ?? 'none'
  const installed = `node_modules/${name}/package.json`
  const isThere = (): boolean =>
    existsSync(join(folder, installed)) && read(installed).version === pinned
  if (isThere()) return { version: pinned }
  // The root's settings: no scripts, no audit. npm may say that this Node is too old: such a
  // package runs on another.
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

function manifestOf(path: string): Manifest {
  const parse: (text: string) => Manifest = JSON.parse
  return parse(readFileSync(path, 'utf8'))
}
