/**
 * Asks the built package every vector on each Node that is supported, with both tables of
 * cryptography: the verdicts must be those that the vectors expect, and so the same everywhere.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { nodeProgram, nodeVersions } from './node-programs.js'

const script = fileURLToPath(new URL('vector-verdicts.mjs', import.meta.url))
let failed = false
let asked = 0

for (const version of nodeVersions) {
  const program = nodeProgram(version)
  if ('reason' in program) {
    console.log(`Skipped Node ${version}: ${program.reason}`)
    continue
  }
  asked += 1
  const { status, stdout, stderr } = spawnSync(program.path, [script], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (status !== 0) {
    console.error(`Node ${version} ended with status ${status ?? 'none'}: ${stderr}`)
    failed = true
    continue
  }
  report(version, stdout)
}
if (asked === 0) {
  console.error('No Node was asked.')
  failed = true
}
process.exitCode = failed ? 1 : 0

function report(version: string, text: string) {
  const parse: (text: string) => Record<string, Record<string, string>> = JSON.parse
  for (const [table, verdicts] of Object.entries(parse(text))) {
    const others = Object.entries(verdicts).filter(([, said]) => said !== 'as expected')
    for (const [id, said] of others) console.error(`Node ${version}, ${table}: ${id} ${said}`)
    const count = Object.keys(verdicts).length
    console.log(`Node ${version}, ${table}: ${count - others.length} of ${count} as expected`)
    if (others.length > 0 || count === 0) failed = true
  }
}
