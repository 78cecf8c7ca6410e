/** `trusted_root.json` through an update cycle, from an in-memory repository. */
import { expect, test } from '@jest/globals'
import type { Fetcher } from '../../src/client/fetcher.js'
import { memoryStore } from '../../src/client/store.js'
import { sigstoreTrustedRoot, type SigstoreOptions } from '../../src/sigstore/index.js'
import { createRepository, defaultNow } from '../../src/testing/index.js'
import { TestSigstore } from '../support/sigstore/instance.js'

const urls = { metadataUrl: 'https://sigstore.test/', targetsUrl: 'https://sigstore.test/targets/' }

function serve(content: string): SigstoreOptions & { readonly fetcher: object } {
  const repo = createRepository()
  repo.addTarget('trusted_root.json', content)
  repo.publish()
  return {
    metadataUrl: urls.metadataUrl,
    root: repo.root(),
    fetcher: repo.fetcher(urls),
    now: () => defaultNow,
  }
}

const content = new TestSigstore().trustedRoot().toString()

test('an instance of your own needs its URL and its root', async () => {
  const { bytes } = await sigstoreTrustedRoot(serve(content))
  expect(new TextDecoder().decode(bytes)).toBe(content)
})

test('the store keeps the file for the modes cached and offline', async () => {
  const store = memoryStore()
  const options = { ...serve(content), store }
  await sigstoreTrustedRoot(options)
  const fetcher = { fetch: () => Promise.reject(new TypeError('no request may be made')) }
  for (const mode of ['cached', 'offline'] as const) {
    const { bytes } = await sigstoreTrustedRoot({ ...options, fetcher, mode })
    expect(new TextDecoder().decode(bytes)).toBe(content)
  }
})

test('options that are undefined leave the defaults', async () => {
  const { root: _, ...options } = serve(content)
  const asked = sigstoreTrustedRoot({ ...options, root: undefined, targetStore: undefined })
  // The root that comes with the package is of another repository.
  await expect(asked).rejects.toMatchObject({ code: 'ERR_TUF_THRESHOLD_NOT_MET' })
})

test('a file that is not a trusted root is refused', async () => {
  await expect(sigstoreTrustedRoot(serve('{}'))).rejects.toMatchObject({
    code: 'ERR_TUF_TRUSTED_ROOT_INVALID',
    path: 'mediaType',
  })
})

test('a repository without the target says so', async () => {
  const repo = createRepository()
  repo.publish()
  const options = { metadataUrl: urls.metadataUrl, root: repo.root(), now: () => defaultNow }
  await expect(
    sigstoreTrustedRoot({ ...options, fetcher: repo.fetcher(urls) }),
  ).rejects.toMatchObject({ code: 'ERR_TUF_TARGET_NOT_FOUND' })
})

test('the URL needs no slash at its end, and targets are below it', async () => {
  const repo = createRepository()
  repo.addTarget('trusted_root.json', content)
  repo.publish()
  const metadataUrl = 'https://sigstore.test/repository'
  const fetcher = repo.fetcher({
    metadataUrl: `${metadataUrl}/`,
    targetsUrl: `${metadataUrl}/targets/`,
  })
  const options = { metadataUrl, root: repo.root(), fetcher, now: () => defaultNow }
  expect(new TextDecoder().decode((await sigstoreTrustedRoot(options)).bytes)).toBe(content)
})

test('the signal ends the wait for a delegated role too', async () => {
  const repo = createRepository()
  repo.delegate('targets', { name: 'delegated', paths: ['trusted_root.json'] })
  repo.addTarget('trusted_root.json', content, { role: 'delegated' })
  repo.publish()
  const caller = new AbortController()
  const served = repo.fetcher(urls)
  const fetcher: Fetcher = {
    fetch: (request) => {
      if (!request.url.includes('delegated')) return served.fetch(request)
      setTimeout(() => caller.abort(new Error('enough')), 10)
      return new Promise(() => undefined)
    },
  }
  const { metadataUrl } = urls
  const { signal } = caller
  const options = { metadataUrl, root: repo.root(), fetcher, now: () => defaultNow, signal }
  const late = new Promise<string>((resolve) => setTimeout(resolve, 2_000, 'late'))
  await expect(Promise.race([sigstoreTrustedRoot(options), late])).rejects.toThrow('enough')
})
