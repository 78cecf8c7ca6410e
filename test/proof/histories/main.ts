/**
 * `npm run test:histories -- [--long] [--seed N] [--histories N] [--length N] [--seconds N] [--write]`: plays random
 * histories and prints the first one that shows a fault, as short as it can be made.
 */
import { parseArgs } from 'node:util'
import { PortedUpdater } from '../../../src/client/updater.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { record } from '../record.js'
import type { MakeSubject } from './client.js'
import { findings } from './findings.js'
import { historyOf, shrink, type History } from './history.js'
import { play, type Counts } from './world.js'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    histories: { type: 'string' },
    length: { type: 'string', default: '30' },
    seconds: { type: 'string' },
    long: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

const makeSubject: MakeSubject = (options) =>
  new PortedUpdater({ ...options, cryptography: nodeCryptography })

const seed = Number(values.seed)
// In CI a busy machine plays fewer.
const most = Number(values.histories ?? (values.long ? 20_000 : 150))
const seconds = Number(values.seconds ?? (values.long ? 7_200 : 45))
const started = performance.now()
const end = started + 1000 * seconds
const sum: Counts = { cycles: 0, accepted: 0, refused: 0, crashed: 0, targets: 0 }
let histories = 0
for (; histories < most && performance.now() < end; histories++) {
  const history = historyOf(seed + histories, Number(values.length))
  const { fault, counts } = await play(history, makeSubject)
  if (fault !== undefined) {
    await show(history, fault)
    process.exit(1)
  }
  sum.cycles += counts.cycles
  sum.accepted += counts.accepted
  sum.refused += counts.refused
  sum.crashed += counts.crashed
  sum.targets += counts.targets
}

await record({
  proof: 'histories',
  about:
    'Random histories of a repository, of an attacker with stolen keys and of clients that crash and share stores. A second implementation of the rules judges each accepted file.',
  command: `npm run test:histories -- --histories ${histories} --seed ${seed}`,
  seed,
  seconds: Math.round((performance.now() - started) / 1000),
  date: new Date().toISOString().slice(0, 10),
  figures: {
    histories,
    'update cycles': sum.cycles,
    accepted: sum.accepted,
    refused: sum.refused,
    'killed on the way': sum.crashed,
    'target files read': sum.targets,
  },
  found: findings,
})

async function show(history: History, fault: string): Promise<void> {
  console.error(`seed ${history.seed}: ${fault}`)
  const short = await shrink(
    history,
    async (one) => (await play(one, makeSubject)).fault !== undefined,
  )
  console.error((await play(short, makeSubject)).fault)
  console.error(JSON.stringify(short))
}
