/** From the root that comes with the package to the real `trusted_root.json`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { memoryStore } from '../../src/client/store.js'
import { sigstoreInstances, sigstoreTrustedRoot } from '../../src/sigstore/index.js'
import { firstRootBytes } from '../../src/sigstore/roots/first-root.js'
import { realFetcher, realTime } from '../support/sigstore/real-repository.js'
import { describeReal } from './folder.js'

describeReal('sigstore-repository', (path) => {
  const folder = join(path, '..')
  const at = { fetcher: realFetcher(folder), now: () => realTime }

  test('the embedded root is a root of the real history, byte for byte', () => {
    const { root } = sigstoreInstances['public-good']
    const real = readFileSync(`${folder}/sigstore-roots/${root.version}.root.json`)
    expect(Buffer.from(firstRootBytes(root)).equals(real)).toBe(true)
  })

  test('two statements lead to the real trusted root', async () => {
    const { leftOut, parts } = await sigstoreTrustedRoot(at)
    expect(leftOut).toEqual([])
    expect(parts.logs.map(({ origin }) => origin)).toEqual([
      'rekor.sigstore.dev',
      'log2025-1.rekor.sigstore.dev',
    ])
  })

  test('the first root of the history leads there too', async () => {
    const root = new Uint8Array(readFileSync(`${folder}/sigstore-roots/1.root.json`))
    const { bytes } = await sigstoreTrustedRoot({ ...at, root })
    expect(Buffer.from(bytes).equals(Buffer.from((await sigstoreTrustedRoot(at)).bytes))).toBe(true)
  })

  test('the fetched file is available offline', async () => {
    const store = memoryStore()
    const { bytes } = await sigstoreTrustedRoot({ ...at, store })
    const fetcher = { fetch: () => Promise.reject(new TypeError('no request may be made')) }
    for (const mode of ['offline', 'cached'] as const) {
      const again = await sigstoreTrustedRoot({ ...at, fetcher, store, mode })
      expect(again.bytes).toEqual(bytes)
    }
  })

  test('the staging root does not lead to the public-good repository', async () => {
    await expect(sigstoreTrustedRoot({ ...at, instance: 'staging' })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_TUF_/),
    })
  })

  test('a week later the repository is refused as expired', async () => {
    const now = (): number => realTime + 8 * 86_400_000
    await expect(sigstoreTrustedRoot({ ...at, now })).rejects.toMatchObject({
      code: 'ERR_TUF_EXPIRED',
    })
  })
})
