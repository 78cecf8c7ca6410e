/** A program with the built package and a file store, in the folder that it is given. */
import { join } from 'node:path'
import process from 'node:process'
import { Updater } from 'tuffet'
import { downloadFile, fileStore } from 'tuffet/node'
import { createRepository } from 'tuffet/testing'

const [, , folder = '', mode] = process.argv
const urls = {
  metadataUrl: 'https://tuf.example.com/metadata/',
  targetsUrl: 'https://tuf.example.com/targets/',
}
const repo = createRepository()
repo.addTarget('a.whl', 'a wheel')
repo.publish()
const updater = new Updater({
  ...urls,
  root: repo.root(),
  now: () => repo.now,
  fetcher: repo.fetcher(urls),
  store: fileStore(folder, mode === undefined ? {} : { folderMode: Number(mode) }),
})
try {
  const view = await updater.refresh()
  const target = await view.find('a.whl')
  if (target) await downloadFile(view, target, join(folder, 'a.whl'))
} catch (error) {
  if (!(error instanceof Error)) throw error
  console.log(error.message)
}
