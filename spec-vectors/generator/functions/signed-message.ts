/** The common part of the signature families: the message, and the form of an input. */
import type { FunctionVector } from '../../../src/vectors/format.js'

/** The signed message: the canonical form of a small `signed`. */
export const message = '{"_type":"timestamp","version":1}'
export const otherMessage = '{"_type":"timestamp","version":2}'

/** A key as metadata declares it. */
export interface DeclaredKey {
  readonly keytype: string
  readonly scheme: string
  readonly keyval: { readonly public: string }
}

export function declared(keytype: string, scheme: string, text: string): DeclaredKey {
  return { keytype, scheme, keyval: { public: text } }
}

export function signatureInput(
  key: DeclaredKey,
  sig: string,
  signed: string | { readonly base64: string } = message,
): FunctionVector['input'] {
  const { keytype, scheme, keyval } = key
  return { key: { keytype, scheme, keyval: { public: keyval.public } }, message: signed, sig }
}

/** Begins the description of each of these families. */
export const aboutSignatures =
  'Is `sig` (as in metadata) a signature of `key` (as in a table of keys) over `message` (a body)? Refused: an unusable key, and text that is not a signature.'
