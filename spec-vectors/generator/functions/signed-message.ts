/** What the signature families have in common: the message, and how an input is written. */
import type { FunctionVector } from '../../../src/testing/vectors/format.js'

/** What is signed: the canonical form of a small `signed`. */
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
  'Is `sig` (as in metadata) a signature of `key` (as in a table of keys) over `message` (a body)? ' +
  'A key that cannot be used, and a signature that is none, are refused.'
