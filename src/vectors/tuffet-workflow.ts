/**
 * This library as a client of workflow vectors, in memory: one store for a vector, and a new
 * updater for each command, as in a new process.
 */
import type { Fetcher, FetchRequest, FetchResponse } from '../client/fetcher.js'
import type { Repository } from '../client/repository.js'
import type { Store } from '../client/store.js'
import type { UpdaterOptions } from '../client/updater.js'
import { encodeHex } from '../core/bytes.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { digestText } from '../core/keys/hash.js'
import { verifiesMlDsa } from '../core/keys/verifies-ml-dsa.js'
import { parseDate } from '../core/metadata/dates.js'
import { rootEntry, storedRoleName } from '../core/names.js'
import {
  FetchFailedError,
  FetchNotFoundError,
  isTufError,
  RepositoryError,
  type TufError,
} from '../errors.js'
import { VectorSkip, type WorkflowActual, type WorkflowSession } from './client.js'
import type { WorkflowStep, WorkflowVector } from './format.js'
import { fileBytes, ServedFiles, type ServedAnswer } from './served-files.js'
import { storedVersion } from './stored-version.js'

/** The library's parts on the present platform. */
export interface TuffetParts {
  /** `(options) => new Updater(options)`. */
  createUpdater(
    options: UpdaterOptions & { readonly fetcher: Fetcher; readonly cryptography: Cryptography },
  ): { refresh(): Promise<Repository> }
  readonly cryptography: Cryptography
}

const metadataUrl = 'https://repository.test/metadata/'
/** Bytes of a body that come at once. */
const pieceLength = 65_536

const targetsUrl = 'https://repository.test/targets/'

/** Starts the client of one vector; the `startWorkflow` of a `VectorClient`. */
export async function startTuffet(
  { anchor, profile }: Pick<WorkflowVector, 'anchor' | 'profile'>,
  parts: TuffetParts,
): Promise<WorkflowSession> {
  if (profile === 'tap21' && !verifiesMlDsa(parts.cryptography)) {
    throw new VectorSkip('this runtime does not verify ML-DSA')
  }
  const root = fileBytes(anchor)
  const entries = new Map<string, Uint8Array>()
  const store = mapStore(entries)
  const served = new ServedFiles()
  return {
    async run(step) {
      change(served, entries, step)
      const requests: string[] = []
      const now = timeOf(step)
      const updater = parts.createUpdater({
        metadataUrl,
        targetsUrl,
        root,
        store,
        fetcher: fetcherOf(served, requests),
        cryptography: parts.cryptography,
        now: () => now,
      })
      const outcome = await outcomeOf(step.command, () => updater.refresh(), parts)
      return { ...outcome, trusted: trustedIn(entries, step, parts), requests }
    },
    close: () => Promise.resolve(),
  }
}

function change(served: ServedFiles, entries: Map<string, Uint8Array>, step: WorkflowStep): void {
  served.change(step.serve)
  for (const [name, body] of Object.entries(step.store ?? {})) {
    if (body === null) entries.delete(name)
    else entries.set(name, fileBytes(body))
  }
}

function timeOf({ time }: WorkflowStep): number {
  const now = parseDate(time)
  if (now === undefined) throw new RangeError(`${JSON.stringify(time)} is not a time`)
  return now
}

async function outcomeOf(
  command: WorkflowStep['command'],
  refresh: () => Promise<Repository>,
  { cryptography }: TuffetParts,
): Promise<WorkflowActual> {
  try {
    const repository = await refresh()
    if (command === 'refresh') return { result: 'accepted' }
    const target = await repository.find(command.download)
    if (!target) return { result: 'absent' }
    const bytes = await repository.read(command.download)
    return { result: 'accepted', sha256: encodeHex(cryptography.hash('sha256', bytes)) }
  } catch (error) {
    if (!isTufError(error)) throw error
    return { result: 'refused', message: error.message, ...placeOf(error) }
  }
}

/** Errors of the network and of names do not say which step asked. */
function placeOf(error: TufError): Pick<WorkflowActual, 'step' | 'role'> {
  return error instanceof RepositoryError ? { step: error.step, role: error.role } : {}
}

function trustedIn(
  entries: ReadonlyMap<string, Uint8Array>,
  { expect }: WorkflowStep,
  { cryptography }: TuffetParts,
): Record<string, number | null> {
  const digest = (text: string): string => digestText(text, cryptography)
  const versions = Object.keys(expect.trusted ?? {}).map((role): [string, number | null] => {
    const bytes = entries.get(role === 'root' ? rootEntry : storedRoleName(role, digest))
    return [role, bytes ? storedVersion(bytes) : null]
  })
  return Object.fromEntries(versions)
}

function mapStore(entries: Map<string, Uint8Array>): Store {
  return {
    get: (name) => Promise.resolve(copied(entries.get(name))),
    set: (name, bytes) => Promise.resolve(void entries.set(name, new Uint8Array(bytes))),
    delete: (name) => Promise.resolve(void entries.delete(name)),
  }
}

/** `slice` of a Buffer would share its memory. */
function copied(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes && new Uint8Array(bytes)
}

function fetcherOf(served: ServedFiles, requests: string[]): Fetcher {
  return {
    async fetch(request: FetchRequest): Promise<FetchResponse> {
      const { url, kind } = request
      const base = kind === 'metadata' ? metadataUrl : targetsUrl
      const name = url.slice(base.length)
      if (kind === 'metadata') requests.push(name)
      const answer = served.answer(`${kind === 'metadata' ? 'metadata' : 'targets'}/${name}`)
      if ('bytes' in answer) return { offset: 0, body: bodyOf(answer, url) }
      const { status } = answer
      if (status === 404 || status === 403) throw new FetchNotFoundError(url, status)
      throw new FetchFailedError(url, `status ${status}`, { status })
    },
  }
}

async function* bodyOf(
  { bytes, disconnectAfter }: Extract<ServedAnswer, { bytes: Uint8Array }>,
  url: string,
): AsyncGenerator<Uint8Array> {
  const end = Math.min(bytes.length, disconnectAfter ?? bytes.length)
  for (let at = 0; at < end; at += pieceLength)
    yield bytes.subarray(at, Math.min(end, at + pieceLength))
  if (disconnectAfter !== undefined) throw new FetchFailedError(url, 'the connection was closed')
}
