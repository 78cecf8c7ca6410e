/** ECDSA: encodings of points, and signatures that are nearly DER. */

import { createPublicKey, ECDH, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import {
  bitString,
  ecSpki,
  integer,
  oids,
  rsaSpki,
  sequence,
  tagged,
  taggedLong,
} from '../../spec-vectors/generator/functions/der.js'
import {
  flipBit,
  hex,
  makeKey,
  message,
  otherMessage,
  toPem,
  type SignatureCase,
} from './signature-case.js'

export const curves = {
  'P-256': { order: p256.Point.CURVE().n, field: p256.Point.CURVE().p, size: 32 },
  'P-384': { order: p384.Point.CURVE().n, field: p384.Point.CURVE().p, size: 48 },
  'P-521': { order: p521.Point.CURVE().n, field: p521.Point.CURVE().p, size: 66 },
} as const
const groups = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' } as const
const schemes = {
  'P-256': 'ecdsa-sha2-nistp256',
  'P-384': 'ecdsa-sha2-nistp384',
  'P-521': 'ecdsa-sha2-nistp521',
} as const
const hashes = { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' } as const
const otherHashes = { 'P-256': 'sha384', 'P-384': 'sha512', 'P-521': 'sha256' } as const

export type Curve = keyof typeof curves

/** A fresh key in every form that metadata may write it in. */
export interface EcdsaKeyPair {
  readonly privateKey: KeyObject
  readonly uncompressed: Uint8Array
  readonly compressed: Uint8Array
  readonly pem: string
}

export function makeEcdsaKeyPair(curve: Curve): EcdsaKeyPair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve })
  const publicKey = createPublicKey(privateKey)
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const uncompressed = Buffer.concat([
    Uint8Array.of(4),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ])
  const compressed = ECDH.convertKey(uncompressed, groups[curve], undefined, 'hex', 'compressed')
  return {
    privateKey,
    uncompressed,
    compressed: Buffer.from(compressed.toString(), 'hex'),
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  }
}

export function ecdsaCases(curve: Curve): readonly SignatureCase[] {
  const pair = makeEcdsaKeyPair(curve)
  const { uncompressed, compressed, pem } = pair
  return [
    ...formCases(curve, pair),
    ...derCases(curve, pair),
    ...brokenKeyCases(curve, pair),
  ].concat(
    {
      title: 'a key of this curve with the scheme of another',
      key: makeKey('ecdsa', schemes[curve === 'P-384' ? 'P-256' : 'P-384'], pem),
      message,
      sig: hex(signDer(pair, hashes[curve])),
      verdict: 'broken-key',
    },
    {
      title: 'a point of this curve with the scheme of another',
      key: makeKey('ecdsa', schemes[curve === 'P-384' ? 'P-256' : 'P-384'], hex(uncompressed)),
      message,
      sig: hex(signDer(pair, hashes[curve])),
      verdict: 'broken-key',
    },
    {
      title: 'a point labelled Ed25519',
      key: makeKey('ed25519', 'ed25519', hex(compressed)),
      message,
      sig: hex(signDer(pair, hashes[curve])),
      verdict: 'broken-key',
    },
    {
      title: 'a key type of another curve',
      key: makeKey(schemes[curve === 'P-384' ? 'P-256' : 'P-384'], schemes[curve], pem),
      message,
      sig: hex(signDer(pair, hashes[curve])),
      verdict: 'unsupported-key',
    },
  )
}

