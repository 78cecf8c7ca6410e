/** Both sides of each limit that an application can change, named as in docs/budgets.md. */
import { createHash } from 'node:crypto'
import { streamTarget } from '../../src/client/download.js'
import { fetchBytes } from '../../src/client/fetch-bytes.js'
import type { FetchRequest } from '../../src/client/fetcher.js'
import { resolveLimits, type Limits } from '../../src/client/limits.js'
import { retrying } from '../../src/client/retry.js'
import { commit } from '../../src/core/cycle/commit.js'
import { edgesFor } from '../../src/core/search/delegation.js'
import { FetchFailedError } from '../../src/errors.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'
import { readTargets, targets } from '../support/small-files.js'
import { bytesAfter, fetcherOf, passed, underManualClock, type Sides } from './sides.js'

const defaults: Limits = resolveLimits()
const url = 'https://example.org/file'

function chained(): TestRepository {
  const repo = createRepository()
  repo.delegate('targets', { name: 'a', paths: ['x'] })
  repo.delegate('a', { name: 'b', paths: ['x'] })
  repo.addTarget('x', 'content', { role: 'b' })
  repo.publish()
  return repo
}

/** The longest of the files is as long as the limit, or the limit is a byte less. */
function length(limit: keyof Limits, ...files: readonly string[]): Sides {
  return {
    async attempt(extra) {
      const repo = chained()
      repo.publish('root')
      const longest = Math.max(...files.map((file) => repo.file(file).length))
      const limits = { [limit]: longest - extra }
      const view = await clientOf(repo, { limits }).updater.refresh()
      await view.find('x')
    },
    beyond: { code: 'ERR_TUF_FETCH_TOO_LONG', origin: { limit } },
  }
}

function fileLength(repo: TestRepository, role: string): number {
  return repo.file(`1.${role}.json`).length
}

/** Finds `x` with a limit of a search: all that it needs, or one less. */
function search(limit: keyof Limits, unit: string, need: (repo: TestRepository) => number): Sides {
  return {
    async attempt(extra) {
      const repo = chained()
      const client = clientOf(repo, { limits: { [limit]: need(repo) - extra } })
      await (await client.updater.refresh()).find('x')
    },
    beyond: { code: 'ERR_TUF_SEARCH_LIMIT', unit },
  }
}

/** The steps of a search that asks every role of the chain but the last. */
function stepsFor(repo: TestRepository): number {
  const steps = { left: 1_000 }
  for (const role of ['targets', 'a']) {
    const { delegations } = readTargets(repo.file(`1.${role}.json`))
    if (delegations) edgesFor(delegations, 'x', () => '', steps)
  }
  return 1_000 - steps.left
}

/** Metadata whose first file is answered after so many milliseconds. */
function answeredAfter(delay: number): Promise<unknown> {
  return underManualClock((clock) => {
    const repo = chained()
    const fetcher = repo.fetcher()
    const slow = {
      ...fetcher,
      async fetch(request: FetchRequest) {
        await new Promise<void>((resolve) => clock.setTimer(delay, resolve))
        return fetcher.fetch(request)
      },
    }
    const client = clientOf(repo, { fetcher: slow, limits: { minimumRate: 0 } })
    return passed(client.updater.refresh(), clock, 10 * delay)
  })
}

const content = Buffer.from('abcdefghij')
const target = {
  path: 'a',
  length: content.length,
  hashes: new Map([['sha256', createHash('sha256').update(content).digest('hex')]]),
}

async function stream(answers: (request: number) => AsyncIterable<Uint8Array>): Promise<void> {
  const fetcher = retrying(
    fetcherOf((request) => ({ offset: 0, body: answers(request) })),
    { retries: 0 },
  )
  const source = { target, urls: [url], cryptography: nodeCryptography, limits: defaults, fetcher }
  for await (const _ of streamTarget(source)) continue
}

async function* broken(length: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield content.subarray(0, length)
  if (length < content.length) throw new Error('reset')
}

function busy(retryAfter?: number): Error {
  return new FetchFailedError(url, 'busy', { status: 503, retryAfter })
}

/** Fails so often, and is repeated by the default policy. */
function repeated(failures: number, retryAfter?: number): Promise<Uint8Array> {
  const failing = fetcherOf((request) =>
    request < failures ? busy(retryAfter) : { offset: 0, body: broken(content.length) },
  )
  const fetcher = retrying(failing, { wait: () => Promise.resolve() })
  const { minimumRate, rateWindow } = defaults
  return fetchBytes(fetcher, url, { kind: 'metadata', maxLength: 100, minimumRate, rateWindow })
}

