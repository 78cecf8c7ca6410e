/** A client that is held at one request: the mirror holds the answer back. */
import { PortedUpdater } from '../../src/client/updater.js'
import type { FetchResponse, Store, UpdaterEvent } from '../../src/index.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { type MemoryFetcher } from '../../src/testing/index.js'
import type { TestRepository } from '../../src/testing/index.js'
import { publishedWith } from './published.js'

/** The same files in every process: one publication. */
export function published(): TestRepository {
  return publishedWith({ 'a.txt': 'a' }, { seed: 'floors' })
}

/** A fetcher that asks for `name` at once and answers when `until` is over, as it was then. */
export function heldFetcher(
  repo: TestRepository,
  name: string,
  onHeld: () => void,
  until: Promise<void>,
): MemoryFetcher {
  const inner = repo.fetcher()
  return {
    ...inner,
    async fetch(request): Promise<FetchResponse> {
      const answer = Promise.resolve().then(() => inner.fetch(request))
      if (!request.url.endsWith(`/${name}`)) return answer
      await answer.catch(() => undefined)
      onHeld()
      await until
      return answer
    },
  }
}

/** An updater of `repo` over a store. */
export function updaterOf(
  repo: TestRepository,
  store: Store,
  fetcher: MemoryFetcher = repo.fetcher(),
  onEvent?: (event: UpdaterEvent) => void,
): PortedUpdater {
  return new PortedUpdater({
    cryptography: nodeCryptography,
    // A busy machine may hold a request for long.
    limits: { minimumRate: 0, metadataDeadline: 600_000 },
    metadataUrl: fetcher.metadataUrl,
    targetsUrl: fetcher.targetsUrl,
    root: repo.root(1),
    now: () => repo.now,
    store,
    fetcher,
    ...(onEvent && { onEvent }),
  })
}
