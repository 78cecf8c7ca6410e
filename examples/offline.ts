/** Updates once, then answers from what is stored: no request, every check, and the chain of trust. */
import { readFile } from 'node:fs/promises'
import { Updater } from 'tuffet'
import { fileStore } from 'tuffet/node'

const requests: string[] = []
const updater = new Updater({
  metadataUrl: 'https://tuf.example.com/metadata/',
  targetsUrl: 'https://tuf.example.com/targets/',
  root: await readFile('root.json'),
  store: fileStore('./tuf'),
  onEvent: (event) => event.type === 'request' && requests.push(event.url),
})

await updater.refresh()
console.log(`online: ${requests.length} requests`)

// An aeroplane, a build without a network, a repository that is down.
requests.length = 0
const stored = await updater.refresh({ mode: 'offline' })
const { target, chain } = await stored.explain('pkgs/a.whl')
console.log(`offline: ${requests.length} requests`)

for (const { role, version, signed, threshold, expires } of chain) {
  const day = new Date(expires).toISOString().slice(0, 10)
  console.log(`${role} ${version}: ${signed} keys signed, ${threshold} needed, until ${day}`)
}
console.log(target ? `${target.path}: ${target.length} bytes` : 'not listed')
