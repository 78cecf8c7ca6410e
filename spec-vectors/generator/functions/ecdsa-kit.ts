/** The kept ECDSA key, and how the vectors with it are written. */
import { p256 } from '@noble/curves/nist.js'
import type { FunctionVector } from '../../../src/vectors/format.js'
import { ecSpki, fromHex, hex, integer, sequence, toPem } from './der.js'
import { keptEcdsa } from './kept.js'
import { declared, type DeclaredKey, signatureInput } from './signed-message.js'
import { accepts, refuses, type Terms } from './vector.js'

export const kept = keptEcdsa()
export const main = kept.curves['P-256']
export const point = fromHex(main.point)
export const [r, s] = [fromHex(main.r), fromHex(main.s)]
export const good256 = hex(der(r, s))
export const pem = toPem(ecSpki('P-256', point))
export const { n: order, p: field } = p256.Point.CURVE()

export const ecdsa: Terms = { requirements: ['4.2.2-ecdsa', '4.2.1-signature'] }
/** Signatures that are not DER, or differ from the text's form. */
export const open: Terms = {
  ...ecdsa,
  profile: 'tuffet',
  note: 'The specification does not say how the two numbers are written. Everybody writes DER, which allows one form of a value; not every reader insists on it.',
}

export function der(one: Uint8Array, two: Uint8Array): Uint8Array {
  return sequence(integer(one), integer(two))
}

export function key(
  text: string = pem,
  scheme = 'ecdsa-sha2-nistp256',
  keytype = 'ecdsa',
): DeclaredKey {
  return declared(keytype, scheme, text)
}

type Row = readonly [id: string, title: string, key: DeclaredKey, sig: string, message?: string]

export function accepted(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, one, sig, signed]) =>
    accepts(terms, `ecdsa-${id}`, title, signatureInput(one, sig, signed)),
  )
}

export function refused(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, one, sig, signed]) =>
    refuses(terms, `ecdsa-${id}`, title, signatureInput(one, sig, signed)),
  )
}

export function compress(full: Uint8Array): Uint8Array {
  const size = (full.length - 1) / 2
  return Uint8Array.from([2 + ((full.at(-1) ?? 0) & 1), ...full.subarray(1, 1 + size)])
}
