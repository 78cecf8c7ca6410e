/** The cases in a page, which a bundler joined; its worker's program is beside the page's folder. */
import { withMlDsa } from 'tuffet/ml-dsa'
import { indexedDbStore, nobleCryptography } from 'tuffet/web'
import { WorkerUpdater } from 'tuffet/worker'
import { askingCryptography } from './asking.mjs'
import { runCases } from './cases.mjs'

await runCases(location.origin, {
  cryptographies: {
    noble: withMlDsa(nobleCryptography),
    'noble, which asks': withMlDsa(askingCryptography),
  },
  store: (name) => indexedDbStore(name),
  absent: { pins: 'the browser makes the connections' },
  thread: (options) => new WorkerUpdater(options),
})
