/**
 * `npm run test:races`: processes share a store while the repository publishes and rotates, some of them
 * are killed, and a reader polls the files; holders of the lock die; and a matrix of one client held
 * at each request while another completes each rotation. `-- --long --write`, `-- --seed N`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compileChild } from '../child-module.js'
import { Random } from '../random.js'
import { record } from '../record.js'
import { tryMatrix } from './matrix.js'
import { killHolders, race } from './processes.js'

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20261129' },
  },
})
const { long } = values
const size = long
  ? { processes: 16, cycles: 50, kills: 24, holders: 20 }
  : { processes: 4, cycles: 10, kills: 3, holders: 3 }
const began = performance.now()
const seconds = (): number => Math.round((performance.now() - began) / 1_000)

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([code, times]) => `${code} ${times}`).join(', ') || 'none'
}

const folder = mkdtempSync(join(tmpdir(), 'tuffet-races-'))
const cache = fileURLToPath(new URL('../../../node_modules/.cache', import.meta.url))
mkdirSync(cache, { recursive: true })
// Below the package: its dependencies are found from there.
const compiled = mkdtempSync(join(cache, 'tuffet-races-'))
try {
  const script = compileChild(compiled, new URL('child.ts', import.meta.url))
  const matrix = await tryMatrix(folder)
  console.log(`pairs: ${listed(matrix.ended)}, after ${seconds()} s`)
  const longest = await killHolders({ script, folder }, size.holders)
  console.log(`holders killed: ${size.holders}, after ${seconds()} s`)
  const random = new Random(Number(values.seed))
  const raced = await race({ script, folder, random, ...size })
  console.log(`cycles that failed: ${listed(raced.codes)}, after ${seconds()} s`)
  const failed = [...raced.codes.values()].reduce((sum, times) => sum + times, 0)
  await record(
    {
      proof: 'races',
      about:
        'Processes that share a store, and die, never make it torn or older; a reader always sees whole files.',
      command: 'npm run test:races -- --long',
      seed: values.seed,
      seconds: seconds(),
      date: new Date().toISOString().slice(0, 10),
      figures: {
        'pairs of a held request and a rotation': matrix.pairs,
        'of these accepted': matrix.ended.get('accepted') ?? 0,
        processes: size.processes,
        cycles: raced.cycles,
        'of these failed with a code': failed,
        publications: raced.publications,
        'rotations among them': raced.rotations,
        'processes killed': raced.kills,
        'files read meanwhile': raced.reads,
        'holders of the lock killed': size.holders,
        'longest wait after one, ms': longest,
      },
      found: [],
    },
    { write: long && values.write },
  )
} finally {
  rmSync(folder, { recursive: true })
  rmSync(compiled, { recursive: true })
}
