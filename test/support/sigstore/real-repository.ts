/** Sigstore's real repository as files in a folder, over the Fetcher port. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { FetchNotFoundError } from '../../../src/errors.js'
import type { Fetcher } from '../../../src/client/fetcher.js'

/** When the repository was fresh. */
export const realTime: number = Date.parse('2026-08-22T00:00:00Z')

/** `folder` holds `sigstore-roots` and `sigstore-repository`. */
export function realFetcher(folder: string): Fetcher {
  const packed = (path: string): Buffer =>
    gunzipSync(readFileSync(`${folder}/sigstore-repository/${path}.gz`))
  const trustedRoot = packed('targets/trusted_root.json')
  const hash = createHash('sha256').update(trustedRoot).digest('hex')
  const served = new Map([
    ['timestamp.json', packed('metadata/timestamp.json')],
    ['165.snapshot.json', packed('metadata/snapshot.json')],
    ['14.targets.json', packed('metadata/targets.json')],
    [`targets/${hash}.trusted_root.json`, trustedRoot],
  ])
  return {
    fetch: ({ url }) => {
      const name = new URL(url).pathname.slice(1)
      const root = `${folder}/sigstore-roots/${name}`
      const isRoot = /^\d+\.root\.json$/.test(name) && existsSync(root)
      const bytes = isRoot ? readFileSync(root) : served.get(name)
      if (bytes === undefined) return Promise.reject(new FetchNotFoundError(url, 404))
      return Promise.resolve({ offset: 0, length: bytes.length, body: once(bytes) })
    },
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(bytes))
}
