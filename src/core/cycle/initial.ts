/** How a root that the user trusts becomes the anchor of a store (5.2), without any request. */
import { anchorEntry, rootEntry } from '../names.js'
import { readableRoot } from '../trust/root-file.js'
import { trustAnchor } from '../trust/root.js'
import { requireOwnStore } from './anchor.js'
import type { Cycle, RootOptions } from './request.js'
import { keepAnchor, keepAs, keepCopy, readRoot } from './root.js'

/**
 * Keeps the anchor for every later cycle without an `anchor` option. It never yields `fetch`.
 *
 * @throws MetadataInvalidError, SpecVersionError, ThresholdError when it is not a root that is
 *   signed by its own keys; ForeignStoreError; StoreConflictError
 *
 * @example
 * ```ts
 * import { initialCycle, type RootOptions } from 'tuffet/core'
 *
 * // The entries to write for a new store, in order.
 * function initialEntries(anchor: Uint8Array, options: RootOptions): string[] {
 *   const entries: string[] = []
 *   const cycle = initialCycle({ ...options, anchor })
 *   let step = cycle.next()
 *   while (step.done !== true) {
 *     const request = step.value
 *     if ('persist' in request) entries.push(request.persist)
 *     step = cycle.next('persist' in request ? 'done' : undefined)
 *   }
 *   return entries
 * }
 * ```
 */
export function* initialCycle(options: RootOptions & { readonly anchor: Uint8Array }): Cycle<void> {
  const bytes = options.anchor
  const anchor = { trust: trustAnchor(bytes, options), bytes }
  yield* requireOwnStore(anchor, options, { ask: false, write: true })
  yield* keepAnchor(anchor, options)
  const copy = yield* readRoot(rootEntry, options)
  const copied = copy && readableRoot(copy, options)?.signed.version
  // A store with newer roots keeps its copy of the newest.
  if (copied === undefined || copied <= anchor.trust.root.signed.version) {
    yield* keepCopy(anchor, copy, options)
  }
  // The anchor comes last: without it no cycle starts, and the user runs init again.
  yield* keepAs(anchorEntry, anchor, options)
}
