/** The kept RSA keys, and how the vectors with them are written. */
import type { FunctionVector } from '../../../src/vectors/format.js'
import { fromHex, rsaSpki, toPem } from './der.js'
import { keptRsa } from './kept.js'
import { declared, type DeclaredKey, signatureInput } from './signed-message.js'
import { accepts, refuses, type Terms } from './vector.js'

const kept = keptRsa()
export const { modulus, exponent } = numbersOf('2048')
export const pem = toPem(rsaSpki(modulus, exponent))
export const good2048 = sigOf('pss-2048')

export const rsa: Terms = { requirements: ['4.2.2-rsa', '4.2.1-signature'] }
export const bits: Terms = { requirements: ['4.2.2-rsa-bits'] }
export const choice: Terms = {
  requirements: ['4.2.2-rsa'],
  profile: 'tuffet',
  note: '4.2.2 names one scheme of RSA; a client may know others.',
}

function numbersOf(name: string): { readonly modulus: Uint8Array; readonly exponent: Uint8Array } {
  const found = kept.keys[name]
  if (found === undefined) throw new RangeError(`no key ${name} is kept`)
  return { modulus: fromHex(found.modulus), exponent: fromHex(found.exponent) }
}

export function sigOf(name: string): string {
  const found = kept.signatures[name]
  if (found === undefined) throw new RangeError(`no signature ${name} is kept`)
  return found
}

export function key(
  text: string = pem,
  scheme = 'rsassa-pss-sha256',
  keytype = 'rsa',
): DeclaredKey {
  return declared(keytype, scheme, text)
}

export function keyOf(name: string): DeclaredKey {
  const found = numbersOf(name)
  return key(toPem(rsaSpki(found.modulus, found.exponent)))
}

export type Row = readonly [
  id: string,
  title: string,
  key: DeclaredKey,
  sig: string,
  message?: string,
]

export function accepted(
  terms: Terms,
  rows: readonly Row[],
  optIn = false,
): readonly FunctionVector[] {
  return rows.map(([id, title, one, sig, signed]) =>
    accepts(terms, `rsa-${id}`, title, {
      ...signatureInput(one, sig, signed),
      ...(optIn && { optIn }),
    }),
  )
}

export function refused(
  terms: Terms,
  rows: readonly Row[],
  optIn = false,
): readonly FunctionVector[] {
  return rows.map(([id, title, one, sig, signed]) =>
    refuses(terms, `rsa-${id}`, title, {
      ...signatureInput(one, sig, signed),
      ...(optIn && { optIn }),
    }),
  )
}
