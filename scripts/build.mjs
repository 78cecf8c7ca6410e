/** Builds dist/ with tsc, from nothing, so that no file of an earlier build is published. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const compiler = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'))

rmSync(`${root}dist`, { recursive: true, force: true })
try {
  execFileSync(process.execPath, [compiler, '-p', `${root}tsconfig.json`], { stdio: 'inherit' })
} catch {
  process.exit(1) // The compiler has said why.
}

const command = `${root}dist/cli/main.js`
if (existsSync(command)) chmodSync(command, 0o755)
