#!/usr/bin/env node
/**
 * The program `tuffet`, built as one small CommonJS file: it answers `--version` by itself, since
 * scripts ask that often, and leaves everything else to `main.js`. It reports by itself when that
 * cannot be loaded.
 */
import { writeSync } from 'node:fs'
import { version } from './version.js'

const words = process.argv.slice(2)
const [first, ...others] = words
const asked = others.length === 0 && (first === '--version' || first === '-V')
if (!asked || !isPrinted(`${version()}\n`)) import('./main.js').catch(report)

/** The ordinary way says why something cannot be written. */
function isPrinted(text: string, file = 1): boolean {
  try {
    return writeSync(file, text) === text.length
  } catch {
    return false
  }
}

/** Opens no file: the reason may be that too many are open. */
function report(error: Error & { readonly code?: string }): void {
  const { code = 'UNEXPECTED' } = error
  const hint = /^E[MN]FILE$/.test(code) ? 'allow more open files (ulimit -n)' : 'install it again'
  const message = `the program cannot be loaded: ${error.message}; ${hint}`
  const end = words.indexOf('--')
  const json = words.slice(0, end < 0 ? undefined : end).includes('--json')
  if (!json) isPrinted(`tuffet: ${message}\n`, 2)
  else isPrinted(`${JSON.stringify({ ok: false, error: { code, message } })}\n`)
  process.exitCode = 1
}
