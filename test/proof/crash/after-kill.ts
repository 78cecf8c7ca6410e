/** The state that a killed process left, and the next cycle over it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../../src/client/clock.js'
import { Updater, type Store } from '../../../src/index.js'
import { downloadFile, fileStore } from '../../../src/node/index.js'
import { kindAt } from '../../../src/node/planted.js'
import { Spool } from '../../../src/pypi/proxy/spool.js'
import type { TestRepository } from '../../../src/testing/index.js'
import { contentOf, publishNext, publishedUntil } from '../../support/killed-repository.js'

/** Between which publications a process ended, and how. */
export interface Ending {
  /** The last publication whose cycle had ended; 0: none, or the store may be gone. */
  readonly acknowledged: number
  /** The newest publication that the process can have seen. */
  readonly latest: number
  /** Where nothing may be left over after the next cycle. Default: everywhere. */
  readonly swept?: readonly ('store' | 'downloads')[]
  /** Of the next cycle's store. Default: the system's. */
  readonly clock?: Clock
}

/** How many things were looked at. */
export interface Checks {
  checks: number
  leftovers: number
}

const floors = ['root', 'timestamp', 'snapshot', 'targets'] as const

/** The repositories of every publication: each process makes the same. */
const known = new Map<number, TestRepository>()

/** The versions of the top-level roles after a publication. */
function versionsAt(publication: number): ReadonlyMap<string, number> {
  let repo = known.get(publication)
  if (!repo) {
    repo = publishedUntil(publication)
    known.set(publication, repo)
  }
  return new Map(floors.map((role) => [role, repo.version(role)]))
}

/**
 * Looks at the store and the download, runs the next cycle, and looks again.
 *
 * @returns the publication that the store holds now
 * @throws Error that names the fault
 */
export async function checkStore(
  folder: string,
  { acknowledged, latest, swept = ['store', 'downloads'], clock }: Ending,
  tally: Checks,
): Promise<number> {
  const repo = publishedUntil(latest)
  lookAtEntries(join(folder, 'store'), repo, acknowledged, tally)
  const downloads = join(folder, 'downloads')
  const file = join(downloads, 'a.bin')
  if (existsSync(file)) {
    const bytes = readFileSync(file)
    const whole = bytes.length === contentOf(0).length && new Set(bytes).size === 1
    check(tally, whole, 'the downloaded file is torn')
  } else check(tally, acknowledged === 0, 'the downloaded file is gone')

  publishNext(repo)
  const view = await refresh(
    repo,
    fileStore(join(folder, 'store'), { clock, onPlanted: () => undefined }),
  )
  for (const role of floors) {
    const version = view[role].version
    check(tally, version === repo.version(role), `the next cycle has ${role} ${version}`)
  }
  const target = await view.find('a.bin')
  if (target) await downloadFile(view, target, file)
  const content = Buffer.from(contentOf(repo.publication))
  check(tally, readFileSync(file).equals(content), 'the next download is another file')
  for (const place of swept) checkSwept(join(folder, place), tally)
  return repo.publication
}

/** @throws Error when a temporary file is left over */
export function checkSwept(place: string, tally: Checks): void {
  const left = readdirSync(place).filter((name) => name.startsWith('.+'))
  check(tally, left.length === 0, `the next cycle leaves ${left.join(', ')}`)
}

export function refresh(repo: TestRepository, store: Store): ReturnType<Updater['refresh']> {
  const fetcher = repo.fetcher()
  const { metadataUrl, targetsUrl } = fetcher
  const now = (): number => repo.now
  return new Updater({
    ...{ metadataUrl, targetsUrl, fetcher, store, now },
    root: repo.root(1),
  }).refresh()
}

/** Each entry is a published file, and none is older than one that was acknowledged. */
function lookAtEntries(
  store: string,
  repo: TestRepository,
  acknowledged: number,
  tally: Checks,
): void {
  if (!existsSync(store)) {
    check(tally, acknowledged === 0, 'the store is gone')
    return
  }
  const names = readdirSync(store)
  tally.leftovers += names.filter((name) => name.startsWith('.+')).length
  const least = acknowledged === 0 ? new Map<string, number>() : versionsAt(acknowledged)
  for (const role of floors) {
    const path = join(store, `${role}.json`)
    if (kindAt(path) !== 'file') {
      // A floor is deleted only between a rotation and the new file.
      const mayBeAway = acknowledged === 0 || (role !== 'root' && hasRotated(repo, acknowledged))
      check(tally, mayBeAway, `${role}.json is gone`)
      continue
    }
    const bytes = readFileSync(path)
    const version = versionOf(bytes)
    check(tally, isPublished(repo, role, version, bytes), `${role}.json is torn`)
    check(tally, version >= (least.get(role) ?? 0), `${role}.json is older: ${version}`)
  }
  const history = join(store, 'root_history')
  for (const name of kindAt(history) === 'folder' ? readdirSync(history) : []) {
    const version = Number.parseInt(name, 10)
    const bytes = readFileSync(join(history, name))
    check(tally, isPublished(repo, 'root', version, bytes), `root_history/${name} is torn`)
  }
}

function hasRotated(repo: TestRepository, since: number): boolean {
  return repo.version('root') > (versionsAt(since).get('root') ?? 0)
}

function isPublished(
  repo: TestRepository,
  role: string,
  version: number,
  bytes: Uint8Array,
): boolean {
  // Of timestamps the server has the newest only; each is signed, and parsed as a whole.
  if (role === 'timestamp') return version > 0
  const published = repo.file(`${version}.${role}.json`)
  return Buffer.compare(published, bytes) === 0
}

/** 0 for bytes that are not whole. */
function versionOf(bytes: Uint8Array): number {
  try {
    const { signed }: { signed: { version: number } } = JSON.parse(Buffer.from(bytes).toString())
    return signed.version
  } catch {
    return 0
  }
}

/** The next proxy removes everything that a killed one left. */
export async function checkSpool(folder: string, tally: Checks): Promise<void> {
  tally.leftovers += readdirSync(folder).length
  await new Spool({ folder }).sweep()
  const left = readdirSync(folder)
  check(tally, left.length === 0, `the next proxy leaves ${left.join(', ')}`)
}

function check(tally: Checks, holds: boolean, wrong: string): void {
  tally.checks += 1
  if (!holds) throw new Error(wrong)
}
