/**
 * The contract of the `Store` port as cases for any test runner. Every store of this package passes
 * them, and so must a store of your own.
 */
import { entryCases } from './entries.js'
import { sharedCases } from './shared.js'
import type { StoreCase, StoreSubject } from './subject.js'

/**
 * The contract's cases for one store: entries and their limits, whole values while others write, and for
 * a shared store that no change is lost.
 *
 * @example
 * ```ts runs
 * import { memoryStore } from 'tuffet'
 * import { storeContract } from 'tuffet/testing'
 *
 * // With a test runner: `test(title, run)`.
 * for (const { title, run } of storeContract({ open: () => memoryStore() })) {
 *   await run().catch((cause) => Promise.reject(new Error(title, { cause })))
 * }
 * ```
 */
export function storeContract(subject: StoreSubject): readonly StoreCase[] {
  const { shared } = subject
  return [...entryCases(subject), ...(shared ? sharedCases(subject, shared) : [])]
}
