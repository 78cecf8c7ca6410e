/** tuf-js, as its documentation shows it. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Updater } from 'tuf-js'
import { readTask } from '../task.js'
import { measureSection } from '../usage.js'

const task = readTask()
const { store, then, download } = task
mkdirSync(store, { recursive: true })
if (!existsSync(join(store, 'root.json'))) copyFileSync(task.root, join(store, 'root.json'))
const updater = new Updater({
  metadataDir: store,
  metadataBaseUrl: task.metadataUrl.replace(/\/$/, ''),
  targetDir: store,
  targetBaseUrl: task.targetsUrl.replace(/\/$/, ''),
  config: { snapshotMaxLength: 8_000_000, targetsMaxLength: 32_000_000 },
})
await updater.refresh()
if ((await updater.getTargetInfo(task.find)) === undefined) throw new Error('not found')
if (then) {
  await measureSection(then.length, async () => {
    for (const path of then) await updater.getTargetInfo(path)
  })
}
if (download) {
  const { paths, folder } = download
  mkdirSync(folder)
  await measureSection(paths.length, async () => {
    for (const path of paths) {
      const target = await updater.getTargetInfo(path)
      if (target === undefined) throw new Error('not found')
      await updater.downloadTarget(target, join(folder, path.replaceAll('/', '_')))
    }
  })
}
