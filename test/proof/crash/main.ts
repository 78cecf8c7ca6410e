/**
 * `npm run test:faults` begins with it: processes are killed at random times, at each call that changes
 * the disk, and by strace at each system call of that kind, in a first run, an update, a rotation, a
 * download, and the proxy's spool. After each: whole files, nothing below what was acknowledged, a
 * next cycle that succeeds and leaves nothing over. `-- --long --write`, `-- --seed N`.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compileChild } from '../child-module.js'
import { Random } from '../random.js'
import { record } from '../record.js'
import { checkSpool, checkStore, checkSwept, type Checks } from './after-kill.js'
import { run, type Death, type Victim } from './kill.js'

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20261129' },
  },
})
const { long } = values
/** Of the short form: kills at random, one call in so many, and seconds. */
const randomKills = long ? 500 : 24
/** Processes are mostly waited for. */
const lanes = 4
const everyCall = long ? 1 : 9
const began = performance.now()
const seconds = (): number => Math.round((performance.now() - began) / 1_000)

const folder = mkdtempSync(join(tmpdir(), 'tuffet-crash-'))
const cache = fileURLToPath(new URL('../../../node_modules/.cache', import.meta.url))
mkdirSync(cache, { recursive: true })
// Below the package: its dependencies are found from there.
const compiled = mkdtempSync(join(cache, 'tuffet-crash-'))
const script = compileChild(compiled, new URL('child.ts', import.meta.url))
const tally: Checks = { checks: 0, leftovers: 0 }
let places = 0
/** After an error nothing else begins. */
let failed = false

/** A new folder; `from` is copied. */
function place(from?: string): string {
  const made = join(folder, String(places++))
  mkdirSync(made)
  if (from === undefined) mkdirSync(join(made, 'downloads'))
  else cpSync(from, made, { recursive: true })
  return made
}

/** Where the processes of a kind begin. */
interface Stage {
  readonly name: string
  readonly task: Victim['task']
  readonly prepared: string | undefined
  /** The publication that `prepared` is of, and the ones that the process goes through. */
  readonly before: number
  readonly from: number
  readonly to: number
}

async function prepare(until: number): Promise<string> {
  const prepared = place()
  await run({ script, task: 'cycles', folder: prepared, from: until, to: until }, {})
  return prepared
}

async function stages(): Promise<Stage[]> {
  // After 11 the keys of a role are new with each of four publications (killed-repository.ts).
  const rotating = await prepare(11)
  const updating = await prepare(5)
  const cycle = (
    name: string,
    prepared: string | undefined,
    before: number,
    to: number,
  ): Stage => ({
    ...{ name, task: 'cycles', prepared, before, from: to, to },
  })
  return [
    cycle('first run', undefined, 0, 1),
    cycle('update and download', updating, 5, 6),
    cycle('rotations of four roles', rotating, 11, 15),
    { name: 'spool of the proxy', task: 'spool', prepared: undefined, before: 0, from: 1, to: 1 },
  ]
}

/** @returns whether the process was killed */
async function killOnce(stage: Stage, death: Death): Promise<boolean> {
  const { name, task, before, from, to } = stage
  const where = place(task === 'spool' ? undefined : stage.prepared)
  try {
    if (task === 'spool') rmSync(join(where, 'downloads'), { recursive: true })
    const { acknowledged, killed } = await run({ script, task, folder: where, from, to }, death)
    if (task === 'spool') await checkSpool(where, tally)
    else await checkStore(where, { acknowledged: acknowledged || before, latest: to }, tally)
    return killed
  } catch (error) {
    throw new Error(`${name}, ${JSON.stringify(death)}: ${String(error)}`, { cause: error })
  } finally {
    rmSync(where, { recursive: true })
  }
}

