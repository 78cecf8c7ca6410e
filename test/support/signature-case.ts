/** One line of the shared table of verdicts: every platform must come to the same. */

import type { KeyOptions } from '../../src/core/keys/keys.js'
import type { LoadedKey } from '../../src/core/keys/load.js'
import type { Key } from '../../src/core/metadata/model.js'

type Loaded = Extract<LoadedKey, { verdict: 'ok' }>

export interface SignatureCase {
  readonly title: string
  readonly key: Key
  readonly message: Uint8Array
  /** As in metadata. */
  readonly sig: string
  /** The error of loading the key, else the result of verifying. */
  readonly verdict: Exclude<LoadedKey['verdict'], 'ok'> | ReturnType<Loaded['verify']>
  readonly options?: KeyOptions
}

export const message: Uint8Array = new TextEncoder().encode('{"_type":"root"}')
export const otherMessage: Uint8Array = new TextEncoder().encode('{"_type":"toor"}')

export function makeKey(keytype: string, scheme: string, publicText: string): Key {
  return { keyid: 'a', keytype, scheme, public: publicText }
}

/** Flips one bit; a negative index counts from the end. */
export function flipBit(bytes: Uint8Array, index: number): Uint8Array {
  const flipped = Uint8Array.from(bytes)
  const at = index < 0 ? bytes.length + index : index
  flipped[at] = (flipped[at] ?? 0) ^ 1
  return flipped
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
