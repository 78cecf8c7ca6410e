/** A process that lives long: refreshes without news, searches in a known bin, blocks of its event loop. */
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Updater } from 'tuffet'
import { fileStore } from 'tuffet/node'
import { longFigures } from '../long-figures.js'
import { median } from '../statistics.js'
import { readTask } from '../task.js'
import { reportFigure } from '../usage.js'

const task = readTask()
const { metadataUrl, targetsUrl } = task
const root = readFileSync(task.root)
const updater = new Updater({ metadataUrl, targetsUrl, root, store: fileStore(task.store) })

reportFigure(longFigures.coldBlock, await longestBlock(refreshAndFind))
// The compiler of the runtime is still at work in the first hundred.
for (let i = 0; i < 100; i++) await refreshAndFind()
reportFigure(longFigures.idle, await cpuOf(() => updater.refresh()))
const agent = new Agent({ keepAlive: true })
reportFigure(longFigures.requests, await cpuOf(twoRequests))
agent.destroy()
reportFigure(longFigures.known, await cpuOf(refreshAndFind))
const warm: number[] = []
for (let i = 0; i < 5; i++) warm.push(await longestBlock(refreshAndFind))
reportFigure(longFigures.warmBlock, median(warm))

async function refreshAndFind(): Promise<void> {
  const repository = await updater.refresh()
  if ((await repository.find(task.find)) === undefined) throw new Error(`not found: ${task.find}`)
}

/** The two of a refresh without news: the next root, which is not there, and the timestamp. */
async function twoRequests(): Promise<void> {
  for (const name of ['1000.root.json', 'timestamp.json']) {
    await new Promise<void>((resolve, reject) => {
      const request = get(`${metadataUrl}${name}`, { agent }, (answer) => {
        answer.resume().once('end', resolve)
      })
      request.once('error', reject)
    })
  }
}

/** Milliseconds a call, the median of fifteen times twenty calls. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const each: number[] = []
  for (let batch = 0; batch < 15; batch++) {
    const before = process.cpuUsage()
    for (let i = 0; i < 20; i++) await work()
    const { user, system } = process.cpuUsage(before)
    each.push((user + system) / 20_000)
  }
  return median(each)
}

/** Milliseconds beyond the millisecond between two looks. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await new Promise((resolve) => setTimeout(resolve, 20))
  delay.reset()
  await work()
  await new Promise((resolve) => setTimeout(resolve, 5))
  delay.disable()
  return Math.max(0, delay.max / 1e6 - 1)
}