/** Every form of the key and of a good signature. */
function formCases(curve: Curve, pair: EcdsaKeyPair): readonly SignatureCase[] {
  const { uncompressed, compressed, pem } = pair
  const good = signDer(pair, hashes[curve])
  const { r, s } = signRaw(curve, pair)
  const { order, size } = curves[curve]
  const otherS = toBytes(order - BigInt(`0x${hex(s)}`), size)
  const key = makeKey('ecdsa', schemes[curve], pem)
  const forms = {
    PEM: pem,
    'PEM without a last line feed': pem.trimEnd(),
    'PEM with carriage returns': pem.replaceAll('\n', '\r\n'),
    'hexadecimal, uncompressed': hex(uncompressed),
    'upper-case hexadecimal, compressed': hex(compressed).toUpperCase(),
    'PEM, compressed': toPem('PUBLIC KEY', ecSpki(curve, compressed)),
  }
  return [
    ...Object.entries(forms).flatMap(([form, text]) =>
      ['ecdsa', schemes[curve]].map((keytype): SignatureCase => ({
        title: `${form}, key type ${keytype}`,
        key: makeKey(keytype, schemes[curve], text),
        message,
        sig: hex(good),
        verdict: 'signed',
      })),
    ),
    { title: 's and the order less s', key, message, sig: hex(der(r, otherS)), verdict: 'signed' },
    { title: 'upper-case', key, message, sig: hex(good).toUpperCase(), verdict: 'signed' },
    {
      title: 'another message',
      key,
      message: otherMessage,
      sig: hex(good),
      verdict: 'wrong-signature',
    },
    { title: 'another s', key, message, sig: hex(flipBit(good, -1)), verdict: 'wrong-signature' },
    {
      title: 'another hash function',
      key,
      message,
      sig: hex(signDer(pair, otherHashes[curve])),
      verdict: 'wrong-signature',
    },
    {
      title: 'another key',
      key,
      message,
      sig: hex(signDer(makeEcdsaKeyPair(curve), hashes[curve])),
      verdict: 'wrong-signature',
    },
    ...[order, order + 1n, 2n ** BigInt(8 * size) - 1n].flatMap((number): SignatureCase[] => {
      const tooLarge = toBytes(number, size)
      return [
        {
          title: `r is ${number}`,
          key,
          message,
          sig: hex(der(tooLarge, s)),
          verdict: 'wrong-signature',
        },
        {
          title: `s is ${number}`,
          key,
          message,
          sig: hex(der(r, tooLarge)),
          verdict: 'wrong-signature',
        },
      ]
    }),
  ]
}

/** Signatures that are not DER, though their two numbers would be valid. */
function derCases(curve: Curve, pair: EcdsaKeyPair): readonly SignatureCase[] {
  const { size } = curves[curve]
  const { r, s } = signRaw(curve, pair)
  const [ri, si] = [integer(r), integer(s)]
  const good = sequence(ri, si)
  const zero = Uint8Array.of(0)
  const malformed: Readonly<Record<string, Uint8Array>> = {
    'r and s without DER': Buffer.concat([r, s]),
    'a long sequence length': taggedLong(0x30, ri, si),
    'a long integer length': sequence(taggedLong(0x02, ri.subarray(2)), si),
    'an indefinite length': Buffer.concat([Uint8Array.of(0x30, 0x80), ri, si, new Uint8Array(2)]),
    'a length of 127 bytes': Buffer.concat([Uint8Array.of(0x30, 0xff), ri, si]),
    'a negative r': sequence(tagged(0x02, ri.subarray(3)), si),
    'a negative s': sequence(ri, tagged(0x02, si.subarray(3))),
    'a padded r': sequence(tagged(0x02, zero, ri.subarray(2)), si),
    'a padded s': sequence(ri, tagged(0x02, zero, si.subarray(2))),
    'r is zero': sequence(integer(zero), si),
    's is zero': sequence(ri, integer(zero)),
    'r is no bytes': sequence(tagged(0x02), si),
    's is no bytes': sequence(ri, tagged(0x02)),
    'r is longer than the order': sequence(
      integer(Buffer.concat([Uint8Array.of(1), toBytes(1n, size)])),
      si,
    ),
    'bytes after the sequence': Buffer.concat([good, zero]),
    'bytes within the sequence': sequence(ri, si, zero),
    'a third integer': sequence(ri, si, integer(Uint8Array.of(1))),
    'only one integer': sequence(ri),
    'an empty sequence': sequence(),
    'a set': tagged(0x31, ri, si),
    'a bit string for r': sequence(tagged(0x03, ri.subarray(2)), si),
    'cut short': good.subarray(0, -1),
    'a tag alone': Uint8Array.of(0x30),
  }
  const key = makeKey('ecdsa', schemes[curve], pair.pem)
  return [
    { title: 'DER written here', key, message, sig: hex(good), verdict: 'signed' },
    { title: 'no signature text', key, message, sig: '', verdict: 'empty-signature' },
    { title: 'no hexadecimal', key, message, sig: 'signature', verdict: 'malformed-signature' },
    ...Object.entries(malformed).map(([title, sig]): SignatureCase => ({
      title,
      key,
      message,
      sig: hex(sig),
      verdict: 'malformed-signature',
    })),
  ]
}

