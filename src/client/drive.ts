/**
 * Drives a cycle of core over the two ports: it reads, fetches, writes, deletes and digests as the
 * cycle asks, one request after another, and never judges.
 */
import type {
  Cycle,
  CycleAnswer,
  DeleteRequest,
  NetworkRequest,
  PersistRequest,
} from '../core/cycle/request.js'
import { joinUrl } from '../core/names.js'
import {
  isTufError,
  RepositoryError,
  SnapshotGoneError,
  type Origin,
  type TufError,
} from '../errors.js'
import type { BelowRun } from './below.js'
import { compareAndChange, makeChange } from './commit.js'
import { answerDigests } from './digests.js'
import type { OnEvent } from './events.js'
import { fetchBytes } from './fetch-bytes.js'
import type { Fetcher } from './fetcher.js'
import type { Limits } from './limits.js'
import {
  networkOrigin,
  noteFetchOrigin,
  noteOrigin,
  type RootEnd,
  type ServedMetadata,
} from './origin.js'
import { bytesAcross, readEntry, type Store } from './store.js'
import { Turns } from './turns.js'

/** The ports and settings that drive a cycle. */
export interface Ports {
  readonly fetcher: Fetcher
  readonly store: Store
  readonly metadataUrl: string
  readonly limits: Limits
  readonly onEvent: OnEvent
  /** Asked before the fetcher. */
  readonly below?: BelowRun | undefined
  /** Called with the bytes of each part of a body, refused ones too. */
  readonly onReceived?: ((bytes: number) => void) | undefined
}

/** Runs a cycle to its end. Errors of the repository get the URL their bytes came from. */
export async function drive<T>(cycle: Cycle<T>, ports: Ports, signal?: AbortSignal): Promise<T> {
  const turns = new Turns()
  let source: string | undefined
  // Before the first request: the given root.
  let origin: Origin = { from: 'given' }
  let rootEnd: RootEnd | undefined
  try {
    let step = cycle.next()
    while (step.done !== true) {
      if (turns.isOver) await turns.pause()
      signal?.throwIfAborted()
      const request = step.value
      let answer: CycleAnswer
      if ('fetch' in request) {
        source = joinUrl(ports.metadataUrl, request.fetch)
        const url = source
        const near = await ports.below?.take(request, url, ports, signal)
        if (near) ports.onReceived?.(near.length)
        const served = near ? { bytes: near } : await fetchMetadata(request, url, ports, signal)
        if (request.role === 'root') rootEnd = rootEndOf(url, served)
        origin = networkOrigin(url, request.role, served)
        answer = served.bytes
      } else if ('read' in request) {
        if (request.again !== true) {
          source = undefined
          origin = { from: 'store', entry: request.read }
        }
        const stored = await readEntry(ports.store, request.read, request.maxLength, request.known)
        answer = stored && bytesAcross(ports.store, stored)
      } else if ('persist' in request) {
        answer = await persist(request, ports)
      } else if ('delete' in request) {
        answer = await remove(request, ports)
      } else if ('digest' in request) {
        answer = await answerDigests(request.digest)
      } else if ('note' in request) {
        ports.onEvent({ type: request.note, entry: request.entry })
      } else {
        ports.onEvent({ type: 'decision', ...request.decided })
      }
      step = cycle.next(answer)
    }
    return step.value
  } catch (error) {
    if (error instanceof RepositoryError && source !== undefined) error.url ??= source
    noteOrigin(error, origin, rootEnd)
    throw error
  }
}

async function fetchMetadata(
  request: NetworkRequest,
  url: string,
  ports: Ports,
  signal: AbortSignal | undefined,
): Promise<ServedMetadata> {
  const { fetcher, limits, onEvent } = ports
  let redirectedTo: string | undefined
  /** Bytes of the newest answer. */
  let counted = 0
  onEvent({ type: 'request', url })
  try {
    const bytes = await fetchBytes(fetcher, url, {
      kind: 'metadata',
      maxLength: request.maxLength,
      deadline: limits.metadataDeadline,
      minimumRate: limits.minimumRate,
      rateWindow: limits.rateWindow,
      signal,
      onAnswer(to) {
        redirectedTo = to
        counted = 0
      },
      onProgress(received) {
        ports.onReceived?.(received - counted)
        counted = received
      },
    })
    onEvent({ type: 'response', url, length: bytes.length })
    return { bytes, redirectedTo }
  } catch (error) {
    noteFetchOrigin(error, request, limits)
    // By code: an application's fetcher may use another copy of this package for its errors.
    if (!isTufError(error) || error.code !== 'ERR_TUF_FETCH_NOT_FOUND') throw error
    onEvent({ type: 'absent', url })
    if (request.mayBeAbsent === true) return absent(error)
    if (request.ofSnapshot !== true) throw error
    const gone = new SnapshotGoneError(request, request.fetch, { cause: error })
    gone.url = url
    throw gone
  }
}

function absent(error: TufError): ServedMetadata {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined
  const { origin } = error
  const to = origin?.from === 'network' ? origin.redirectedTo : undefined
  return { bytes: undefined, status, redirectedTo: to }
}

/** Known where the root is not there, and the server said so by HTTP. */
function rootEndOf(url: string, served: ServedMetadata): RootEnd | undefined {
  const { status, redirectedTo } = served
  if (status === undefined) return undefined
  return { url, status, ...(redirectedTo !== undefined && { redirectedTo }) }
}

/** A cycle's request to a store. */
type StorePorts = Pick<Ports, 'store' | 'onEvent'>

async function persist(
  request: PersistRequest,
  { store, onEvent }: StorePorts,
): Promise<'done' | 'changed'> {
  const { persist: entry, bytes, replaceable, optional, expected } = request
  const change = { set: entry, bytes, lasting: !replaceable }
  try {
    if (expected && (await compareAndChange(store, change, expected)) === 'changed')
      return 'changed'
    // A change that replaces whatever is stored is as atomic without the lock, and far cheaper.
    if (!expected) await makeChange(store, change)
    onEvent({ type: 'write', entry })
    return 'done'
  } catch (error) {
    // By field: the store may be from another copy of this package.
    const readOnly = isTufError(error) && 'readOnly' in error && error.readOnly
    if (optional !== true || !readOnly) throw error
    onEvent({ type: 'not-kept', entry, error })
    return 'done'
  }
}

async function remove(
  { delete: entry, expected }: DeleteRequest,
  { store, onEvent }: StorePorts,
): Promise<'done' | 'changed'> {
  const answer = await compareAndChange(store, { delete: entry }, expected)
  if (answer === 'done') onEvent({ type: 'delete', entry })
  return answer
}
