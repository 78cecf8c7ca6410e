/**
 * The cases on Node, Deno and Bun: `start-program.mjs SITE FOLDER [CASE]`. It is JavaScript: each
 * runtime runs it as it is.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { withMlDsa } from 'tuffet/ml-dsa'
import { downloadFile, fileStore, nodeCryptography, nodeFetcher } from 'tuffet/node'
import { nobleCryptography } from 'tuffet/web'
import { WorkerUpdater } from 'tuffet/worker'
import { runCases, same, text } from './cases.mjs'

const [, , site = '', folder = '', only] = process.argv
const tables = { node: withMlDsa(nodeCryptography), noble: withMlDsa(nobleCryptography) }

/** @type {import('./cases.mjs').Parts} */
const parts = {
  cryptographies: tables,
  store: (name) => fileStore(join(folder, name)),
  absent: {},
  async save(repository, path) {
    const target = await repository.find(path)
    if (!target) throw new Error('the target is not found')
    const file = join(folder, 'saved')
    await downloadFile(repository, target, file, { reuse: false })
    return readFile(file)
  },
  thread: (options) => new WorkerUpdater(options),
  async pins({ url, proxy, certificate, pin }) {
    const other = Buffer.alloc(32).toString('base64')
    const ca = certificate
    for (const through of ['none', proxy]) {
      const options = { proxy: through, ca }
      same(await read(url, { ...options, pins: { localhost: [pin] } }), 'secret', 'the right key')
      const refused = read(url, { ...options, pins: { localhost: [other] } })
      same(await refused.catch(causeOf), 'pinned', 'another key')
    }
    const untrusted = read(url, { proxy: 'none', pins: { localhost: [pin] } })
    same(await untrusted.catch(() => 'refused'), 'refused', 'an unknown authority')
  },
}
await runCases(site, parts, only)

/**
 * @param {string} url
 * @param {import('tuffet/node').NodeFetcherOptions} options
 */
async function read(url, options) {
  const signal = AbortSignal.timeout(30_000)
  const { body } = await nodeFetcher(options).fetch({ url, kind: 'metadata', signal })
  let said = ''
  for await (const chunk of body) said += text(chunk)
  return said
}

/** @param {Error} error */
function causeOf({ cause }) {
  return /one of those that are pinned/.test(String(cause)) ? 'pinned' : String(cause)
}
