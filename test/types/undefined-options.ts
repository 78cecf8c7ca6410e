/** An option that is undefined is one that was not given, under `exactOptionalPropertyTypes` too. */
import {
  fetchFetcher,
  retrying,
  Updater,
  type AskOptions,
  type Repository,
} from '../../src/index.js'
import { pagesLayout, PypiView, startProxy } from '../../src/pypi/index.js'
import { fileStore, nodeFetcher } from '../../src/node/index.js'
import { createRepository } from '../../src/testing/index.js'

export function everyOptionMayBeUndefined(signal: AbortSignal | undefined): unknown[] {
  const ask: AskOptions = { signal }
  return [
    ask,
    new Updater({
      metadataUrl: 'https://example.test/metadata/',
      targetsUrl: undefined,
      root: undefined,
      store: undefined,
      fetcher: undefined,
      retries: undefined,
      limits: { rootLength: undefined },
      hashPrefix: undefined,
      now: undefined,
      clockTolerance: undefined,
      onEvent: undefined,
    }),
    fetchFetcher({ fetch: undefined, headers: undefined, maxRedirects: undefined }),
    retrying(fetchFetcher(), { retries: undefined, delay: undefined, wait: undefined }),
    nodeFetcher({ proxy: undefined, pins: undefined, userAgent: undefined }),
    fileStore('folder', { onReadOnly: undefined }),
    createRepository({ seed: undefined, lifetimes: { root: undefined } }),
    pagesLayout({ page: undefined, form: undefined }),
    startProxy,
  ]
}

export async function soMayThoseOfAQuestion(
  repository: Repository,
  view: PypiView,
  signal: AbortSignal | undefined,
): Promise<void> {
  await repository.find('a', { signal })
  await repository.read('a', { signal, url: undefined, hashPrefix: undefined })
  await view.download('a', '1.0', { signal, filename: undefined, folder: undefined })
  new PypiView(repository, view.layout, { maxPageLength: undefined, cryptography: undefined })
}
