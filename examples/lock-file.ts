/** Writes requirements with the hash of every verified file, and checks them as a CI job would. */
import { readFile, writeFile } from 'node:fs/promises'
import { Updater } from 'tuffet'
import { fileStore } from 'tuffet/node'
import { pagesLayout, PypiView, readLock } from 'tuffet/pypi'

const updater = new Updater({
  metadataUrl: 'https://tuf.example.com/metadata/',
  targetsUrl: 'https://tuf.example.com/targets/',
  root: await readFile('root.json'),
  store: fileStore('./tuf'),
})
const pypi = new PypiView(await updater.refresh(), pagesLayout())

// A pin without a text is a requirement that no verified file meets. `reason` says why.
const pins = await pypi.pin(['requests==2.32.3', "colorama==0.4.6 ; sys_platform == 'win32'"])
for (const { requirement, text, reason } of pins) {
  if (text === undefined) throw new Error(`${requirement}: ${reason}`)
}
await writeFile('requirements.txt', `${pins.map(({ text }) => text).join('\n')}\n`)

// Later, elsewhere: are these still the hashes that the repository has?
const lock = await readLock('requirements.txt', await readFile('requirements.txt'))
for await (const { entry, verdict, reason } of pypi.checkLock(lock.entries)) {
  console.log(entry.name, verdict)
  if (verdict !== 'match') throw new Error(`${entry.name}: ${reason}`)
}
