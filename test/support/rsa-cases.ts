/** RSA: key sizes, exponents, salts, and paddings that are nearly right. */

import {
  constants,
  createPublicKey,
  privateEncrypt,
  publicDecrypt,
  sign,
  type KeyObject,
} from 'node:crypto'
import {
  bitString,
  integer,
  nothing,
  oids,
  rsaPublicKey,
  rsaSpki,
  sequence,
} from '../../spec-vectors/generator/functions/der.js'
import { makeRsaPrivateKey } from '../../spec-vectors/generator/functions/make-rsa.js'
import { makeEcdsaKeyPair } from './ecdsa-cases.js'
import {
  flipBit,
  hex,
  makeKey,
  message,
  otherMessage,
  toPem,
  type SignatureCase,
} from './signature-case.js'

type HashName = 'sha256' | 'sha384' | 'sha512'
const digestLengths = { sha256: 32, sha384: 48, sha512: 64 } as const
const optIn = { pkcs1v15: true } as const

/** A private key with the two numbers of its public one. */
export interface RsaKeyPair {
  readonly privateKey: KeyObject
  readonly modulus: Uint8Array
  readonly exponent: Uint8Array
  readonly pem: string
}

export function makeRsaKeyPair(modulusLength: number, publicExponent = 65537): RsaKeyPair {
  const privateKey = makeRsaPrivateKey(modulusLength, publicExponent)
  const publicKey = createPublicKey(privateKey)
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
  return {
    privateKey,
    modulus: Buffer.from(n, 'base64url'),
    exponent: Buffer.from(e, 'base64url'),
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  }
}

export function rsaCases(): readonly SignatureCase[] {
  const pair = makeRsaKeyPair(2048)
  // One bit more than whole bytes: the encoded message is a byte shorter than the modulus.
  const oddPair = makeRsaKeyPair(2049)
  return [
    ...pssCases(pair, '2048 bits'),
    ...pssCases(oddPair, '2049 bits'),
    ...pssCases(makeRsaKeyPair(2048, 3), 'exponent 3'),
    ...pkcs1v15Cases(pair, '2048 bits'),
    ...pkcs1v15Cases(oddPair, '2049 bits'),
    ...alteredPssCases(pair),
    ...alteredPkcs1v15Cases(pair),
    ...keyCases(pair),
  ]
}

function pssCases(pair: RsaKeyPair, name: string): readonly SignatureCase[] {
  const key = makeKey('rsa', 'rsassa-pss-sha256', pair.pem)
  const good = signPss(pair, 'sha256')
  const longestSalt = Math.ceil((bitLength(pair.modulus) - 1) / 8) - 32 - 2
  const cases: readonly SignatureCase[] = [
    ...(['sha256', 'sha384', 'sha512'] as const).map((hash): SignatureCase => ({
      title: hash,
      key: makeKey('rsa', `rsassa-pss-${hash}`, pair.pem),
      message,
      sig: hex(signPss(pair, hash)),
      verdict: 'signed',
    })),
    ...[0, 20, 31, 33, longestSalt].map((saltLength): SignatureCase => ({
      title: `a salt of ${saltLength} bytes`,
      key,
      message,
      sig: hex(signPss(pair, 'sha256', saltLength)),
      verdict: 'wrong-signature',
    })),
    ...rangeCases(pair, key, good),
    {
      title: 'another hash function',
      key,
      message,
      sig: hex(signPss(pair, 'sha384', 32)),
      verdict: 'wrong-signature',
    },
    {
      title: 'PKCS #1 v1.5 under the PSS scheme',
      key,
      message,
      sig: hex(signPkcs1v15(pair, 'sha256')),
      verdict: 'wrong-signature',
    },
  ]
  return cases.map((one) => ({ ...one, title: `PSS, ${name}: ${one.title}` }))
}

function pkcs1v15Cases(pair: RsaKeyPair, name: string): readonly SignatureCase[] {
  const key = makeKey('rsa', 'rsa-pkcs1v15-sha256', pair.pem)
  const good = signPkcs1v15(pair, 'sha256')
  const cases: readonly SignatureCase[] = [
    ...(['sha256', 'sha384', 'sha512'] as const).map((hash): SignatureCase => ({
      title: hash,
      key: makeKey('rsa', `rsa-pkcs1v15-${hash}`, pair.pem),
      message,
      sig: hex(signPkcs1v15(pair, hash)),
      verdict: 'signed',
    })),
    ...rangeCases(pair, key, good),
    {
      title: 'another hash function',
      key,
      message,
      sig: hex(signPkcs1v15(pair, 'sha384')),
      verdict: 'wrong-signature',
    },
    {
      title: 'PSS under the PKCS #1 v1.5 scheme',
      key,
      message,
      sig: hex(signPss(pair, 'sha256')),
      verdict: 'wrong-signature',
    },
  ]
  return [
    ...cases.map((one) => ({
      ...one,
      title: `PKCS #1 v1.5, ${name}: ${one.title}`,
      options: optIn,
    })),
    {
      title: `PKCS #1 v1.5, ${name}, not asked for`,
      key,
      message,
      sig: hex(good),
      verdict: 'unsupported-key',
    },
  ]
}

