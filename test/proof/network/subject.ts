/**
 * The subject of each case: a repository with two publications, a client that knows the first, and
 * the rules that hold after whatever a server does to the second.
 */
import { isTufError, Updater, type Limits, type Store } from 'tuffet'
import { createRepository, defaultMetadataUrl, type TestRepository } from 'tuffet/testing'
import { frame, missing } from './framings.js'
import { startLyingServer, type LyingServer } from './lying-server.js'

export const path = 'pkgs/a.whl'
export const content = Buffer.from('the bytes of a wheel, long enough to be sent in several pieces')

/** The end of a case: `right` for the right file, or the code of the error. */
export type Outcome = string

/** A store that can be copied and compared. */
export class PlainStore implements Store {
  readonly entries: Map<string, Uint8Array>

  constructor(entries: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.entries = new Map(entries)
  }

  get(name: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.entries.get(name)?.slice())
  }

  set(name: string, bytes: Uint8Array): Promise<void> {
    this.entries.set(name, bytes.slice())
    return Promise.resolve()
  }

  delete(name: string): Promise<void> {
    this.entries.delete(name)
    return Promise.resolve()
  }
}

export interface Subject {
  readonly repo: TestRepository
  /** The files that a client of the first publication asks for, by their paths on the server. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** The store of such a client. */
  readonly before: ReadonlyMap<string, Uint8Array>
}

/** Each file of the second publication is new, and the root is a rotated one. */
export async function makeSubject(): Promise<Subject> {
  const repo = createRepository()
  repo.delegate('targets', { name: 'pkgs', paths: ['pkgs/*'] })
  repo.addTarget('pkgs/first.whl', 'first', { role: 'pkgs' })
  repo.publish()
  const store = new PlainStore()
  const updater = new Updater({
    metadataUrl: defaultMetadataUrl,
    root: repo.root(),
    fetcher: repo.fetcher(),
    store,
    now: () => repo.now,
  })
  await (await updater.refresh()).find('pkgs/first.whl')
  repo.addTarget(path, content, { role: 'pkgs' })
  repo.addTarget('other.whl', 'other')
  repo.rotate('timestamp')
  const files = new Map<string, Uint8Array>()
  const names = ['2.root.json', 'timestamp.json']
  names.push(...['snapshot', 'targets', 'pkgs'].map((role) => repo.fileName(role)))
  for (const name of names) files.set(`/metadata/${name}`, repo.file(name))
  const [target = ''] = repo.targetNames(path)
  files.set(`/targets/${target}`, repo.file(target, 'target'))
  return { repo, files, before: store.entries }
}

export function serveSubject({ files }: Subject): Promise<LyingServer> {
  return startLyingServer((path) => {
    const body = files.get(path)
    return { body, wire: { pieces: [body ? frame('length', body) : missing], end: 'keep' } }
  })
}

export interface CaseOptions {
  readonly limits?: Partial<Limits>
  readonly retries?: number
}

/** One cycle and one download from `origin`, then the rules for the result and the store. */
export async function runCase(
  subject: Subject,
  origin: string,
  store: PlainStore,
  { limits = {}, retries = 0 }: CaseOptions = {},
): Promise<Outcome> {
  const outcome = await attempt(subject, origin, store, limits, retries)
  checkStore(subject, store)
  return outcome
}

async function attempt(
  { repo }: Subject,
  origin: string,
  store: Store,
  limits: Partial<Limits>,
  retries: number,
): Promise<Outcome> {
  const updater = new Updater({
    metadataUrl: `${origin}/metadata/`,
    targetsUrl: `${origin}/targets/`,
    root: repo.root(),
    store,
    retries,
    limits,
    now: () => repo.now,
  })
  try {
    const view = await updater.refresh()
    const bytes = await view.read(path)
    if (!content.equals(bytes)) throw new Error('wrong bytes were accepted')
    return 'right'
  } catch (error) {
    if (!isTufError(error)) throw error
    return error.code
  }
}

/** Every stored file is one that was published, and none is older than before. */
function checkStore({ repo, before }: Subject, store: PlainStore): void {
  for (const [entry, bytes] of store.entries) {
    const role = /^(?:root_history\/\d+\.)?(root|timestamp|snapshot|targets|pkgs)\.json$/.exec(
      entry,
    )
    if (!role) continue
    const { signed } = parse(bytes)
    const name = fileNameOf(repo, role[1] ?? '', signed.version)
    const known = [1, repo.publication].some(
      (publication) =>
        repo.has(name, 'metadata', publication) &&
        Buffer.from(bytes).equals(repo.file(name, 'metadata', publication)),
    )
    if (!known) throw new Error(`${entry} has bytes that nobody published`)
    const old = before.get(entry)
    if (old && parse(old).signed.version > signed.version) throw new Error(`${entry} went back`)
  }
  for (const entry of before.keys()) {
    // A rotated timestamp key lets the files that it vouched for go (5.3.11).
    const mayGo = entry === 'timestamp.json' || entry === 'snapshot.json'
    if (!mayGo && !store.entries.has(entry)) throw new Error(`${entry} is gone`)
  }
}

function fileNameOf(repo: TestRepository, role: string, version: number): string {
  return role === 'timestamp' ? 'timestamp.json' : repo.fileName(role, version)
}

function parse(bytes: Uint8Array): { signed: { version: number } } {
  const read: (text: string) => { signed: { version: number } } = JSON.parse
  return read(Buffer.from(bytes).toString('utf8'))
}
