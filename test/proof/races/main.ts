/**
 * `npm run test:races`: processes share a store while the repository publishes and rotates, some of them
 * are killed, and a reader polls the files; holders of the lock die; and a matrix of one client held
 * at each request while another completes each rotation. `-- --long --write`, `-- --seed N`.
 */
import { listed, openProof, sum } from '../open-proof.js'
import { tryMatrix } from './matrix.js'
import { killHolders, race } from './processes.js'

const proof = openProof('races')
const { folder, long, random, seconds } = proof
const size = long
  ? { processes: 16, cycles: 50, kills: 24, holders: 20 }
  : { processes: 4, cycles: 10, kills: 3, holders: 3 }
try {
  const script = proof.compile(new URL('child.ts', import.meta.url))
  const matrix = await tryMatrix(folder)
  console.log(`pairs: ${listed(matrix.ended)}, after ${seconds()} s`)
  const longest = await killHolders({ script, folder }, size.holders)
  console.log(`holders killed: ${size.holders}, after ${seconds()} s`)
  const raced = await race({ script, folder, random, ...size })
  console.log(`cycles that failed: ${listed(raced.codes)}, after ${seconds()} s`)
  await proof.record({
    about:
      'Processes that share a store, and die, never make it torn or older; a reader always sees whole files.',
    figures: {
      'pairs of a held request and a rotation': matrix.pairs,
      'of these accepted': matrix.ended.get('accepted') ?? 0,
      processes: size.processes,
      cycles: raced.cycles,
      'of these failed with a code': sum(raced.codes),
      publications: raced.publications,
      'rotations among them': raced.rotations,
      'processes killed': raced.kills,
      'files read meanwhile': raced.reads,
      'holders of the lock killed': size.holders,
      'longest wait after one, ms': longest,
    },
    found: [
      'Once in some hundred cycles, one of many processes failed with a rollback that nobody made: between its reads of the stored timestamp and of the stored snapshot, another process had stored both. It reads both again now.',
    ],
  })
} finally {
  proof.close()
}
