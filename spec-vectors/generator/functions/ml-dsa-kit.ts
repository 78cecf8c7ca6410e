/** The ML-DSA keys of these vectors, and how they are written. */
import type { MlDsaParameters } from '../../../src/core/keys/cryptography.js'
import { mlDsaSigner } from '../../../src/testing/ml-dsa.js'
import { bitString, hex, objectIdentifier, sequence, toPem } from './der.js'
import { declared, type DeclaredKey, message, signatureInput } from './signed-message.js'
import { accepts, refuses, type Terms } from './vector.js'
import type { FunctionVector } from '../../../src/vectors/format.js'

export const mlDsa: Terms = { requirements: ['tap21-key', 'tap21-signature'], profile: 'tap21' }
export const signedText: Terms = { requirements: ['tap21-message'], profile: 'tap21' }
export const scheme: Terms = { requirements: ['tap21-scheme'], profile: 'tap21' }

/** RFC 9881, 2. */
export const oids: Readonly<Record<MlDsaParameters, Uint8Array>> = {
  'ML-DSA-44': objectIdentifier('608648016503040311'),
  'ML-DSA-65': objectIdentifier('608648016503040312'),
  'ML-DSA-87': objectIdentifier('608648016503040313'),
}

const signer = mlDsaSigner('vectors: the key')
export const pem = signer.key.keyval.public
export const sig = hex(signer.sign(Buffer.from(message)))
/** The key as FIPS 204 encodes it. */
export const encoded: Uint8Array = Uint8Array.from(
  Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64').subarray(-1312),
)

export function spki(key: Uint8Array, identifier = oids['ML-DSA-44']): Uint8Array {
  return sequence(sequence(identifier), bitString(key))
}

export function key(text: string = pem, named = 'ml-dsa-44/1', keytype = 'ml-dsa'): DeclaredKey {
  return declared(keytype, named, text)
}

/** Of a key of ML-DSA-44 as FIPS 204 encodes it. */
export function keyOf(bytes: Uint8Array): DeclaredKey {
  return key(toPem(spki(bytes)))
}

type Row = readonly [
  id: string,
  title: string,
  key: DeclaredKey,
  sig: string,
  message?: string | { readonly base64: string },
]

export function accepted(terms: Terms, all: readonly Row[]): readonly FunctionVector[] {
  return all.map(([id, title, one, text, signed]) =>
    accepts(terms, `ml-dsa-${id}`, title, signatureInput(one, text, signed)),
  )
}

export function refused(terms: Terms, all: readonly Row[]): readonly FunctionVector[] {
  return all.map(([id, title, one, text, signed]) =>
    refuses(terms, `ml-dsa-${id}`, title, signatureInput(one, text, signed)),
  )
}
