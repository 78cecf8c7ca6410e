/** The tools that are tried, each pinned and installed in a folder of its own below node_modules/.cache. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A folder \`node_modules\` with the packages, or the reason why it is missing. */
export function installed(packages: readonly string[]): { path: string } | { reason: string } {
  const name = packages.join('+').replaceAll('/', '_')
  const folder = fileURLToPath(
    new URL(`../../node_modules/.cache/modules/${name}`, import.meta.url),
  )
  const path = join(folder, 'node_modules')
  const done = join(folder, 'done')
  if (existsSync(done)) return { path }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  const npm = spawnSync('npm', ['install', '--no-save', ...quiet, ...packages], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (npm.status !== 0) {
    const said = npm.error?.message ?? npm.stderr.trim().split('\n').at(-1) ?? ''
    return { reason: `${packages.join(', ')} cannot be installed: ${said}` }
  }
  writeFileSync(done, '')
  return { path }
}
