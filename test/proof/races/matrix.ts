/**
 * Every pair of "one client is held at request R while another completes a rotation of role Q", over
 * one store: its answer is then the old one, or the new one. Nothing in the store becomes older.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { isTufError } from '../../../src/errors.js'
import { memoryStore, type FetchRequest, type Fetcher, type Store } from '../../../src/index.js'
import { fileStore } from '../../../src/node/index.js'
import type { MemoryFetcher, TestRepository } from '../../../src/testing/index.js'
import { updaterOf } from '../../support/held-cycle.js'
import { publishedWith } from '../../support/published.js'

const roles = ['root', 'timestamp', 'snapshot', 'targets', 'dev'] as const
const floors = ['root', 'timestamp', 'snapshot', 'targets'] as const
const starts = ['empty store', 'stored state'] as const
const answers = ['then', 'now'] as const

export interface MatrixResult {
  readonly pairs: number
  readonly ended: ReadonlyMap<string, number>
}

/** @throws Error that names the pair and the fault */
export async function tryMatrix(folder: string): Promise<MatrixResult> {
  let pairs = 0
  const ended = new Map<string, number>()
  const stores = [() => memoryStore(), () => fileStore(mkdtempSync(join(folder, 'matrix-')))]
  for (const makeStore of stores) {
    for (const start of starts) {
      for (const request of await requestsOf(start)) {
        for (const role of roles) {
          for (const answer of answers) {
            const store = makeStore()
            const pair = `${start}, held at ${request}, rotation of ${role}, answered as ${answer}`
            try {
              const code = await tryPair(store, { start, request, role, answer })
              ended.set(code, (ended.get(code) ?? 0) + 1)
            } catch (error) {
              throw new Error(`${pair}: ${String(error)}`, { cause: error })
            }
            pairs += 1
          }
        }
      }
    }
  }
  return { pairs, ended }
}

interface Pair {
  readonly start: (typeof starts)[number]
  readonly request: string
  readonly role: (typeof roles)[number]
  readonly answer: (typeof answers)[number]
}

async function begin(start: Pair['start'], store: Store): Promise<TestRepository> {
  const repo = publishedWith({ 'a.txt': 'a', 'dev/b.txt': 'b' }, { seed: 'matrix' })
  if (start === 'stored state') {
    await client(repo, store)
    repo.addTarget('a.txt', 'new a')
    repo.addTarget('dev/b.txt', 'new b', { role: 'dev' })
    repo.publish()
  }
  return repo
}

/** One refresh and one search, to the delegated role. */
async function client(
  repo: TestRepository,
  store: Store,
  fetcher?: MemoryFetcher,
): Promise<ReadonlyMap<string, number>> {
  const view = await updaterOf(repo, store, fetcher).refresh()
  if ((await view.find('dev/b.txt')) === undefined) throw new Error('dev/b.txt is not found')
  return new Map(floors.map((role) => [role, view[role].version]))
}

async function requestsOf(start: Pair['start']): Promise<string[]> {
  const store = memoryStore()
  const repo = await begin(start, store)
  const fetcher = repo.fetcher()
  await client(repo, store, fetcher)
  return fetcher.requests.map(nameOf)
}

function nameOf({ url }: Pick<FetchRequest, 'url'>): string {
  return url.slice(url.lastIndexOf('/') + 1)
}

/** @returns how the held client ended */
async function tryPair(store: Store, { start, request, role, answer }: Pair): Promise<string> {
  const repo = await begin(start, store)
  const before = await storedVersions(store)
  let whenHeld = (): void => undefined
  const held = new Promise<void>((resolve) => {
    whenHeld = resolve
  })
  let goOn = (): void => undefined
  const until = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const inner = repo.fetcher()
  const fetch: Fetcher['fetch'] = async (asked) => {
    if (nameOf(asked) !== request) return inner.fetch(asked)
    const then = answer === 'then' ? Promise.resolve(inner.fetch(asked)) : undefined
    await then?.catch(() => undefined)
    whenHeld()
    await until
    return then ?? inner.fetch(asked)
  }
  const slow = client(repo, store, { ...inner, fetch }).then(
    () => 'accepted',
    (error: unknown) => {
      if (isTufError(error)) return error.code
      throw error
    },
  )
  await held
  repo.rotate(role)
  const other = await client(repo, store)
  const between = await storedVersions(store)
  goOn()
  const code = await slow
  const after = await storedVersions(store)
  for (const name of floors) {
    const [was, is, be] = [before, after, between].map((versions) => versions.get(name) ?? 0)
    if (be !== other.get(name)) throw new Error(`the other client stored ${name} ${be}`)
    if (is! < be! || be! < was!) throw new Error(`${name} fell: ${was}, ${be}, ${is}`)
  }
  const next = await client(repo, store)
  for (const name of floors) {
    if (next.get(name) !== repo.version(name)) throw new Error(`the next cycle lacks ${name}`)
  }
  return code
}

async function storedVersions(store: Store): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>()
  for (const name of floors) {
    const bytes = await store.get(`${name}.json`)
    if (bytes === undefined) continue
    const { signed }: { signed: { version: number } } = JSON.parse(Buffer.from(bytes).toString())
    versions.set(name, signed.version)
  }
  return versions
}
