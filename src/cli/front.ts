#!/usr/bin/env node
/**
 * The program `tuffet`, built as one small CommonJS file: it answers `--version` by itself, since
 * scripts ask that often, and leaves everything else to `main.js`.
 */
import { writeSync } from 'node:fs'
import { version } from './version.js'

const [first, ...others] = process.argv.slice(2)
const asked = others.length === 0 && (first === '--version' || first === '-V')
if (!asked || !isPrinted(`${version()}\n`)) void import('./main.js')

/** The ordinary way says why something cannot be written. */
function isPrinted(text: string): boolean {
  try {
    return writeSync(1, text) === text.length
  } catch {
    return false
  }
}
