/**
 * A process of its own for broken clients. Arguments: `SEED:TREE`, a history and the folder with the
 * client's sources. Prints one line of JSON for each: the fault that the history shows, or null.
 */
import { pathToFileURL } from 'node:url'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { historyOf } from './history.js'
import { play } from './world.js'

for (const argument of process.argv.slice(2)) {
  const [, seed = '', tree = ''] = /^(\d+):(.*)$/.exec(argument) ?? []
  const { PortedUpdater } = (await import(
    pathToFileURL(`${tree}/src/client/updater.js`).href
  )) as typeof import('../../../src/client/updater.js')
  const { fault = null } = await play(
    historyOf(Number(seed)),
    (options) => new PortedUpdater({ ...options, cryptography: nodeCryptography }),
  )
  process.stdout.write(`${JSON.stringify(fault)}\n`)
}
