/** A program with the built package: one read in a thread, then `close`, or nothing. */
import { createRepository } from 'tuffet/testing'
import { WorkerUpdater } from 'tuffet/worker'

const urls = {
  metadataUrl: 'https://tuf.example.com/metadata/',
  targetsUrl: 'https://tuf.example.com/targets/',
}
const repo = createRepository()
repo.addTarget('a.whl', 'a wheel')
repo.publish()
const updater = new WorkerUpdater({
  ...urls,
  root: repo.root(),
  now: () => repo.now,
  fetcher: repo.fetcher(urls),
})
const view = await updater.refresh()
console.log(new TextDecoder().decode(await view.read('a.whl')))
const { hashes } = await view.verify('a.whl', new TextEncoder().encode('a wheel'))
try {
  const map = /** @type {Map<string, string>} */ (hashes)
  map.set('sha256', '')
} catch (error) {
  console.log(String(error))
}
if (process.argv[2] === 'close') await updater.close()