/** The sides of `limits`. */
export const limitSides: Readonly<Record<keyof Limits, Sides>> = {
  rootLength: length('rootLength', '2.root.json'),
  timestampLength: length('timestampLength', 'timestamp.json'),
  snapshotLength: length('snapshotLength', '1.snapshot.json'),
  targetsLength: length('targetsLength', '1.targets.json', '1.a.json', '1.b.json'),
  rootRotations: {
    async attempt(extra) {
      const repo = chained()
      for (let count = 0; count < 3 + extra; count++) repo.publish('root')
      const client = clientOf(repo, { limits: { rootRotations: 3 } })
      const { root } = await client.updater.refresh()
      const stops = client.events.filter((event) => 'limit' in event)
      return { missing: 4 + extra - root.version, stops }
    },
    beyond: { missing: 1, stops: [{ verdict: 'limit-reached', limit: 3 }] },
  },
  searchedRoles: search('searchedRoles', 'roles', () => 3),
  searchedBytes: search(
    'searchedBytes',
    'bytes',
    (repo) =>
      // One pattern in the index of `a`.
      fileLength(repo, 'a') + fileLength(repo, 'b') + 64,
  ),
  searchSteps: search('searchSteps', 'steps', stepsFor),
  signatures: {
    attempt: (extra) =>
      readTargets({
        ...targets(),
        signatures: Array.from({ length: defaults.signatures + extra }, (_, index) => ({
          keyid: `${index}`,
          sig: '',
        })),
      }),
    beyond: {
      code: 'ERR_TUF_METADATA_INVALID',
      path: 'signatures',
      reason: 'must contain at most 1024 entries',
    },
  },
  keptMetadata: {
    async attempt(extra) {
      const repo = chained()
      const limits = { keptMetadata: fileLength(repo, 'b') - extra }
      const client = clientOf(repo, { limits })
      const view = await client.updater.refresh()
      await view.find('x')
      await view.find('x')
      const judged = client.events.filter((event) => 'role' in event && event.role === 'b')
      return { judged: judged.length }
    },
    beyond: { judged: 2 },
  },
  readLength: {
    async attempt(extra) {
      const limits = { readLength: 'content'.length - extra }
      return (await clientOf(chained(), { limits }).updater.refresh()).read('x')
    },
    beyond: { code: 'ERR_TUF_LIMIT', limit: 'readLength' },
  },
  metadataDeadline: {
    attempt: (extra) => answeredAfter(defaults.metadataDeadline - 1 + extra),
    beyond: { code: 'ERR_TUF_FETCH_TIMEOUT', timeout: 60_000 },
  },
  targetDeadline: {
    attempt: (extra) =>
      underManualClock((clock) => {
        const body = bytesAfter(clock, [{ after: 4_999 + extra, count: 10 }])
        const source = {
          target: { ...target, hashes: sha256(new Uint8Array(10)) },
          urls: [url],
          cryptography: nodeCryptography,
          limits: { ...defaults, targetDeadline: 5_000 },
          fetcher: fetcherOf(() => ({ offset: 0, body })),
        }
        const whole = (async () => {
          for await (const _ of streamTarget(source)) continue
        })()
        return passed(whole, clock, 10_000)
      }),
    beyond: { code: 'ERR_TUF_FETCH_TIMEOUT', timeout: 5_000 },
  },
  minimumRate: {
    attempt: (extra) =>
      underManualClock((clock) => {
        const body = bytesAfter(clock, [
          { after: 0, count: 100 - extra },
          { after: 1_500, count: 1_000 },
        ])
        const options = { maxLength: 2_000, minimumRate: 100, rateWindow: 1_000 }
        const fetcher = fetcherOf(() => ({ offset: 0, body }))
        return passed(fetchBytes(fetcher, url, { kind: 'metadata', ...options }), clock, 10_000)
      }),
    beyond: { code: 'ERR_TUF_FETCH_TOO_SLOW', minimumRate: 100 },
  },
  rateWindow: {
    // A timer may fire a millisecond early, and is believed.
    attempt: (extra) =>
      underManualClock((clock) => {
        const after = defaults.rateWindow - 2 + 2 * extra
        const body = bytesAfter(clock, [{ after, count: 40_000 }])
        const fetcher = fetcherOf(() => ({ offset: 0, body }))
        const { minimumRate, rateWindow } = defaults
        const options = { maxLength: 40_000, minimumRate, rateWindow }
        return passed(fetchBytes(fetcher, url, { kind: 'metadata', ...options }), clock, 60_000)
      }),
    beyond: { code: 'ERR_TUF_FETCH_TOO_SLOW', silence: 30_000 },
  },
}

function sha256(bytes: Uint8Array): ReadonlyMap<string, string> {
  return new Map([['sha256', createHash('sha256').update(bytes).digest('hex')]])
}

/** How often something is tried again. */
export const repetitionSides: Readonly<Record<string, Sides>> = {
  retries: {
    attempt: (extra) => repeated(2 + extra),
    beyond: { code: 'ERR_TUF_FETCH_FAILED', status: 503 },
  },
  longestDelay: {
    attempt: (extra) => repeated(1, 60_000 + extra),
    beyond: { code: 'ERR_TUF_FETCH_FAILED', retryAfter: 60_001 },
  },
  resumptions: {
    // Each answer brings one byte more than the one before.
    attempt: (extra) => stream((request) => broken(request < 3 + extra ? request + 1 : 10)),
    beyond: { code: 'ERR_TUF_FETCH_FAILED' },
  },
  attempts: {
    attempt(extra) {
      const change = commit({ delete: 'a.json' }, [], function* () {
        yield* []
        return []
      })
      let step = change.next()
      for (let count = 0; count < 15 + extra; count++) step = change.next('changed')
      return step.done === true ? step : change.next('done')
    },
    beyond: { code: 'ERR_TUF_STORE_CONFLICT', entry: 'a.json' },
  },
}
