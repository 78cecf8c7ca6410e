/** A cycle that asks for given things, driven by the client's driver over given ports. */
import { drive, type Ports } from '../../src/client/drive.js'
import type { Fetcher, FetchResponse } from '../../src/client/fetcher.js'
import { resolveLimits } from '../../src/client/limits.js'
import type { Cycle, CycleAnswer, CycleRequest } from '../../src/core/cycle/request.js'
import { memoryStore, type UpdaterEvent } from '../../src/index.js'

/** Where {@link driven} finds metadata. */
export const metadataUrl = 'https://h/metadata/'

/** Gives the chunks in turn; an error breaks the body. */
export function served(chunks: readonly (string | Error)[], more = {}): FetchResponse {
  const body = (async function* () {
    for (const chunk of chunks) {
      if (chunk instanceof Error) throw chunk
      yield Buffer.from(chunk)
    }
  })()
  return { offset: 0, body, ...more }
}

/** An answer for each request in turn; an error is a request that fails. */
export function fetcherOf(...answers: readonly (FetchResponse | Error)[]): Fetcher {
  const left = [...answers]
  return {
    fetch() {
      const answer = left.shift() ?? new Error('no more answers')
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
  }
}

export interface Outcome {
  readonly answers: readonly CycleAnswer[]
  readonly events: readonly UpdaterEvent[]
  readonly error?: unknown
}

/** A cycle that asks for these, and then ends, or throws `end`. */
export async function driven(
  requests: readonly CycleRequest[],
  ports: Partial<Ports> = {},
  { end, signal }: { readonly end?: Error; readonly signal?: AbortSignal } = {},
): Promise<Outcome> {
  const events: UpdaterEvent[] = []
  const answers: CycleAnswer[] = []
  const cycle = (function* (): Cycle<undefined> {
    for (const request of requests) answers.push(yield request)
    if (end) throw end
    return undefined
  })()
  const all: Ports = {
    ...{ fetcher: fetcherOf(), store: memoryStore(), metadataUrl, limits: resolveLimits() },
    onEvent: (event) => void events.push(event),
    ...ports,
  }
  const ended = await drive(cycle, all, signal).then(
    () => ({}),
    (error: unknown) => ({ error }),
  )
  return { answers, events, ...ended }
}
