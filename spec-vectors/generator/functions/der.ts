/** DER and PEM, written byte by byte; and on request with small faults. */

/** A value with a minimal length. */
export function tagged(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents)
  const { length } = content
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Uint8Array.from([...header, ...content])
}

/** The same with a length that takes one byte more than it needs. */
export function taggedLong(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const minimal = tagged(tag, ...contents)
  const [, second = 0] = minimal
  if (second < 0x80) return Uint8Array.from([tag, 0x81, ...minimal.subarray(1)])
  return Uint8Array.from([tag, second + 1, 0, ...minimal.subarray(2)])
}

export function sequence(...contents: readonly Uint8Array[]): Uint8Array {
  return tagged(0x30, ...contents)
}

/** A positive integer from its big-endian bytes, leading zeros allowed. */
export function integer(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0)
  const digits = start < 0 ? Uint8Array.of(0) : bytes.subarray(start)
  return (digits[0] ?? 0) < 0x80 ? tagged(0x02, digits) : tagged(0x02, Uint8Array.of(0), digits)
}

export function bitString(content: Uint8Array, unusedBits = 0): Uint8Array {
  return tagged(0x03, Uint8Array.of(unusedBits), content)
}

/** From the content in hexadecimal. */
export function objectIdentifier(content: string): Uint8Array {
  return tagged(0x06, Buffer.from(content, 'hex'))
}

/** By their names in RFC 5480 and RFC 8017. */
export const oids = {
  ecPublicKey: objectIdentifier('2a8648ce3d0201'),
  'P-256': objectIdentifier('2a8648ce3d030107'),
  'P-384': objectIdentifier('2b81040022'),
  'P-521': objectIdentifier('2b81040023'),
  secp256k1: objectIdentifier('2b8104000a'),
  rsaEncryption: objectIdentifier('2a864886f70d010101'),
  rsassaPss: objectIdentifier('2a864886f70d01010a'),
} as const

export const nothing: Uint8Array = tagged(0x05)

/** SubjectPublicKeyInfo of a named curve. */
export function ecSpki(
  curve: 'P-256' | 'P-384' | 'P-521' | 'secp256k1',
  point: Uint8Array,
): Uint8Array {
  return sequence(sequence(oids.ecPublicKey, oids[curve]), bitString(point))
}

/** RSAPublicKey. */
export function rsaPublicKey(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  return sequence(integer(modulus), integer(exponent))
}

/** SubjectPublicKeyInfo of RSA. */
export function rsaSpki(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  return sequence(sequence(oids.rsaEncryption, nothing), bitString(rsaPublicKey(modulus, exponent)))
}

export function toPem(der: Uint8Array, label = 'PUBLIC KEY'): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

/** Big-endian, of a given length. */
export function toBytes(number: bigint, size: number): Uint8Array {
  return fromHex(number.toString(16).padStart(2 * size, '0'))
}

export function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(bytes)}`)
}

/** Flips the lowest bit of a byte; a negative index counts from the end. */
export function flipBit(bytes: Uint8Array, index: number): Uint8Array {
  const at = index < 0 ? bytes.length + index : index
  return bytes.map((byte, position) => (position === at ? byte ^ 1 : byte))
}
