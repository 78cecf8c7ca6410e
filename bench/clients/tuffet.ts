/** This client, as its users write it. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Updater, type Repository } from 'tuffet'
import { downloadFile, fileStore } from 'tuffet/node'
import { readTask } from '../task.js'
import { measureSection } from '../usage.js'

const task = readTask()
const { metadataUrl, targetsUrl, then, download } = task
const root = readFileSync(task.root)
const updater = new Updater({ metadataUrl, targetsUrl, root, store: fileStore(task.store) })
const repository = await updater.refresh()
if (task.find !== '' && (await repository.find(task.find)) === undefined)
  throw new Error(`not found: ${task.find}`)
if (then) {
  await measureSection(then.length, () =>
    each(then, task.parallel ?? 1, (path) => repository.find(path)),
  )
}
if (download) {
  const { paths, folder } = download
  mkdirSync(folder)
  await measureSection(paths.length, () =>
    each(paths, task.parallel ?? 1, (path) => fetchFile(repository, path, folder)),
  )
}

async function fetchFile(from: Repository, path: string, folder: string): Promise<void> {
  const target = await from.find(path)
  if (target === undefined) throw new Error(`not found: ${path}`)
  await downloadFile(from, target, join(folder, path.replaceAll('/', '_')))
}

async function each(
  paths: readonly string[],
  parallel: number,
  work: (path: string) => Promise<unknown>,
): Promise<void> {
  const left = paths.values()
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (const path of left) await work(path)
    }),
  )
}
