/**
 * Writes docs/testing.md from the results of the proofs' long runs; with `--check` the page is
 * compared and not written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { testingPage } from '../test/proof/page.js'
import { recordedProofs } from '../test/proof/record.js'

const page = fileURLToPath(new URL('../docs/testing.md', import.meta.url))
const text = await testingPage(recordedProofs())
if (process.argv.includes('--write')) {
  writeFileSync(page, text)
} else if (!process.argv.includes('--check')) {
  process.stdout.write(text)
} else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/testing.md is not what npm run proofs -- --write writes')
  process.exitCode = 1
}
