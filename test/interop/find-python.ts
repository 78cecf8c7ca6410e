/** Interpreters that old tools need: on PATH, or where pyenv keeps them. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { basePython } from './lock-machine.js'

const found = new Map<string, string | undefined>()

/** The program of Python `3.9`, or undefined. Without a version: the one that PYTHON names. */
export function findPython(version?: string): string | undefined {
  if (version === undefined) return basePython()
  if (!found.has(version))
    found.set(
      version,
      candidates(version).find((one) => runs(one, version)),
    )
  return found.get(version)
}

function candidates(version: string): string[] {
  const root = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions')
  const installed = existsSync(root) ? readdirSync(root) : []
  const ofPyenv = installed.filter((name) => name.startsWith(`${version}.`))
  return [
    basePython(),
    `python${version}`,
    ...ofPyenv.map((name) => join(root, name, 'bin', `python${version}`)),
  ]
}

/** A shim of pyenv exists for missing versions too. */
function runs(program: string, version: string): boolean {
  const script = 'import sys, venv; print("%d.%d" % sys.version_info[:2])'
  const { status, stdout } = spawnSync(program, ['-c', script], { encoding: 'utf8' })
  return status === 0 && stdout.trim() === version
}
