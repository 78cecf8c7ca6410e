/**
 * Processor time of verifying attestations, beside `pypi-attestations`: whole processes, real samples, the
 * same trusted root, each pair in one run. `npm run bench:attestations -- [--runs N]`. Needs Python.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findPeer } from '../../test/interop/attestations/peer.js'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } })
const runs = Number(values.runs)

const peer = await findPeer()
if ('reason' in peer) throw new Error(`pypi-attestations is not here: ${peer.reason}`)

/** Real samples that verify, again and again up to the length of a lock. */
const good = peer.samples.filter(({ name }) => !/^(rfc8785|spt3g)/.test(name))
const folder = mkdtempSync(join(tmpdir(), 'tuffet-bench-'))

/** Milliseconds of processor time, the least of all runs. */
function costOf(program: string, script: string, count: number): number {
  const files = Array.from({ length: count }, (_, index) => good[index % good.length])
  const plan = join(folder, `plan-${count}.json`)
  writeFileSync(plan, JSON.stringify(files))
  const path = fileURLToPath(new URL(script, import.meta.url))
  const costs = Array.from({ length: runs }, () => {
    const env = { ...process.env, PLAN: plan, TRUSTED_ROOT: trustedRoot }
    const { stdout, stderr, status } = spawnSync(program, [path], { encoding: 'utf8', env })
    if (status !== 0) throw new Error(stderr)
    return Number(stdout)
  })
  return Math.min(...costs)
}

const { trustedRoot } = peer
try {
  const rows = [0, 1, 300].map((count) => {
    const ours = costOf(process.execPath, 'verify.mjs', count)
    const theirs = costOf(peer.python, 'verify.py', count)
    return { count, ours, theirs }
  })
  const [start = { ours: 0, theirs: 0 }] = rows
  console.log('CPU, whole process: tuffet ÷ pypi-attestations, and what the files add\n')
  for (const { count, ours, theirs } of rows) {
    const added = (ours - start.ours) / (theirs - start.theirs)
    const more = count === 0 ? '' : `, added by the files ${added.toFixed(2)}`
    const figures = `${ours.toFixed(0)} and ${theirs.toFixed(0)} ms`
    console.log(`${count} files: ${(ours / theirs).toFixed(2)}${more} (${figures})`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
