/**
 * The program of `browser-check.ts` for a page whose updater is in a worker. It is JavaScript: the
 * browser loads it as it is.
 */
import { isTufError } from 'tuffet'
import { indexedDbStore } from 'tuffet/web'
import { WorkerUpdater } from 'tuffet/worker'

/**
 * @typedef {object} Setup
 * @property {string} metadataUrl
 * @property {string} targetsUrl
 * @property {number[]} root
 * @property {number} now
 * @property {string} path
 */

/** @returns {Promise<unknown>} */
async function setup() {
  const response = await fetch('/setup')
  return response.json()
}

/** @returns {Promise<string>} */
async function run() {
  const { path, root, now, ...urls } = /** @type {Setup} */ (await setup())
  const updater = new WorkerUpdater({
    ...urls,
    root: Uint8Array.from(root),
    now: () => now,
    store: indexedDbStore('tuf-worker'),
  })
  try {
    const repository = await updater.refresh()
    const bytes = await repository.read(path)
    const { chain } = await repository.explain(path)
    const roles = chain.map(({ role, version }) => `${role} ${version}`)
    return `${roles.join(', ')}: ${new TextDecoder().decode(bytes)}`
  } finally {
    await updater.close()
  }
}

/** @type {string} */
let outcome
try {
  outcome = await run()
} catch (error) {
  outcome = isTufError(error) && error instanceof Error ? error.code : String(error)
}
await fetch('/outcome', { method: 'POST', body: outcome })
