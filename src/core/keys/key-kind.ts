/** The two steps that readers of keys of every kind share. */
import type { UnusableKey } from './cryptography.js'

/** @internal */
export function broken(reason: string): UnusableKey {
  return { verdict: 'broken-key', reason }
}

/** @internal The bytes, if there are as many. */
export function ofLength(bytes: Uint8Array | undefined, length: number): Uint8Array | undefined {
  return bytes?.length === length ? bytes : undefined
}
