/**
 * Asks the built package every vector, with the cryptography of the platform and with noble's, and
 * prints the verdicts as JSON: table → id → verdict. `scripts/nodes.ts` compares them. It is
 * JavaScript: each Node runs it as it is.
 */
import { Updater } from 'tuffet'
import { nodeCryptography } from 'tuffet/node'
import { runVectors, tuffetClient } from 'tuffet/vectors'
import { loadVectorFolder } from 'tuffet/vectors/node'
import { nobleCryptography } from 'tuffet/web'

const files = await loadVectorFolder(new URL('../spec-vectors/', import.meta.url))
/** @type {Record<string, Record<string, string>>} */
const verdicts = {}
for (const [table, cryptography] of Object.entries({
  native: nodeCryptography,
  noble: nobleCryptography,
})) {
  const client = tuffetClient({ createUpdater: (options) => new Updater(options), cryptography })
  /** @type {Record<string, string>} */
  const said = {}
  await runVectors(files, client, {
    onResult(result) {
      if (result.outcome === 'passed') said[result.id] = 'as expected'
      else if (result.outcome === 'failed') said[result.failure.id] = result.failure.message
      else said[result.skip.id] = `not asked: ${result.skip.reason}`
    },
  })
  verdicts[table] = said
}
process.stdout.write(JSON.stringify(verdicts))
