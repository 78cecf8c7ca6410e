import { expect, test } from '@jest/globals'
import { PortedUpdater } from '../../src/client/updater.js'
import { FetchNotFoundError } from '../../src/errors.js'
import { memoryStore, type FetchResponse, type Store } from '../../src/index.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import type { TestRepository } from '../../src/testing/index.js'
import { published } from '../support/held-cycle.js'

/** A whole number below `end`, the same in each run of one seed. */
type Pick = (end: number) => number

/** An xorshift: good enough to mix orders. */
function picker(seed: number): Pick {
  let state = (seed + 1) * 2_654_435_761
  return (end) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % end
  }
}

async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function versionIn(bytes: Uint8Array | undefined): number {
  return bytes ? JSON.parse(new TextDecoder().decode(bytes)).signed.version : 0
}

/** A store that takes its time, and notes each floor that goes back. */
function watched(inner: Store, pick: Pick, losses: string[]): Store {
  return {
    async get(name) {
      await pause(pick(2))
      return inner.get(name)
    },
    async set(name, bytes) {
      await pause(pick(2))
      if (['timestamp.json', 'snapshot.json', 'root.json'].includes(name)) {
        const [before, now] = [versionIn(await inner.get(name)), versionIn(bytes)]
        if (now < before) losses.push(`${name}: ${before} to ${now}`)
      }
      await inner.set(name, bytes)
    },
    async delete(name) {
      await pause(pick(2))
      await inner.delete(name)
    },
  }
}

/** Cycles in any mode, from any root, over one store, while the repository goes on. */
async function mixed(seed: number): Promise<void> {
  const pick = picker(seed)
  const repo = published()
  const losses: string[] = []
  const store = watched(memoryStore(), pick, losses)
  const cycles: Promise<unknown>[] = []
  for (let step = 0; step < 8; step++) {
    for (let started = pick(4); started > 0; started--) {
      const root = repo.root(1 + pick(repo.version('root')))
      const mode = (['online', 'cached', 'offline'] as const)[pick(3)]
      const refreshed = updater(repo, store, root, pick).refresh({ mode })
      cycles.push(refreshed.catch(() => undefined))
    }
    await pause(pick(60))
    if (pick(3) === 0) repo.rotate(['timestamp', 'snapshot', 'targets', 'root'][pick(4)] ?? 'root')
    repo.publish('targets')
  }
  await Promise.all(cycles)
  const view = await updater(repo, store, repo.root(1)).refresh()
  expect({ seed, losses }).toEqual({ seed, losses: [] })
  expect(view.timestamp.version).toBe(repo.version('timestamp'))
  expect(await store.get('timestamp.json')).toEqual(repo.file('timestamp.json'))
  expect(versionIn(await store.get('root.json'))).toBe(repo.version('root'))
}

/** With `pick`, its mirror holds answers back, and denies some new roots. */
function updater(repo: TestRepository, store: Store, root: Uint8Array, pick?: Pick): PortedUpdater {
  const inner = repo.fetcher()
  return new PortedUpdater({
    metadataUrl: inner.metadataUrl,
    root,
    store,
    cryptography: nodeCryptography,
    now: () => repo.now,
    limits: { minimumRate: 0, metadataDeadline: 600_000 },
    fetcher: {
      async fetch(request): Promise<FetchResponse> {
        const answer = inner.fetch(request)
        await answer.catch(() => undefined)
        if (pick) await pause(pick(60))
        const denied = pick?.(4) === 0 && request.url.endsWith('.root.json')
        if (denied) throw new FetchNotFoundError(request.url, 404)
        return answer
      },
    },
  })
}

test('whatever the order of cycles over one store, no floor goes back, and the next cycle is right', async () => {
  for (let seed = 0; seed < 20; seed++) await mixed(seed)
})
