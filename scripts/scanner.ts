/**
 * Compiles the programs of `scanner/` with the compiler that `scanner/package-lock.json` pins, and writes
 * the results where the library embeds them; with `--check` it compares instead. See docs/adr/0025 and 0034.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../scanner/', import.meta.url))
const compiler = `${folder}node_modules/assemblyscript/bin/asc.js`

if (!existsSync(compiler)) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  execFileSync(npm, ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' })
}
const options = ['-O3', '--shrinkLevel', '1', '--runtime', 'stub', '--noAssert']
const programs = [
  { name: 'scanner', exported: 'scannerCode', to: 'src/core/json/fast/scanner-code.ts' },
  { name: 'blake2b', exported: 'blake2bCode', to: 'src/node/blake2b/code.ts', pages: 2 },
]

for (const { name, exported, to, pages } of programs) {
  const memory = pages === undefined ? [] : ['--initialMemory', String(pages)]
  const files = [`${name}.ts`, '--outFile', `${name}.wasm`]
  execFileSync(process.execPath, [compiler, ...files, ...options, ...memory], {
    cwd: folder,
    stdio: 'inherit',
  })
  const code = readFileSync(`${folder}${name}.wasm`).toString('hex')
  const source = createHash('sha256')
    .update(readFileSync(`${folder}${name}.ts`))
    .digest('hex')
  const text = `/**
 * WebAssembly, in hexadecimal: \`scanner/${name}.ts\`, compiled by \`npm run scanner\`. Its SHA-256:
 * ${source}
 */
export const ${exported}: string =
  '${code}'
`
  const embedded = new URL(`../${to}`, import.meta.url)
  if (!process.argv.includes('--check')) {
    writeFileSync(embedded, text)
    console.log(`${to}: ${code.length / 2} bytes`)
  } else if (readFileSync(embedded, 'utf8') !== text) {
    console.error(`${to} is not scanner/${name}.ts: npm run scanner`)
    process.exitCode = 1
  }
}
