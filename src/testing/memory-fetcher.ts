/** The repository as a `Fetcher`: no network, every request noted in order. */

import type { FetchRequest, FetchResponse, Fetcher } from '../client/fetcher.js'
import { checkInteger } from '../core/number-option.js'
import { FetchFailedError, FetchNotFoundError } from '../errors.js'
import { possibleNames, type Answer } from './answer.js'
import type { FileKind } from './file-history.js'

/** All optional. */
export interface MemoryFetcherOptions {
  /** Default {@link defaultMetadataUrl}. */
  readonly metadataUrl?: string | undefined
  /** Default {@link defaultTargetsUrl}. */
  readonly targetsUrl?: string | undefined
  /** Bytes in each piece of a body. Default 65,536. */
  readonly chunkSize?: number | undefined
}

/** Where {@link MemoryFetcher} finds metadata by default. */
export const defaultMetadataUrl = 'https://repository.test/metadata/'
/** Where {@link MemoryFetcher} finds target files by default. */
export const defaultTargetsUrl = 'https://repository.test/targets/'

/** A `Fetcher` over a repository in memory. */
export interface MemoryFetcher extends Fetcher {
  /** The client's `metadataUrl`. */
  readonly metadataUrl: string
  /** The client's `targetsUrl`. */
  readonly targetsUrl: string
  /** The requested paths in order: `['2.root.json', 'timestamp.json']`. The caller may empty it. */
  readonly requested: string[]
  /** The same requests in full. */
  readonly requests: FetchRequest[]
}

/**
 * A fetcher over any source of answers. `TestRepository.fetcher` is the usual way to make one.
 *
 * @example
 * ```ts runs
 * import { createRepository, memoryFetcher } from 'tuffet/testing'
 *
 * const repository = createRepository()
 * repository.publish()
 * const fetcher = memoryFetcher(repository)
 * ```
 */
export function memoryFetcher(
  source: { answer(kind: FileKind, name: string): Answer },
  options: MemoryFetcherOptions = {},
): MemoryFetcher {
  const { metadataUrl = defaultMetadataUrl, targetsUrl = defaultTargetsUrl } = options
  const chunkSize = checkInteger('chunkSize', options.chunkSize ?? 65_536, 1)
  const requested: string[] = []
  const requests: FetchRequest[] = []
  const validators = new WeakMap<Uint8Array, string>()
  let files = 0
  // Bytes that are the same object are the same file: cheaper than a digest of 100 MiB.
  const validatorOf = (bytes: Uint8Array): string => {
    const validator = validators.get(bytes) ?? `"${++files}"`
    validators.set(bytes, validator)
    return validator
  }
  return {
    metadataUrl,
    targetsUrl,
    requested,
    requests,
    async fetch(request: FetchRequest): Promise<FetchResponse> {
      const base = request.kind === 'metadata' ? metadataUrl : targetsUrl
      const below = request.url.startsWith(base) ? request.url.slice(base.length) : undefined
      requests.push(request)
      requested.push(below ?? request.url)
      request.signal.throwIfAborted()
      const names = below === undefined ? [] : possibleNames(request.kind, below)
      const answer = firstAnswer(names.map((name) => () => source.answer(request.kind, name)))
      return respond(request, answer, chunkSize, validatorOf)
    },
  }
}

function firstAnswer(ask: readonly (() => Answer)[]): Answer {
  for (const one of ask) {
    const answer = one()
    if (answer !== 'missing') return answer
  }
  return 'missing'
}

function respond(
  request: FetchRequest,
  answer: Answer,
  chunkSize: number,
  validatorOf: (bytes: Uint8Array) => string,
): FetchResponse {
  const { url, signal } = request
  if (answer === 'missing') throw new FetchNotFoundError(url, 404)
  if (answer instanceof Error) throw answer
  if (typeof answer === 'function') return { offset: 0, body: untilAborted(answer(), signal) }
  if (!(answer instanceof Uint8Array)) {
    const { status } = answer
    if (status === 404 || status === 403) throw new FetchNotFoundError(url, status)
    throw new FetchFailedError(url, `status ${status}`, { status })
  }
  const validator = validatorOf(answer)
  const resumes = request.validator === validator && (request.offset ?? 0) <= answer.length
  const offset = resumes ? (request.offset ?? 0) : 0
  return { offset, validator, body: untilAborted(pieces(answer, offset, chunkSize), signal) }
}

async function* pieces(
  bytes: Uint8Array,
  offset: number,
  chunkSize: number,
): AsyncGenerator<Uint8Array> {
  for (let at = offset; at < bytes.length; at += chunkSize) {
    yield bytes.subarray(at, at + chunkSize)
  }
}

async function* untilAborted(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]()
  try {
    while (true) {
      signal.throwIfAborted()
      const next = await orAborted(iterator.next(), signal)
      if (next.done) return
      yield next.value
    }
  } finally {
    // Not awaited: a body that hangs would hold up the caller that gave up on it.
    void iterator.return?.()
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
