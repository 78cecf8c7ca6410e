/**
 * A program as small as an application's, for runs with few permissions or under a proxy:
 * `start-least.mjs SETUP memory|files|thread|direct FOLDER`. It prints `accepted`, or the error's message.
 */
import { join } from 'node:path'
import process from 'node:process'
import { memoryStore, Updater } from 'tuffet'
import { downloadFile, fileStore, nodeFetcher } from 'tuffet/node'
import { WorkerUpdater } from 'tuffet/worker'

const [, , given = '', kind, folder = ''] = process.argv
/** @type {unknown} */
const told = JSON.parse(given)
const { place, now, path } =
  /** @type {{ place: import('./cases.mjs').Place, now: number, path: string }} */ (told)
const { root, ...urls } = place
try {
  const options = {
    ...urls,
    root: Uint8Array.from(root),
    now: () => now,
    store: kind === 'files' ? fileStore(join(folder, 'tuf')) : memoryStore(),
    ...(kind === 'direct' && { fetcher: nodeFetcher({ proxy: 'none' }) }),
  }
  if (kind === 'thread') {
    const updater = new WorkerUpdater(options)
    const repository = await updater.refresh()
    await repository.read(path)
    await updater.close()
  } else {
    const repository = await new Updater(options).refresh()
    const target = await repository.find(path)
    if (!target) throw new Error('the target is not found')
    if (kind === 'files') await downloadFile(repository, target, join(folder, 'a.whl'))
    else await repository.read(path)
  }
  console.log('accepted')
} catch (error) {
  if (!(error instanceof Error)) throw error
  console.log(error.message)
}
