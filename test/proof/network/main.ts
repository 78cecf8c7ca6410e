/**
 * `npm run test:network`: a server of raw bytes breaks every answer, floods, drips and falls silent,
 * in front of the library, the command, the proxy, and pip behind it. `-- --long` tries every break
 * and every answer, and `--write` keeps its figures for docs/testing.md. It tries fixed cases, and
 * has no seed. pip is named by TUFFET_PIP.
 */
import { parseArgs } from 'node:util'
import { record } from '../record.js'
import { tryAnswers } from './answers.js'
import { breakEverywhere } from './breaks.js'
import { tryCommand } from './command.js'
import { tryEndless } from './endless.js'
import { startIndex } from './index-subject.js'
import { findPip, tryPip } from './pip.js'
import { tryProxy } from './proxy.js'
import { makeSubject } from './subject.js'

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
/** One case in so many. */
const every = values.long
  ? { break: 1, answer: 1, command: 1, proxy: 7, pip: 1 }
  : { break: 151, answer: 13, command: 5, proxy: 211, pip: 7 }

const began = performance.now()
const seconds = () => Math.round((performance.now() - began) / 1_000)
const figures: Record<string, string | number> = {}

/** `outcomes` is empty where a count says enough. */
function figure(name: string, count: number, outcomes: string): void {
  figures[name] = count
  console.log(`${name}: ${count} (${outcomes}), after ${seconds()} s`)
}

const subject = await makeSubject()
const breaks = await breakEverywhere(subject, every.break)
figure('connections broken', breaks.total, String(breaks))
const answers = await tryAnswers(subject, every.answer)
figure('odd answers', answers.tally.total, String(answers.tally))
const endless = await tryEndless(subject)
figure('endless answers', endless.total, String(endless))
const commands = await tryCommand(subject, every.command)
figure('runs of the command', commands.tally.total, String(commands.tally))
figures['its peak memory, MiB'] = commands.peak
const index = await startIndex()
try {
  const proxied = await tryProxy(index, every.proxy)
  figure('answers of the proxy', proxied.total, String(proxied))
  const pip = findPip()
  if (pip) {
    const installs = await tryPip(index, pip, every.pip)
    figure('runs of pip', installs.total, String(installs))
  } else {
    console.log('Skipped pip: TUFFET_PIP does not name it.')
  }
} finally {
  await index.server.close()
}

await record(
  {
    proof: 'network',
    about: 'Whatever a server sends: the right file, or an error with a code and not one byte.',
    command: 'npm run test:network -- --long',
    seed: 'none',
    seconds: seconds(),
    date: new Date().toISOString().slice(0, 10),
    figures,
    found: [],
  },
  { write: values.long && values.write },
)