/** The required result of any padding for another message, another number, another length. */
function rangeCases(
  { modulus }: RsaKeyPair,
  key: SignatureCase['key'],
  good: Uint8Array,
): readonly SignatureCase[] {
  const size = modulus.length
  const beyond = toNumber(good) + toNumber(modulus)
  return [
    {
      title: 'another message',
      key,
      message: otherMessage,
      sig: hex(good),
      verdict: 'wrong-signature',
    },
    { title: 'another bit', key, message, sig: hex(flipBit(good, -1)), verdict: 'wrong-signature' },
    { title: 'zero', key, message, sig: '00'.repeat(size), verdict: 'wrong-signature' },
    { title: 'one', key, message, sig: '00'.repeat(size - 1) + '01', verdict: 'wrong-signature' },
    { title: 'the modulus', key, message, sig: hex(modulus), verdict: 'malformed-signature' },
    {
      title: 'the largest number',
      key,
      message,
      sig: 'ff'.repeat(size),
      verdict: 'malformed-signature',
    },
    {
      title: 'the signature plus the modulus',
      key,
      message,
      sig: beyond.toString(16).padStart(2 * size, '0'),
      verdict: 'malformed-signature',
    },
    { title: 'a byte before', key, message, sig: `00${hex(good)}`, verdict: 'malformed-signature' },
    {
      title: 'a byte less',
      key,
      message,
      sig: hex(good.subarray(1)),
      verdict: 'malformed-signature',
    },
    { title: 'nothing', key, message, sig: '', verdict: 'empty-signature' },
  ]
}

/** Signatures over an encoded message with one thing wrong. */
function alteredPssCases(pair: RsaKeyPair): readonly SignatureCase[] {
  const key = makeKey('rsa', 'rsassa-pss-sha256', pair.pem)
  const alterations: Readonly<Record<string, (encoded: Uint8Array) => void>> = {
    'another trailer': (encoded) => encoded.set([0xcc], encoded.length - 1),
    'a set top bit': (encoded) => encoded.set([(encoded[0] ?? 0) | 0x80], 0),
    'another H': (encoded) =>
      encoded.set(flipBit(encoded, -2).subarray(-2, -1), encoded.length - 2),
    'another salt': (encoded) =>
      encoded.set(flipBit(encoded, -34).subarray(-34, -33), encoded.length - 34),
    'zeros that are not zero': (encoded) => encoded.set(flipBit(encoded, 1).subarray(1, 2), 1),
  }
  return Object.entries(alterations).map(([title, alter]): SignatureCase => ({
    title: `PSS, ${title}`,
    key,
    message,
    sig: hex(signAltered(pair, alter)),
    verdict: 'wrong-signature',
  }))
}

function signAltered(pair: RsaKeyPair, alter: (encoded: Uint8Array) => void): Uint8Array {
  for (;;) {
    const encoded = publicDecrypt(
      { key: createPublicKey(pair.privateKey), padding: constants.RSA_NO_PADDING },
      signPss(pair, 'sha256'),
    )
    alter(encoded)
    // A set top bit can make it larger than the modulus: then another salt is tried.
    if (toNumber(encoded) < toNumber(pair.modulus)) return signRaw(pair, encoded)
  }
}

function alteredPkcs1v15Cases(pair: RsaKeyPair): readonly SignatureCase[] {
  const key = makeKey('rsa', 'rsa-pkcs1v15-sha256', pair.pem)
  const size = pair.modulus.length
  const good = publicDecrypt(
    { key: createPublicKey(pair.privateKey), padding: constants.RSA_NO_PADDING },
    signPkcs1v15(pair, 'sha256'),
  )
  const digest = hex(good.subarray(-32))
  const info = `3031300d060960864801650304020105000420${digest}`
  const withPadding = (start: string, end: string): string =>
    start + 'ff'.repeat(size - (start.length + end.length) / 2) + end
  const encodings: Readonly<Record<string, string>> = {
    'no parameters': withPadding('0001', `00302f300b06096086480165030402010420${digest}`),
    'a digest without DigestInfo': withPadding('0001', `00${digest}`),
    'a long length': withPadding('0001', `00308131300d060960864801650304020105000420${digest}`),
    'bytes after the digest': `0001${'ff'.repeat(8)}00${info}`.padEnd(2 * size, '0'),
    'block type 2': withPadding('0002', `00${info}`),
    'a padding byte that is not ff': withPadding('0001fe', `00${info}`),
    'no zero after the padding': withPadding('0001', info),
    'a first byte that is not zero': withPadding('0101', `00${info}`),
  }
  return [
    {
      title: 'PKCS #1 v1.5, the encoding written here',
      key,
      message,
      sig: hex(signRaw(pair, Buffer.from(withPadding('0001', `00${info}`), 'hex'))),
      verdict: 'signed',
      options: optIn,
    },
    ...Object.entries(encodings).map(([title, encoded]): SignatureCase => ({
      title: `PKCS #1 v1.5, ${title}`,
      key,
      message,
      sig: hex(signRaw(pair, Buffer.from(encoded, 'hex'))),
      verdict: 'wrong-signature',
      options: optIn,
    })),
  ]
}

