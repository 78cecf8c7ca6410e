/**
 * A process of its own for broken clients: each is a tree of files, loaded one after the other.
 * Argument: a JSON file with the tasks. Prints one line of JSON for each.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { loadVectorFolder } from '../../src/vectors/node/load-folder.js'
import type { Play, Played } from './mutant-build.js'

const [plan = ''] = process.argv.slice(2)
const { vectors, trees }: Play = JSON.parse(readFileSync(plan, 'utf8'))
const files = await loadVectorFolder(vectors)
for (const { folder, step, tags = [], profiles } of trees) {
  const module: typeof import('./mutant-client.js') = await import(
    pathToFileURL(`${folder}/test/support/mutant-client.js`).href
  )
  const failure = await module.firstFailure(files, step, profiles)
  const played: Played = {
    folder,
    caughtBy: failure ? `${failure.family} ${failure.id}: ${failure.message}` : null,
    failedTags: await module.failuresOfTags(files, tags),
  }
  process.stdout.write(`${JSON.stringify(played)}\n`)
}
