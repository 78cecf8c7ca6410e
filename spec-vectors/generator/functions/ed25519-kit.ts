/** The Ed25519 key of these vectors, and how they are written. */
import { ed25519Signer } from '../../../src/testing/keys.js'
import type { FunctionVector } from '../../../src/vectors/format.js'
import { hex } from './der.js'
import { declared, type DeclaredKey, message, signatureInput } from './signed-message.js'
import { accepts, refuses, type Terms } from './vector.js'

export const ed25519: Terms = { requirements: ['4.2.2-ed25519', '4.2.1-signature'] }
export const shared =
  'RFC 8032 lets verifiers choose between two equations, and implementations differ.'

export const signer = ed25519Signer('vectors: the key')
export const sig = hex(signer.sign(Buffer.from(message)))
export const publicHex = signer.key.keyval.public

export function key(text: string = publicHex): DeclaredKey {
  return declared('ed25519', 'ed25519', text)
}

type Row = readonly [
  id: string,
  title: string,
  key: DeclaredKey,
  sig: string,
  message?: string | { readonly base64: string },
]

export function accepted(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, one, text, signed]) =>
    accepts(terms, `ed25519-${id}`, title, signatureInput(one, text, signed)),
  )
}

export function refused(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, one, text, signed]) =>
    refuses(terms, `ed25519-${id}`, title, signatureInput(one, text, signed)),
  )
}
