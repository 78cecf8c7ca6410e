/**
 * Runs the public suite (theupdateframework/tuf-conformance) against the built package. It is not
 * part of this repository: TUF_CONFORMANCE is the folder of a checkout, PYTHON an interpreter with
 * its dependencies, default `python3`. Arguments go to pytest.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const client = fileURLToPath(new URL('../test/conformance/client', import.meta.url))
const { TUF_CONFORMANCE: checkout, PYTHON: named = 'python3' } = process.env
const python = named.includes('/') ? resolve(named) : named

const missing = whatIsMissing()
if (missing !== undefined) {
  console.log(`Skipped all of tuf-conformance: ${missing}`)
  // A missing tool that the user named is a failure.
  process.exit(checkout === undefined ? 0 : 1)
}

const { status } = spawnSync(
  python,
  [
    '-m',
    'pytest',
    '-q',
    '-rs',
    'tuf_conformance',
    '--entrypoint',
    client,
    ...process.argv.slice(2),
  ],
  {
    cwd: resolve(checkout ?? '.'),
    // The client's standard error is shown by pytest, for failures only.
    env: { ...process.env, PYTHONPATH: '.', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: 'inherit',
  },
)
process.exit(status ?? 1)

function whatIsMissing(): string | undefined {
  if (checkout === undefined) {
    return 'TUF_CONFORMANCE is not set to a checkout of theupdateframework/tuf-conformance.'
  }
  if (!existsSync(`${checkout}/tuf_conformance/conftest.py`)) {
    return `${checkout} is no checkout of it.`
  }
  if (!succeeds('faketime', ['--version'])) return 'faketime is not installed; it sets the clock.'
  if (!succeeds(python, ['-c', 'import pytest, tuf, cryptography'])) {
    return `${python} lacks pytest, tuf or cryptography (pip install ${checkout} has them all).`
  }
  return undefined
}

function succeeds(command: string, args: string[]) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
