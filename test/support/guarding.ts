/** Guards with common limits, and bodies for them. */
import type { Fetcher, FetchRequest } from '../../src/client/fetcher.js'
import { createGuard, type GuardOptions } from '../../src/client/guard.js'
import type { Guard } from '../../src/client/guarded.js'
import { manualClock } from './manual-clock.js'

export const url = 'https://example.org/a'
export const request = { url, kind: 'metadata' } as const
export const silent: Fetcher = { fetch: () => new Promise(() => undefined) }

export function guardOf(more: Partial<GuardOptions> = {}): Guard {
  const limits = { maxLength: 100_000, minimumRate: 1_024, rateWindow: 30_000 }
  return createGuard({ ...limits, clock: manualClock(), ...more })
}

/** Gives the bodies in turn. */
export function fetcherOf(
  ...bodies: readonly AsyncIterable<Uint8Array>[]
): Fetcher & { readonly requests: FetchRequest[] } {
  const requests: FetchRequest[] = []
  return {
    requests,
    fetch(asked) {
      const body = bodies[requests.push(asked) - 1]
      return body ? Promise.resolve({ offset: 0, body }) : silent.fetch(asked)
    },
  }
}

/** A chunk for each length; then it is silent, or ends. */
export async function* chunks(lengths: readonly number[], then: 'end' | 'hang' = 'end') {
  for (const length of lengths) yield await Promise.resolve(new Uint8Array(length))
  if (then === 'hang') await new Promise(() => undefined)
}

/** What the promise came to so far. */
export function outcome(task: Promise<unknown>): { value?: unknown; error?: unknown } {
  const seen: { value?: unknown; error?: unknown } = {}
  task.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error),
  )
  return seen
}
