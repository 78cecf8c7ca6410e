/** RSA public keys of any numbers, as PEM: a test need not find primes for them. */

/** An RSAPublicKey (RFC 8017, A.1.1). */
export function derOf(modulus: bigint, exponent: bigint): Uint8Array {
  return tagged(0x30, Buffer.concat([integer(modulus), integer(exponent)]))
}

export function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN RSA PUBLIC KEY-----\n${lines.join('\n')}\n-----END RSA PUBLIC KEY-----\n`
}

function integer(number: bigint): Uint8Array {
  const hex = number.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const [first = 0] = bytes
  return tagged(0x02, first < 0x80 ? bytes : Buffer.concat([Uint8Array.of(0), bytes]))
}

function tagged(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Uint8Array.of(tag, ...head), content])
}