function keyCases(pair: RsaKeyPair): readonly SignatureCase[] {
  const { modulus, exponent, pem } = pair
  const sig = hex(signPss(pair, 'sha256'))
  const short = makeRsaKeyPair(1024)
  const longest = Uint8Array.from([0x80, ...new Uint8Array(2046), 1])
  const spki = (n: Uint8Array, e: Uint8Array): string => toPem('PUBLIC KEY', rsaSpki(n, e))
  const cases: readonly [string, string, SignatureCase['verdict'], string?][] = [
    ['SPKI written here', spki(modulus, exponent), 'signed'],
    ['PKCS #1', toPem('RSA PUBLIC KEY', rsaPublicKey(modulus, exponent)), 'signed'],
    ['composite of 2,048 ones', spki(new Uint8Array(256).fill(255), exponent), 'wrong-signature'],
    ['16,384 bits', spki(longest, exponent), 'wrong-signature', '01'.repeat(2048)],
    ['16,385 bits', spki(Uint8Array.from([1, ...longest]), exponent), 'broken-key'],
    ['1,024 bits', short.pem, 'broken-key', hex(signPss(short, 'sha256'))],
    ['2,047 bits', spki(Uint8Array.from([0x7f, ...modulus.subarray(1)]), exponent), 'broken-key'],
    ['an even modulus', spki(flipBit(modulus, -1), exponent), 'broken-key'],
    ['exponent 1', spki(modulus, Uint8Array.of(1)), 'broken-key'],
    ['exponent 2', spki(modulus, Uint8Array.of(2)), 'broken-key'],
    ['an even exponent', spki(modulus, Uint8Array.of(1, 0, 0)), 'broken-key'],
    ['an exponent of 33 bits', spki(modulus, Uint8Array.of(1, 0, 0, 0, 1)), 'wrong-signature'],
    ['an exponent of 34 bits', spki(modulus, Uint8Array.of(2, 0, 0, 0, 1)), 'broken-key'],
    ['hexadecimal', hex(rsaSpki(modulus, exponent)), 'broken-key'],
    ['SPKI under the label of PKCS #1', pem.replaceAll('PUBLIC', 'RSA PUBLIC'), 'broken-key'],
    [
      'PKCS #1 under the label of SPKI',
      toPem('PUBLIC KEY', rsaPublicKey(modulus, exponent)),
      'broken-key',
    ],
    [
      'restricted to PSS',
      toPem(
        'PUBLIC KEY',
        sequence(sequence(oids.rsassaPss, nothing), bitString(rsaPublicKey(modulus, exponent))),
      ),
      'broken-key',
    ],
    ['a modulus alone', toPem('RSA PUBLIC KEY', sequence(integer(modulus))), 'broken-key'],
    ['an elliptic curve', makeEcdsaKeyPair('P-256').pem, 'broken-key'],
  ]
  return cases.map(([title, text, verdict, keySig = sig]) => ({
    title: `RSA key: ${title}`,
    key: makeKey('rsa', 'rsassa-pss-sha256', text),
    message,
    sig: keySig,
    verdict,
  }))
}

function signPss(
  { privateKey }: RsaKeyPair,
  hash: HashName,
  saltLength: number = digestLengths[hash],
): Uint8Array {
  return sign(hash, message, {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength,
  })
}

function signPkcs1v15({ privateKey }: RsaKeyPair, hash: HashName): Uint8Array {
  return sign(hash, message, { key: privateKey, padding: constants.RSA_PKCS1_PADDING })
}

function signRaw({ privateKey }: RsaKeyPair, encoded: Uint8Array): Uint8Array {
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded)
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(bytes)}`)
}

function bitLength(bytes: Uint8Array): number {
  return toNumber(bytes).toString(2).length
}
