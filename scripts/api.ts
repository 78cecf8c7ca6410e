/**
 * Writes docs/api/, the reference of every entry point, from the doc comments; with `--check` it is
 * compared and not written. A public name that refers to one that is not public is an error.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('../', import.meta.url)))

const committed = 'docs/api'
if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'tuffet-api-'))
  try {
    generate(folder)
    const names = new Set([...filesIn(committed), ...filesIn(folder)])
    const stale = [...names].filter((name) => textOf(committed, name) !== textOf(folder, name))
    for (const name of stale) console.error(`${committed}/${name} is not what npm run api writes`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
} else {
  generate(committed)
}

function generate(folder: string) {
  const args = [
    'node_modules/typedoc/bin/typedoc',
    '--options',
    'scripts/typedoc.json',
    '--out',
    folder,
    '--logLevel',
    'Warn',
  ]
  execFileSync(process.execPath, args, { stdio: 'inherit' })
}

function filesIn(folder: string) {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return entries.filter((name) => name.endsWith('.md'))
}

function textOf(folder: string, name: string) {
  return filesIn(folder).includes(name) ? readFileSync(join(folder, name), 'utf8') : undefined
}
