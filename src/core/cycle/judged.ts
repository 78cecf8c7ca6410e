/**
 * A judgement of a cycle on a platform that leaves the digests of large messages to the driver
 * (docs/adr/0037-signatures-in-browsers.md). It stays a pure function: without the digests it does not
 * end, and with them it is made again from its start, over the files that it read the first time.
 */
import { Digests, DigestsNeeded } from '../keys/digests.js'
import { ReadFiles } from '../metadata/kept-files.js'
import type { TrustOptions } from '../trust/verify.js'
import type { Cycle } from './request.js'

/** @internal The result of `judge`, which must do nothing else than judge. */
export function* judged<O extends TrustOptions, T>(options: O, judge: (options: O) => T): Cycle<T> {
  const { asked } = options.cryptography
  if (asked === undefined) return judge(options)
  const digests = new Digests(asked)
  const once = { ...options, digests, read: new ReadFiles() }
  for (;;) {
    try {
      return judge(once)
    } catch (error) {
      if (!(error instanceof DigestsNeeded)) throw error
      digests.take(error.requests, yield { digest: error.requests })
    }
  }
}
