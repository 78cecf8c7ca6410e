/**
 * The program of `browser-check.ts` in the browser: one update cycle, one search, one file. It is
 * JavaScript: the browser loads it as it is.
 */
import { isTufError, Updater } from 'tuffet'
import { indexedDbStore } from 'tuffet/web'

/**
 * @typedef {object} Setup
 * @property {string} metadataUrl
 * @property {string} targetsUrl
 * @property {number[]} root
 * @property {number} now
 * @property {string} path
 * @property {'as it is' | 'missing' | 'wrong'} webCrypto
 */

/** @returns {Promise<unknown>} */
async function setup() {
  const response = await fetch('/setup')
  return response.json()
}

/** @returns {Promise<string>} */
async function run() {
  const { path, root, now, webCrypto, ...urls } = /** @type {Setup} */ (await setup())
  const digests = watchDigests(webCrypto)
  const updater = new Updater({
    ...urls,
    root: Uint8Array.from(root),
    now: () => now,
    store: indexedDbStore('tuf'),
  })
  const repository = await updater.refresh()
  const bytes = await repository.read(path)
  const { chain } = await repository.explain(path)
  const roles = chain.map(({ role, version }) => `${role} ${version}`)
  return `${roles.join(', ')}: ${new TextDecoder().decode(bytes)}, ${digests.length} digests by WebCrypto`
}

/**
 * The digests that the browser computes from now on; or none, or wrong ones.
 *
 * @param {Setup['webCrypto']} webCrypto
 */
function watchDigests(webCrypto) {
  /** @type {number[]} */
  const lengths = []
  const { subtle } = crypto
  /** @type {SubtleCrypto['digest']} */
  const digest = async (algorithm, data) => {
    lengths.push(data.byteLength)
    const right = await subtle.digest(algorithm, data)
    return webCrypto === 'wrong' ? new ArrayBuffer(right.byteLength) : right
  }
  const value = webCrypto === 'missing' ? undefined : { digest }
  Object.defineProperty(crypto, 'subtle', { value })
  return lengths
}

/** @type {string} */
let outcome
try {
  outcome = await run()
} catch (error) {
  outcome = !isTufError(error)
    ? String(error)
    : error.code === 'ERR_TUF_FETCH_FAILED'
      ? `${error.code} ${error.message}`
      : error.code
}
await fetch('/outcome', { method: 'POST', body: outcome })
