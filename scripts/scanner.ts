/**
 * Compiles `scanner/scanner.ts` with the compiler that `scanner/package-lock.json` pins, and writes
 * the result where the library embeds it; with `--check` it compares instead. See docs/adr/0025.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../scanner/', import.meta.url))
const embedded = fileURLToPath(new URL('../src/core/json/fast/scanner-code.ts', import.meta.url))
const compiler = `${folder}node_modules/assemblyscript/bin/asc.js`

if (!existsSync(compiler)) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  execFileSync(npm, ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' })
}
const options = [
  '-O3',
  '--shrinkLevel',
  '1',
  '--runtime',
  'stub',
  '--noAssert',
  '--outFile',
  'scanner.wasm',
]
execFileSync(process.execPath, [compiler, 'scanner.ts', ...options], {
  cwd: folder,
  stdio: 'inherit',
})
const code = readFileSync(`${folder}scanner.wasm`).toString('hex')
const source = createHash('sha256')
  .update(readFileSync(`${folder}scanner.ts`))
  .digest('hex')
const text = `/**
 * WebAssembly, in hexadecimal: \`scanner/scanner.ts\`, compiled by \`npm run scanner\`. Its SHA-256:
 * ${source}
 */
export const scannerCode: string =
  '${code}'
`
if (!process.argv.includes('--check')) {
  writeFileSync(embedded, text)
  console.log(`${code.length / 2} bytes`)
} else if (readFileSync(embedded, 'utf8') !== text) {
  console.error('src/core/json/fast/scanner-code.ts is not scanner/scanner.ts: npm run scanner')
  process.exitCode = 1
}
