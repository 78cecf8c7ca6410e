/**
 * Node in the versions that are tried, each from the npm package `node` in a folder of its own
 * below node_modules/.cache.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The oldest that is promised, and the newest of each line since. */
export const nodeVersions = ['20.19.0', '22.23.3', '24.21.0', '26.10.0']

/** One that every program in the tests runs on. */
export const nodeForPeers = '24.21.0'

/** The program's path; it is installed when missing. */
export function nodeProgram(version: string): { path: string } | { reason: string } {
  if (process.versions.node === version) return { path: process.execPath }
  const folder = fileURLToPath(new URL(`../node_modules/.cache/nodes/${version}`, import.meta.url))
  const path = `${folder}/node_modules/node/bin/node`
  if (answers(path, version)) return { path }
  mkdirSync(folder, { recursive: true })
  if (!existsSync(`${folder}/package.json`)) {
    writeFileSync(`${folder}/package.json`, '{ "private": true }\n')
  }
  // Its install script fetches the program for this machine.
  const args = ['install', '--no-save', '--ignore-scripts=false', `node@${version}`]
  const npm = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' })
  if (answers(path, version)) return { path }
  const said = npm.error?.message ?? npm.stderr.trim().split('\n').at(-1) ?? ''
  return { reason: `node@${version} cannot be installed: ${said}` }
}

function answers(path: string, version: string) {
  const { error, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return !error && stdout.trim() === `v${version}`
}
