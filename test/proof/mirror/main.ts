/**
 * `npm run test:mirror`: `tuffet mirror` is killed at random times while it writes a large mirror, and before each
 * call that changes the disk while it writes a small one: first, after a change of files, with a new root, with new
 * keys. After each kill a client verifies everything that the served timestamp leads to. `-- --long --write`, `-- --seed N`.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isTufError } from '../../../src/errors.js'
import { openProof } from '../open-proof.js'
import type { Random } from '../random.js'
import { readAll, type Served } from './reader.js'
import { openWorld, runMirror, type Change, type Death, type Run, type World } from './world.js'

const proof = openProof('mirror')
const { folder, long, seconds } = proof
const sizes = long
  ? { files: 10_000, bins: 64, kills: 50, everyCall: 1 }
  : { files: 500, bins: 16, kills: 6, everyCall: 11 }
const script = proof.compile(new URL('child.ts', import.meta.url))
const main = new URL('../../../dist/cli/main.js', import.meta.url).href
const tally = { verified: 0, unfinished: 0, leftovers: 0 }
const worlds: World[] = []
let places = 0

async function worldOf(files: number, bins: number): Promise<World> {
  const world = await openWorld(files, bins)
  worlds.push(world)
  return world
}

function runIn(world: World, from?: string): Run {
  const place = join(folder, String(places++))
  mkdirSync(place)
  if (from !== undefined) cpSync(from, place, { recursive: true })
  return { script, main, place, world }
}

/** Everything that is served, verified; never older than before. */
async function look({ place, world }: Run, least: number): Promise<Served | undefined> {
  const served = await readAll(join(place, 'out'), world.repo.root(1))
  tally.verified += served?.files ?? 0
  if ((served?.timestamp ?? 0) < least)
    throw new Error(`it serves an older timestamp than ${least}`)
  return served
}

/**
 * New keys are in two files, a root and the timestamp: no order of renames fits both. What a process leaves that
 * died between the two is finished by the next one, from its store.
 */
async function lookOrFinish(run: Run, least: number): Promise<Served | undefined> {
  try {
    return await look(run, least)
  } catch (error) {
    if (!isTufError(error) || error.code !== 'ERR_TUF_THRESHOLD_NOT_MET') throw error
    tally.unfinished += 1
    await runMirror({ ...run, away: true })
    return await look(run, least)
  }
}

function temporaries(place: string): string[] {
  const out = join(place, 'out')
  if (!existsSync(out)) return []
  return readdirSync(out, { recursive: true })
    .map(String)
    .filter((name) => /\.\+[^/]*$/.test(name))
}

/** After a kill: servable; after the next run: the newest, and nothing left over. */
async function afterKill(run: Run, least: number, change: Change | 'first'): Promise<void> {
  const served = change === 'keys' ? await lookOrFinish(run, least) : await look(run, least)
  tally.leftovers += temporaries(run.place).length
  await runMirror(run)
  const newest = await look(run, served?.timestamp ?? 0)
  const version = run.world.repo.version('timestamp')
  if (newest?.timestamp !== version)
    throw new Error(`it serves ${newest?.timestamp}, not ${version}`)
  const left = temporaries(run.place)
  if (left.length > 0) throw new Error(`the next run leaves ${left.join(', ')}`)
}

async function killAtEachCall(change: Change | 'first'): Promise<number> {
  const world = await worldOf(6, 2)
  const prepared = runIn(world)
  let least = 0
  if (change !== 'first') {
    await runMirror(prepared)
    least = world.repo.version('timestamp')
    world.publish(change)
  }
  let kills = 0
  for (let call = 1; ; call += sizes.everyCall) {
    const run = runIn(world, prepared.place)
    const death: Death = { call }
    try {
      if ((await runMirror(run, death)) !== 'killed') break
      await afterKill(run, least, change)
    } catch (error) {
      throw new Error(`${change}, call ${call}: ${String(error)}`, { cause: error })
    }
    rmSync(run.place, { recursive: true })
    kills += 1
  }
  console.log(`${change}: killed before each of ${kills} calls, after ${seconds()} s`)
  return kills
}

const changes: readonly Change[] = ['files', 'root', 'files', 'keys']

/** One mirror lives through all deaths; whenever a run ends by itself, the repository publishes. */
async function killAtRandom(random: Random): Promise<{ kills: number; fetched: number }> {
  const world = await worldOf(sizes.files, sizes.bins)
  const run = runIn(world)
  let [kills, runs, least] = [0, 0, 0]
  let longest = 4_000
  while (kills < sizes.kills) {
    const from = performance.now()
    // Half of the deaths are for the first snapshot, the others for those that change it.
    const isFirst = runs === 0 && kills * 2 < sizes.kills
    const after = 100 + random.below(longest)
    const ended = await runMirror(run, isFirst || runs > 0 ? { after } : {})
    const served = await lookOrFinish(run, least)
    least = served?.timestamp ?? least
    if (ended === 'killed') {
      kills += 1
      tally.leftovers += temporaries(run.place).length
      continue
    }
    longest = Math.round(performance.now() - from)
    world.publish(changes[runs++ % changes.length] ?? 'files')
  }
  await runMirror(run)
  await look(run, least)
  const left = temporaries(run.place)
  if (left.length > 0) throw new Error(`the last run leaves ${left.join(', ')}`)
  const targets = world.served.requests.filter(({ url }) => url.startsWith('/targets/'))
  const twice = targets.length - new Set(targets.map(({ url }) => url)).size
  console.log(`killed ${kills} times at random, in ${runs} publications, after ${seconds()} s`)
  return { kills, fetched: twice }
}

try {
  const atRandom = await killAtRandom(proof.random)
  const stages = (['first', 'files', 'root', 'keys'] as const).map(killAtEachCall)
  // All of them, before the folder is removed.
  const ended = await Promise.allSettled(stages)
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  const calls = (await Promise.all(stages)).reduce((sum, kills) => sum + kills, 0)
  await proof.record({
    about:
      'A mirror may be killed at any call: a client verifies all that the served timestamp leads to, and the next run goes on. Only between the last two renames of new keys it is refused, until the next run finishes them without a request.',
    figures: {
      files: sizes.files,
      'kills at random': atRandom.kills,
      'kills before a call': calls,
      'files verified after them': tally.verified,
      'finished from the store': tally.unfinished,
      'fetched twice': atRandom.fetched,
      'leftovers swept': tally.leftovers,
    },
    found: [],
  })
} finally {
  for (const { served } of worlds) await served.close()
  proof.close()
}
