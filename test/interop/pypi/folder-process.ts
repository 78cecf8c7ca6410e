/**
 * Verifies a folder and reports the memory: `folder-process.ts JSON`, where JSON is a FolderTask.
 * To be run with `--expose-gc`: it counts memory that is still held.
 */
import { memoryUsage } from 'node:process'
import { Updater } from '../../../src/index.js'
import { fileStore } from '../../../src/node/index.js'
import { pagesAndFilesLayout, PypiView } from '../../../src/pypi/index.js'

/** The task of the process. */
export interface FolderTask {
  readonly metadataUrl: string
  readonly targetsUrl: string
  /** The first root, in base64. */
  readonly root: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly store: string
  readonly folder: string
  /** Bytes of bins that may stay in memory. Default: that of the library. */
  readonly keptMetadata?: number
}

/** Its output, in JSON. Bytes are those beyond the memory held before the first file. */
export interface FolderFigures {
  readonly verdicts: Readonly<Record<string, number>>
  /** The most that was held after a collection. */
  readonly peakHeap: number
  /** The most that was held outside of the heap, in buffers. */
  readonly peakBuffers: number
  readonly peakResident: number
}

const task: FolderTask = JSON.parse(process.argv[2] ?? '')
const { metadataUrl, targetsUrl, folder, store } = task
const updater = new Updater({
  metadataUrl,
  targetsUrl,
  root: Buffer.from(task.root, 'base64'),
  store: fileStore(store),
  now: () => task.now,
  ...(task.keptMetadata !== undefined && { limits: { keptMetadata: task.keptMetadata } }),
})
const view = new PypiView(await updater.refresh(), pagesAndFilesLayout())

function held(): { heap: number; buffers: number; resident: number } {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers, rss } = memoryUsage()
  return { heap: heapUsed, buffers: arrayBuffers, resident: rss }
}

const before = held()
let [peakHeap, peakBuffers, peakResident] = [0, 0, 0]
const verdicts: Record<string, number> = {}
let done = 0
for await (const { verdict } of view.verifyFolder(folder)) {
  verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
  done += 1
  if (done % 50 !== 0) continue
  const now = held()
  peakHeap = Math.max(peakHeap, now.heap - before.heap)
  peakBuffers = Math.max(peakBuffers, now.buffers - before.buffers)
  peakResident = Math.max(peakResident, now.resident - before.resident)
}
const figures: FolderFigures = { verdicts, peakHeap, peakBuffers, peakResident }
process.stdout.write(JSON.stringify(figures))