function brokenKeyCases(curve: Curve, pair: EcdsaKeyPair): readonly SignatureCase[] {
  const { uncompressed, compressed, pem } = pair
  const { field, size } = curves[curve]
  const sig = hex(signDer(pair, hashes[curve]))
  const x = uncompressed.subarray(1, 1 + size)
  const y = uncompressed.subarray(1 + size)
  const offCurve = flipBit(uncompressed, -1)
  // For P-521 there is room for x + p; for the others the sum is longer than a coordinate.
  const tooLargeX = toBytes(field, size)
  const broken: Readonly<Record<string, string>> = {
    'no text': '',
    'neither hexadecimal nor PEM': 'key',
    'off the curve': hex(offCurve),
    'off the curve, PEM': toPem('PUBLIC KEY', ecSpki(curve, offCurve)),
    'an x that no point has': `02${hex(xOfNoPoint(curve))}`,
    'x is p': hex(Buffer.concat([Uint8Array.of(4), tooLargeX, y])),
    'x is p, compressed': hex(Buffer.concat([Uint8Array.of(2), tooLargeX])),
    'y is p': hex(Buffer.concat([Uint8Array.of(4), x, tooLargeX])),
    'the point at infinity': '00',
    'a hybrid point': hex(Buffer.concat([Uint8Array.of(6 + ((y.at(-1) ?? 0) & 1)), x, y])),
    'a point without its first byte': hex(uncompressed.subarray(1)),
    'a point cut short': hex(uncompressed.subarray(0, -1)),
    'a compressed point as long as the other form': hex(
      Buffer.concat([compressed.subarray(0, 1), uncompressed.subarray(1)]),
    ),
    'PEM of two keys': pem + pem,
    'PEM with text before it': `key:\n${pem}`,
    'PEM of a certificate': pem.replaceAll('PUBLIC KEY', 'CERTIFICATE'),
    'PEM with bytes after the key': toPem(
      'PUBLIC KEY',
      Buffer.concat([ecSpki(curve, uncompressed), new Uint8Array(3)]),
    ),
    'PEM with a long length': toPem(
      'PUBLIC KEY',
      taggedLong(0x30, sequence(oids.ecPublicKey, oids[curve]), bitString(uncompressed)),
    ),
    'PEM with unused bits': toPem(
      'PUBLIC KEY',
      sequence(sequence(oids.ecPublicKey, oids[curve]), bitString(uncompressed, 1)),
    ),
    'PEM without a curve': toPem(
      'PUBLIC KEY',
      sequence(sequence(oids.ecPublicKey), bitString(uncompressed)),
    ),
    'PEM of RSA': toPem('PUBLIC KEY', rsaSpki(uncompressed, Uint8Array.of(3))),
  }
  return Object.entries(broken).map(([title, text]): SignatureCase => ({
    title: `key: ${title}`,
    key: makeKey('ecdsa', schemes[curve], text),
    message,
    sig,
    verdict: 'broken-key',
  }))
}

function xOfNoPoint(curve: Curve): Uint8Array {
  const { size } = curves[curve]
  const { Point } = { 'P-256': p256, 'P-384': p384, 'P-521': p521 }[curve]
  for (let x = 1n; ; x++) {
    const bytes = toBytes(x, size)
    try {
      Point.fromBytes(Uint8Array.from([2, ...bytes]))
    } catch {
      return bytes
    }
  }
}

function der(r: Uint8Array, s: Uint8Array): Uint8Array {
  return sequence(integer(r), integer(s))
}

function signDer({ privateKey }: EcdsaKeyPair, hash: string): Uint8Array {
  return sign(hash, message, privateKey)
}

/** A signature of two numbers that both need a zero byte before them in DER. */
function signRaw(
  curve: Curve,
  { privateKey }: EcdsaKeyPair,
): { readonly r: Uint8Array; readonly s: Uint8Array } {
  const { size } = curves[curve]
  // Tag and length come first; the length of a number never needs more than a byte.
  const needsZero = (number: Uint8Array): boolean => integer(number)[2] === 0
  for (;;) {
    const raw = sign(hashes[curve], message, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const [r, s] = [raw.subarray(0, size), raw.subarray(size)]
    if (needsZero(r) && needsZero(s)) return { r, s }
  }
}

function toBytes(number: bigint, size: number): Uint8Array {
  return Buffer.from(number.toString(16).padStart(2 * size, '0'), 'hex')
}
