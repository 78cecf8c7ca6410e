/**
 * Drives a cycle of core over the two ports: it reads, fetches, writes and deletes what the cycle
 * asks for, one thing after another, and judges nothing.
 */
import type {
  Cycle,
  DeleteRequest,
  NetworkRequest,
  PersistRequest,
  Yielding,
} from '../core/cycle-request.js'
import { joinUrl } from '../core/names.js'
import { isTufError, RepositoryError, SnapshotGoneError } from '../errors.js'
import type { OnEvent } from './events.js'
import { fetchBytes } from './fetch-bytes.js'
import type { Fetcher } from './fetcher.js'
import type { Limits } from './limits.js'
import type { Store } from './store.js'
import { Turns } from './turns.js'

/** What a cycle is driven over. */
export interface Ports {
  readonly fetcher: Fetcher
  readonly store: Store
  readonly metadataUrl: string
  readonly limits: Limits
  readonly onEvent: OnEvent
}

/** Runs a cycle to its end. Errors of the repository get the URL their bytes came from. */
export async function drive<T>(cycle: Cycle<T>, ports: Ports, signal?: AbortSignal): Promise<T> {
  const turns = new Turns()
  let source: string | undefined
  try {
    let step = cycle.next()
    while (step.done !== true) {
      if (turns.isOver) await turns.pause()
      signal?.throwIfAborted()
      const request = step.value
      let answer: Uint8Array | undefined
      if ('fetch' in request) {
        source = joinUrl(ports.metadataUrl, request.fetch)
        answer = await fetchMetadata(request, source, ports, signal)
      } else if ('read' in request) {
        source = undefined
        answer = await ports.store.get(request.read, { maxLength: request.maxLength })
      } else if ('persist' in request) {
        await persist(request, ports)
      } else if ('delete' in request) {
        await remove(request, ports)
      } else {
        ports.onEvent({ type: 'decision', ...request.decided })
      }
      step = cycle.next(answer)
    }
    return step.value
  } catch (error) {
    if (error instanceof RepositoryError && source !== undefined) error.url ??= source
    throw error
  }
}

async function fetchMetadata(
  request: NetworkRequest,
  url: string,
  ports: Ports,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const { fetcher, limits, onEvent } = ports
  onEvent({ type: 'request', url })
  try {
    const bytes = await fetchBytes(fetcher, url, {
      kind: 'metadata',
      maxLength: request.maxLength,
      deadline: limits.metadataDeadline,
      minimumRate: limits.minimumRate,
      rateWindow: limits.rateWindow,
      signal,
    })
    onEvent({ type: 'response', url, length: bytes.length })
    return bytes
  } catch (error) {
    // By code: a fetcher of the application may have its errors from another copy of this package.
    if (!isTufError(error) || error.code !== 'ERR_TUF_FETCH_NOT_FOUND') throw error
    onEvent({ type: 'absent', url })
    if (request.mayBeAbsent === true) return undefined
    if (request.ofSnapshot !== true) throw error
    const gone = new SnapshotGoneError(request, request.fetch, { cause: error })
    gone.url = url
    throw gone
  }
}

function persist(request: PersistRequest, ports: Ports): Promise<void> {
  const { store, onEvent } = ports
  const { persist: entry, bytes, replaceable, yieldsTo } = request
  return commit(entry, yieldsTo, ports, async () => {
    await store.set(entry, bytes, { lasting: !replaceable })
    onEvent({ type: 'write', entry })
  })
}

function remove({ delete: entry, yieldsTo }: DeleteRequest, ports: Ports): Promise<void> {
  return commit(entry, yieldsTo, ports, async () => {
    await ports.store.delete(entry)
    ports.onEvent({ type: 'delete', entry })
  })
}

/** Only the commit is exclusive, never a request: re-read, keep what must stay, else change. */
async function commit(
  entry: string,
  yieldsTo: Yielding | undefined,
  { store, onEvent, limits }: Ports,
  change: () => Promise<void>,
): Promise<void> {
  // What gives way to nothing is as atomic without the lock, and far cheaper.
  if (yieldsTo === undefined) return change()
  const { entry: witness, to } = yieldsTo
  const maxLength = Math.max(limits.timestampLength, limits.snapshotLength)
  async function unlessItYields(): Promise<void> {
    const stored = await store.get(witness, { maxLength })
    // Longer than a floor may be: nobody stored it after a check.
    const floor = stored !== undefined && stored.length <= maxLength ? stored : undefined
    if (to(floor)) onEvent({ type: 'yield', entry })
    else await change()
  }
  await (store.exclusive ? store.exclusive(unlessItYields) : unlessItYields())
}
