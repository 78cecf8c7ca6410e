/** A process of its own that refreshes over a folder and is held at a request: `FOLDER NAME`. */
import { once } from 'node:events'
import { fileStore } from '../../src/node/file-store.js'
import { heldFetcher, published, updaterOf } from './held-cycle.js'

const [folder = '', name = ''] = process.argv.slice(2)
const repo = published()
const store = fileStore(folder)
await updaterOf(repo, store).refresh()
repo.publish('targets')
const goOn = once(process.stdin, 'data').then(() => undefined)
const fetcher = heldFetcher(repo, name, () => process.stdout.write('held\n'), goOn)
try {
  const view = await updaterOf(repo, store, fetcher).refresh()
  process.stdout.write(`timestamp ${view.timestamp.version}\n`)
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.name : 'not an error'}\n`)
}
process.exit()