async function killAtEachCall(stage: Stage, how: 'before' | 'torn'): Promise<number> {
  let kills = 0
  let at = 1
  while (!failed && (await killOnce(stage, { kill: `${at} ${how}` }))) {
    kills += 1
    at += everyCall
  }
  console.log(`${stage.name}, ${how}: killed up to call ${at}, after ${seconds()} s`)
  return kills
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** With the system calls that change a disk; writes also wake threads, and are many. */
async function killAtSystemCalls(all: readonly Stage[]): Promise<number> {
  if (spawnSync('strace', ['-V']).status !== 0) {
    console.log('Skipped system calls: strace is not here.')
    return 0
  }
  let kills = 0
  const calls = ['rename', 'link', 'unlink', 'fsync', 'fdatasync', 'mkdir', 'pwrite64', 'write']
  for (const stage of all.filter((_, at) => at === 0 || (long && at === 2))) {
    for (const call of calls) {
      const step = call === 'write' ? 5 : long ? 1 : 20
      for (let at = 1; at <= (call === 'write' ? 60 : 16); at += step) {
        const inject = `inject=${call}:signal=KILL:when=${at}`
        const strace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject]
        if (failed || !(await killOnce(stage, { strace }))) break
        kills += 1
      }
    }
    console.log(`${stage.name}: killed at its system calls, after ${seconds()} s`)
  }
  return kills
}

/** One store lives through many deaths; now and then it begins anew. */
async function killAtRandom(kills: number, random: Random): Promise<number> {
  let publication = 0
  let where = place()
  for (let kill = 1; kill <= kills && !failed; kill++) {
    // The last rotation is in publication 15, and earlier ones cost more with each.
    if (publication > 16) {
      await endLife(where, publication)
      where = place()
      publication = 0
    }
    const after = random.below(80)
    if (kill % 8 === 0) {
      await killSpoolAfter(after)
      continue
    }
    const from = publication + 1
    const ended = await run({ script, task: 'cycles', folder: where, from, to: 1e6 }, { after })
    const acknowledged = ended.acknowledged || publication
    // It may have been in the middle of the one after that.
    const latest = ended.acknowledged === 0 ? from : ended.acknowledged + 1
    try {
      publication = await checkStore(where, { acknowledged, latest, swept: ['store'] }, tally)
    } catch (error) {
      throw new Error(`kill ${kill}, ${after} ms after its start: ${String(error)}`, {
        cause: error,
      })
    }
  }
  if (!failed) await endLife(where, publication)
  console.log(`killed ${kills} at random, after ${seconds()} s`)
  return kills
}

/** A folder of downloads is swept by the first download of each process, and this one had its first. */
async function endLife(where: string, publication: number): Promise<void> {
  const next = publication + 1
  await run({ script, task: 'cycles', folder: where, from: next, to: next }, {})
  checkSwept(join(where, 'downloads'), tally)
  rmSync(where, { recursive: true })
}

async function killSpoolAfter(after: number): Promise<void> {
  const where = place()
  rmSync(join(where, 'downloads'), { recursive: true })
  await run({ script, task: 'spool', folder: where, from: 1, to: 1e6 }, { after })
  await checkSpool(where, tally)
  rmSync(where, { recursive: true })
}

/** All of them, and then the first error: nothing may run while the folder is removed. */
async function ended(roads: readonly Promise<number>[]): Promise<void> {
  for (const road of roads) road.catch(() => (failed = true))
  for (const result of await Promise.allSettled(roads)) {
    if (result.status === 'rejected') throw result.reason
  }
}

try {
  const all = await stages()
  const before = all.map((stage) => killAtEachCall(stage, 'before'))
  const torn = all.map((stage) => killAtEachCall(stage, 'torn'))
  const atRandom = Array.from({ length: lanes }, (_, lane) =>
    killAtRandom(randomKills / lanes, new Random(Number(values.seed) + lane)),
  )
  const atSystemCalls = killAtSystemCalls(all)
  await ended([...before, ...torn, ...atRandom, atSystemCalls])
  const figures = {
    'kills at random': sum(await Promise.all(atRandom)),
    'kills before a call': sum(await Promise.all(before)),
    'kills in the middle of a write': sum(await Promise.all(torn)),
    'kills at a system call': await atSystemCalls,
    'leftovers swept': tally.leftovers,
    checks: tally.checks,
  }
  await record(
    {
      proof: 'crash',
      about:
        'A process may be killed at any call: no file is torn, nothing is older than what was acknowledged, and the next cycle succeeds and sweeps.',
      command: 'npm run test:faults -- --long',
      seed: values.seed,
      seconds: seconds(),
      date: new Date().toISOString().slice(0, 10),
      figures,
      found: [],
    },
    { write: long && values.write },
  )
} finally {
  rmSync(folder, { recursive: true })
  rmSync(compiled, { recursive: true })
}
