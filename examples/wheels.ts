/** Says of each wheel in a folder whether it is the repository's: the second program of the README. */
import { Updater } from 'tuffet'
import { pagesLayout, PypiView } from 'tuffet/pypi'
import { readFile } from 'node:fs/promises'

const updater = new Updater({
  metadataUrl: 'https://tuf.example.com/metadata/',
  targetsUrl: 'https://tuf.example.com/targets/',
  root: await readFile('root.json'),
})
const pypi = new PypiView(await updater.refresh(), pagesLayout()) // the layout says which files are targets
for await (const { filename, verdict } of pypi.verifyFolder('wheels'))
  console.log(filename, verdict)
