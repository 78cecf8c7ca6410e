#!/usr/bin/env node
/**
 * Runs the command from a checkout of this project, for `action.yml` and `.pre-commit-hooks.yaml`: the
 * first call installs what package-lock.json pins, without any install script, and builds it. It is
 * JavaScript: it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const command = `${root}dist/cli/main.cjs`

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`tuffet needs Node 20.19 or newer; this is ${process.versions.node}`)
  process.exit(2)
}
if (!existsSync(command)) {
  if (!existsSync(`${root}node_modules`)) prepare('npm', ['ci', '--ignore-scripts'])
  prepare(process.execPath, ['--import', 'tsx', 'scripts/build.ts'])
}
const { status, signal, error } = spawnSync(process.execPath, [command, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
if (error) throw error
// As a shell has it.
process.exitCode = signal === null ? (status ?? 1) : 128 + constants.signals[signal]

/**
 * Standard output is the command's alone.
 *
 * @param {string} program
 * @param {string[]} args
 */
function prepare(program, args) {
  // On Windows npm is a script, which needs a shell; no argument here is anybody else's.
  const shell = program === 'npm' && process.platform === 'win32'
  const ended = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2], shell })
  if (ended.error) throw ended.error
  if (ended.status !== 0) process.exit(2)
}
