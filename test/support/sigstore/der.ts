/** Writes DER, for certificates and timestamps of tests. */
import { encodeAsn1, tags } from '../../../src/sigstore/x509/asn1.js'

export { encodeAsn1 as value, context, tags } from '../../../src/sigstore/x509/asn1.js'

const utf8 = new TextEncoder()

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return encodeAsn1(tags.sequence, ...parts)
}

export function set(...parts: readonly Uint8Array[]): Uint8Array {
  return encodeAsn1(tags.set, ...parts)
}

export function octets(content: Uint8Array): Uint8Array {
  return encodeAsn1(tags.octetString, content)
}

export function bits(content: Uint8Array): Uint8Array {
  return encodeAsn1(tags.bitString, Uint8Array.of(0), content)
}

export function integer(number: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = number; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256)
  }
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0)
  return encodeAsn1(tags.integer, Uint8Array.from(bytes))
}

export function boolean(truth: boolean): Uint8Array {
  return encodeAsn1(tags.boolean, Uint8Array.of(truth ? 0xff : 0))
}

export function text(content: string): Uint8Array {
  return encodeAsn1(tags.utf8String, utf8.encode(content))
}

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const digits = [number & 0x7f]
    for (let more = number >>> 7; more > 0; more >>>= 7) digits.unshift((more & 0x7f) | 0x80)
    return digits
  })
  return encodeAsn1(tags.oid, Uint8Array.from(bytes))
}

/** GeneralizedTime, from milliseconds since 1970. */
export function time(milliseconds: number): Uint8Array {
  const digits = new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, '')
  return encodeAsn1(tags.generalizedTime, utf8.encode(digits))
}

/** A name of one common name; empty for none. */
export function name(commonName: string): Uint8Array {
  return commonName === '' ? sequence() : sequence(set(sequence(oid('2.5.4.3'), text(commonName))))
}
