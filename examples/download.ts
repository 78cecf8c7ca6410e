/** Refreshes, downloads a target, and verifies bytes from elsewhere: the program of the README. */
import { Updater } from 'tuffet'
import { downloadFile, fileStore } from 'tuffet/node'
import { readFile } from 'node:fs/promises'

const updater = new Updater({
  metadataUrl: 'https://tuf.example.com/metadata/',
  targetsUrl: 'https://tuf.example.com/targets/',
  root: await readFile('root.json'), // shipped with your program, see below
  store: fileStore('./tuf'),
})
const repository = await updater.refresh() // one update cycle, at one fixed time
const target = await repository.find('pkgs/a.whl') // TargetFile, or undefined
if (target) await downloadFile(repository, target, './a.whl')
await repository.verify('pkgs/b.whl', await readFile('b.whl')) // bytes from anywhere: or throws
