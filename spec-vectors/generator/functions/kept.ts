/** Signatures that are random and so were made once, by make-kept.ts. All hexadecimal. */
import { readFileSync } from 'node:fs'

/** A key and its signatures over the message of signed-message.ts. */
export interface KeptEcdsaKey {
  /** Uncompressed. */
  readonly point: string
  /** The two numbers of a signature with the hash function of the curve's scheme. */
  readonly r: string
  readonly s: string
  /** Signatures in DER with other hash functions. */
  readonly sha1: string
  readonly sha256: string
  readonly sha384: string
  readonly sha512: string
}

export interface KeptEcdsa {
  readonly curves: Readonly<Record<'P-256' | 'P-384' | 'P-521', KeptEcdsaKey>>
  /** Another key on P-256. */
  readonly second: KeptEcdsaKey
  readonly secp256k1: { readonly point: string; readonly sig: string }
  /** A key on P-256 that writes the curve's parameters out. */
  readonly explicit: { readonly pem: string; readonly sig: string }
}

export interface KeptRsa {
  readonly keys: Readonly<Record<string, { readonly modulus: string; readonly exponent: string }>>
  readonly signatures: Readonly<Record<string, string>>
}

export function keptEcdsa(): KeptEcdsa {
  const parse: (text: string) => KeptEcdsa = JSON.parse
  return parse(read('kept-ecdsa.json'))
}

export function keptRsa(): KeptRsa {
  const parse: (text: string) => KeptRsa = JSON.parse
  return parse(read('kept-rsa.json'))
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
