/**
 * A process that does one thing for as long as it is told, and then prints a line of JSON: how often
 * it did it, and its samples. Arguments: the thing, seconds, the root's file, and two URLs.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Updater } from 'tuffet'
import { pagesLayout, startProxy } from 'tuffet/pypi'
import { sample, type Sample } from './sample.js'

const [thing, secondsText = '', rootFile = '', metadataUrl = '', targetsUrl = ''] =
  process.argv.slice(2)
const seconds = Number(secondsText)
/** Each call gets this signal; it must not collect their listeners. */
const { signal } = new AbortController()

const updater = new Updater({
  metadataUrl,
  targetsUrl,
  root: readFileSync(rootFile),
  hashPrefix: true,
  // Smaller than the bins together: roles are forgotten and loaded again.
  limits: { keptMetadata: 100_000 },
})

/** Starts, and returns one turn of the work. */
const things: Readonly<Record<string, () => Promise<(turn: number) => Promise<unknown>>>> = {
  async refresh() {
    await updater.refresh({ signal })
    return async (turn) => {
      const view = await updater.refresh({ signal })
      await view.find(`pkgs/file-${turn % 1_000}`, { signal })
      await sleep(20)
    }
  },
  async finds() {
    const view = await updater.refresh({ signal })
    return async (turn) => {
      await view.find(`pkgs/file-${(turn * 7_919) % 1_000}`, { signal })
      if (turn % 20 === 0) await sleep(200)
    }
  },
  async proxy() {
    const proxy = await startProxy({ updater, layout: pagesLayout(), interval: 1_000, signal })
    console.log(proxy.indexUrl)
    return () => sleep(20)
  },
}

const start = things[thing ?? '']
if (!start) throw new RangeError(`${thing} is not one of ${Object.keys(things).join(', ')}`)
const turn = await start()
const samples: Sample[] = []
const wanted = 12
const ends = performance.now() + seconds * 1_000
let turns = 0
for (let next = 0; next < wanted;) {
  const due = ends - ((wanted - 1 - next) / wanted) * seconds * 1_000
  while (performance.now() < due) await turn(turns++)
  samples.push(sample(signal))
  next++
}
// The proxy and its timers go on by themselves.
process.stdout.write(`${JSON.stringify({ turns, samples })}\n`, () => process.exit())
