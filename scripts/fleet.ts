/**
 * `npm run fleet`: prints a day of ten thousand runners on paper; with `--write` into docs/fleet.md. A test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fleetTables, withTables } from './fleet/page.js'

const page = fileURLToPath(new URL('../docs/fleet.md', import.meta.url))
if (process.argv.includes('--write')) {
  writeFileSync(page, await withTables(readFileSync(page, 'utf8')))
} else {
  console.log(await fleetTables())
}
