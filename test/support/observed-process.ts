/**
 * Runs a cycle in a process of its own, with the observers that its argument names, and prints
 * `done` when the view is there. `throw`: the listener throws; `reject`: its promise does;
 * `subscriber`: a subscriber throws. `worker`: the work is done in a thread.
 */
import { subscribe } from 'node:diagnostics_channel'
import { Updater } from '../../src/index.js'
import { createRepository } from '../../src/testing/index.js'
import { WorkerUpdater } from '../../src/worker/index.js'
import { packagedWorker } from './worker-updater.js'

const words = process.argv.slice(2)
const repo = createRepository()
repo.delegate('targets', { name: 'team\u001b[2J', paths: ['a*'] })
repo.addTarget('a.txt', 'hello', { role: 'team\u001b[2J' })
repo.publish()
const { metadataUrl, targetsUrl } = repo.fetcher()
const options = {
  metadataUrl,
  targetsUrl,
  root: repo.root(),
  fetcher: repo.fetcher(),
  now: () => repo.now,
  ...(words.includes('throw') && {
    onEvent: () => {
      throw new Error('a listener failed')
    },
  }),
  ...(words.includes('reject') && {
    onEvent: () => Promise.reject(new Error('a listener failed')),
  }),
}
if (words.includes('subscriber')) {
  process.on('uncaughtException', ({ message }) => console.log(`uncaught: ${message}`))
  subscribe('tuffet:absent', () => {
    throw new Error('a subscriber failed')
  })
}
const updater = words.includes('worker')
  ? new WorkerUpdater({ ...options, worker: packagedWorker() })
  : new Updater(options)
const view = await updater.refresh()
const target = await view.find('a.txt')
// Warnings come in a later turn.
await new Promise((resolve) => setImmediate(resolve))
console.log(`done, ${target?.length} bytes`)
if (updater instanceof WorkerUpdater) await updater.close()
