/**
 * `npm run test:soak`: a process that refreshes while the repository publishes, one that looks up
 * targets, and a proxy with its clients, side by side. Memory, descriptors and listeners must not
 * grow. `-- --long` takes ten minutes, and `--write` keeps its figures for docs/testing.md.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { serve } from 'tuffet/testing/node'
import { IndexRepository } from '../../pypi/index-repository.js'
import { record } from '../record.js'
import { askProxy } from './clients.js'
import { grown, type Sample } from './sample.js'

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const seconds = values.long ? 600 : 20

interface Outcome {
  readonly turns: number
  readonly samples: readonly Sample[]
}

const index = new IndexRepository({ layout: 'pages-and-files', bins: 64 })
index.repo.advance(Math.floor((Date.now() - index.repo.now) / 86_400_000))
for (let at = 0; at < 1_000; at++) index.repo.addTarget(`pkgs/file-${at}`, `content ${at}`)
for (let at = 0; at < 20; at++) index.add(`soak_${at}-1.0-py3-none-any.whl`)
index.publish()
const served = await serve(index.repo)
const folder = mkdtempSync(join(tmpdir(), 'tuffet-soak-'))
const root = join(folder, 'root.json')
writeFileSync(root, index.repo.root())

/** Runs one process; `met` gets each line that it prints before its outcome. */
async function soak(
  thing: string,
  met: (line: string) => void = () => undefined,
): Promise<Outcome> {
  const script = fileURLToPath(new URL('process.ts', import.meta.url))
  const options = ['--expose-gc', '--import', 'tsx', script]
  const args = [thing, String(seconds), root, served.metadataUrl, served.targetsUrl]
  const child = spawn(process.execPath, [...options, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line)
    if (!line.startsWith('{')) met(line)
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${thing} ended with ${status}`)
  const parse: (text: string) => Outcome = JSON.parse
  return parse(lines.at(-1) ?? '')
}

const asked = { stop: false, count: 0 }
let clients: Promise<void> = Promise.resolve()
// A repository grows with each publication; it is not the subject.
const publisher = setInterval(() => void index.repo.publish(), seconds * 20)
try {
  const outcomes = await Promise.all([
    soak('refresh'),
    soak('finds'),
    soak('proxy', (indexUrl) => {
      clients = askProxy(indexUrl, asked)
    }).finally(() => {
      asked.stop = true
    }),
  ])
  await clients
  const [refreshes, finds, proxy] = outcomes
  const failures = ['refresh', 'finds', 'proxy'].flatMap((thing, at) =>
    grown(outcomes[at]?.samples ?? []).map((what) => `${what} of ${thing}`),
  )
  for (const { samples } of outcomes) console.table(samples)
  if (failures.length > 0) throw new Error(`these grew: ${failures.join(', ')}`)
  await record(
    {
      proof: 'soak',
      about: 'Memory, descriptors and listeners of long-lived processes do not grow.',
      command: 'npm run test:soak -- --long',
      seed: 'none',
      seconds,
      date: new Date().toISOString().slice(0, 10),
      figures: {
        refreshes: refreshes.turns,
        finds: finds.turns,
        'answers of the proxy': asked.count,
        ...range('refresh', refreshes),
        ...range('finds', finds),
        ...range('proxy', proxy),
      },
      found: [],
    },
    { write: values.long && values.write },
  )
} finally {
  clearInterval(publisher)
  await served.close()
  rmSync(folder, { recursive: true })
}

/** MB after the first and the last twelfth of the run. */
function range(thing: string, { samples }: Outcome): Record<string, string> {
  const [first, last] = [samples[0], samples.at(-1)]
  const text = `${first?.memory} → ${last?.memory} MB, ${first?.descriptors} → ${last?.descriptors} descriptors`
  return { [`${thing}: memory and descriptors`]: text }
}
