/** The keys of the threshold vectors, and how these are written. */
import type { JsonValue } from '../../../src/core/json/value.js'
import { ed25519Signer, keyidOf } from '../../../src/testing/keys.js'
import type { FunctionVector } from '../../../src/vectors/format.js'
import { ecSpki, fromHex, hex, rsaSpki, toPem } from './der.js'
import { keptEcdsa, keptRsa } from './kept.js'
import { declared, type DeclaredKey, message, otherMessage } from './signed-message.js'
import { gives, refuses, type Terms } from './vector.js'

/** A key that signs, under a keyid. */
interface Signing {
  readonly keyid: string
  readonly key: DeclaredKey
  readonly sig: string
}

function ed25519(seed: string): Signing {
  const signer = ed25519Signer(`vectors: threshold ${seed}`)
  return { keyid: signer.keyid, key: signer.key, sig: hex(signer.sign(Buffer.from(message))) }
}

export const [a, b, c, d] = [ed25519('a'), ed25519('b'), ed25519('c'), ed25519('d')]
export const wrongSig = hex(ed25519Signer('vectors: threshold a').sign(Buffer.from(otherMessage)))

export const keptKeys = { ecdsa: keptEcdsa().curves['P-256'], rsa: keptRsa() }
const rsaNumbers = keptKeys.rsa.keys['2048'] ?? { modulus: '', exponent: '' }
export const rsaPem = toPem(rsaSpki(fromHex(rsaNumbers.modulus), fromHex(rsaNumbers.exponent)))
export const ecdsaPem = toPem(ecSpki('P-256', fromHex(keptKeys.ecdsa.point)))
export const ecdsa = named(
  declared('ecdsa', 'ecdsa-sha2-nistp256', ecdsaPem),
  keptKeys.ecdsa.sha256,
)
export const rsa = named(
  declared('rsa', 'rsassa-pss-sha256', rsaPem),
  keptKeys.rsa.signatures['pss-2048'],
)

export function named(key: DeclaredKey, sig = ''): Signing {
  return { keyid: keyidOf(key), key, sig }
}

/** The same key and signature under another keyid. */
export function as(keyid: string, { key, sig }: Signing): Signing {
  return { keyid, key, sig }
}

/** Another signature by the name of a key. */
export function withSig({ keyid, key }: Signing, sig: string): Signing {
  return { keyid, key, sig }
}

/** The differences from a role of the given keys. */
interface Role {
  readonly threshold: JsonValue
  readonly declared: readonly Signing[]
  /** Default: all that are declared. */
  readonly keyids?: readonly string[]
  readonly signed: readonly Signing[]
}

function question({ threshold, declared: keys, keyids, signed }: Role): FunctionVector['input'] {
  return {
    keys: Object.fromEntries(
      keys.map(({ keyid, key: { keytype, scheme, keyval } }) => [
        keyid,
        { keytype, scheme, keyval: { public: keyval.public } },
      ]),
    ),
    keyids: keyids ?? keys.map(({ keyid }) => keyid),
    threshold,
    message,
    signatures: signed.map(({ keyid, sig }) => ({ keyid, sig })),
  }
}

type Row = readonly [id: string, title: string, role: Role, more?: Partial<Terms>]

export function met(
  terms: Terms,
  rows: readonly (readonly [string, string, number, Role, Partial<Terms>?])[],
): readonly FunctionVector[] {
  return rows.map(([id, title, signed, role, more]) =>
    gives(terms, `threshold-${id}`, title, question(role), { signed }, more),
  )
}

export function missed(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, role, more]) =>
    refuses(terms, `threshold-${id}`, title, question(role), more),
  )
}

export const threshold: Terms = { requirements: ['4.3-threshold', '4.5-threshold'] }
