/**
 * Builds dist/ with tsc, from nothing, so that no file of an earlier build is published. It takes
 * the place of the old one at the end: whoever reads dist/ meanwhile finds a whole build.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const compiler = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'))
const next = `${root}dist.${process.pid}`
const last = `${next}.old`

try {
  const args = [compiler, '-p', `${root}tsconfig.build.json`, '--outDir', next]
  execFileSync(process.execPath, args, { stdio: 'inherit' })
} catch {
  rmSync(next, { recursive: true, force: true })
  process.exit(1) // The compiler has said why.
}
chmodSync(`${next}/cli/main.js`, 0o755)
if (existsSync(`${root}dist`)) renameSync(`${root}dist`, last)
renameSync(next, `${root}dist`)
rmSync(last, { recursive: true, force: true })
