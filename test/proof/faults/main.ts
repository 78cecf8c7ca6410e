/** `npm run test:faults`: the proofs of crash and disk, one after the other, with the same options. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

for (const part of ['crash', 'disk']) {
  const script = fileURLToPath(new URL(`../${part}/main.ts`, import.meta.url))
  const args = [...process.execArgv, script, ...process.argv.slice(2)]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) {
    process.exitCode = 1
    break
  }
}
