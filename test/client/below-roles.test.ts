/** A role that two delegators name, from a place below, and how often it is asked for. */
import { expect, test } from '@jest/globals'
import type { Fetcher } from '../../src/client/fetcher.js'
import { FetchNotFoundError } from '../../src/errors.js'
import type { Repository } from '../../src/index.js'
import { createRepository, ed25519Signer, type TestRepository } from '../../src/testing/index.js'
import { clientOf, gate, notedStore, type Gate, type TestClient } from '../support/client.js'
import { settle } from '../support/manual-clock.js'

const [forA, forB] = [ed25519Signer('for a'), ed25519Signer('for b')]
const file = '1.shared.json'

/** Roles a and b, which both delegate to one role, each with a key of its own. */
function diamond(): TestRepository {
  const repo = createRepository()
  for (const [name, signer] of [
    ['a', forA],
    ['b', forB],
  ] as const) {
    repo.delegate('targets', { name, paths: [`${name}/*`] })
    repo.delegate(name, { name: 'shared', paths: [`${name}/1`], signers: [signer] })
    repo.addTarget(`${name}/1`, name, { role: 'shared' })
  }
  repo.publish()
  return repo
}

/** A client of `repo` that keeps no copy of the role, and has both delegators in memory. */
async function viewOf(
  repo: TestRepository,
  below: Fetcher,
): Promise<TestClient & { readonly view: Repository }> {
  const store = notedStore()
  const client = clientOf(repo, {
    below,
    store: {
      ...store,
      set: (name, bytes) => (name === 'shared.json' ? Promise.resolve() : store.set(name, bytes)),
    },
  })
  const view = await client.updater.refresh()
  for (const path of ['a/x', 'b/x']) await view.find(path)
  client.requested()
  client.events.length = 0
  return { ...client, view }
}

/** Serves that role alone as `served` has it, when the gate opens. */
function belowOf(served: TestRepository, held: Gate): Fetcher & { asked: number } {
  const fetcher = served.fetcher()
  const below = {
    asked: 0,
    async fetch(request: Parameters<Fetcher['fetch']>[0]) {
      if (!request.url.endsWith(`/${file}`)) throw new FetchNotFoundError(request.url)
      below.asked++
      await held.opened
      return fetcher.fetch(request)
    },
  }
  return below
}

async function foundAtOnce(view: Repository, held: Gate): Promise<(string | undefined)[]> {
  const both = Promise.all(['a/1', 'b/1'].map((path) => view.find(path)))
  await settle()
  held.open()
  return (await both).map((target) => target?.path)
}

function notUsed({ events }: TestClient): unknown[] {
  return events.flatMap((event) => (event.type === 'below-not-used' ? [event.error.code] : []))
}

test('it is asked for once when both need it at the same time', async () => {
  const repo = diamond()
  const held = gate()
  const below = belowOf(repo, held)
  const client = await viewOf(repo, below)
  expect(await foundAtOnce(client.view, held)).toEqual(['a/1', 'b/1'])
  expect([below.asked, client.requested(), notUsed(client)]).toEqual([1, [], []])
})

test('it is asked of the repository for the one that does not believe it', async () => {
  const repo = diamond()
  const fork = repo.fork()
  fork.editInPlace('shared', { signers: [forA] })
  const held = gate()
  const client = await viewOf(repo, belowOf(fork, held))
  expect(await foundAtOnce(client.view, held)).toEqual(['a/1', 'b/1'])
  expect(client.requested()).toEqual([file])
  expect(notUsed(client)).toEqual(['ERR_TUF_THRESHOLD_NOT_MET'])
})

test('the place below is not to blame for a role that the repository served', async () => {
  const repo = diamond()
  const below: Fetcher = {
    fetch: (request) => Promise.reject(new FetchNotFoundError(request.url)),
  }
  const client = await viewOf(repo, below)
  repo.editInPlace('shared', { signers: [forB] })
  const refused = { code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'shared', delegator: 'a' }
  await expect(client.view.find('a/1')).rejects.toMatchObject(refused)
  expect([client.requested(), notUsed(client)]).toEqual([[file], []])
})

test('a role that is gone names the role that listed it', async () => {
  const repo = diamond()
  const below: Fetcher = {
    fetch: (request) => Promise.reject(new FetchNotFoundError(request.url)),
  }
  const { view } = await viewOf(repo, below)
  repo.serve(file, 'missing')
  for (const delegator of ['a', 'b']) {
    const gone = { code: 'ERR_TUF_SNAPSHOT_GONE', role: 'shared', delegator }
    await expect(view.find(`${delegator}/1`)).rejects.toMatchObject(gone)
  }
})

test('a role that was not served says nothing of its delegator', async () => {
  const repo = diamond()
  const below: Fetcher = {
    fetch: (request) => Promise.reject(new FetchNotFoundError(request.url)),
  }
  const client = await viewOf(repo, below)
  repo.serve(file, { status: 503 })
  const error: unknown = await client.view.find('a/1').catch((one: unknown) => one)
  expect(error).toMatchObject({ code: 'ERR_TUF_FETCH_FAILED', status: 503 })
  expect(error).not.toHaveProperty('delegator')
})
