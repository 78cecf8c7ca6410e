/**
 * Made kept-ecdsa.json and kept-rsa.json, once, with fresh keys that no longer exist: such
 * signatures are random, so they are kept. A later run writes no file, unless the files are deleted
 * first.
 */
import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import type { KeptEcdsa, KeptRsa } from './kept.js'
import { makeRsaPrivateKey } from './make-rsa.js'
import { message } from './signed-message.js'

const text = Buffer.from(message)

keep('kept-ecdsa.json', makeEcdsa)
keep('kept-rsa.json', makeRsa)

function keep(name: string, make: () => KeptEcdsa | KeptRsa): void {
  const file = new URL(name, import.meta.url)
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(make(), undefined, 2)}\n`)
}

function makeEcdsa(): KeptEcdsa {
  const { privateKey: explicitKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    paramEncoding: 'explicit',
  })
  const { privateKey: otherKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  return {
    curves: {
      'P-256': ecdsaKey('P-256', 'sha256'),
      'P-384': ecdsaKey('P-384', 'sha384'),
      'P-521': ecdsaKey('P-521', 'sha512'),
    },
    second: ecdsaKey('P-256', 'sha256'),
    secp256k1: { point: pointOf(otherKey), sig: sign('sha256', text, otherKey).toString('hex') },
    explicit: {
      pem: createPublicKey(explicitKey).export({ format: 'pem', type: 'spki' }).toString(),
      sig: sign('sha256', text, explicitKey).toString('hex'),
    },
  }
}

function ecdsaKey(namedCurve: string, hash: string): KeptEcdsa['second'] {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve })
  const other = (name: string): string => sign(name, text, privateKey).toString('hex')
  for (;;) {
    const raw = sign(hash, text, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const [r, s] = [raw.subarray(0, raw.length / 2), raw.subarray(raw.length / 2)]
    // Both with their highest bit set, so that in DER both need a zero byte: for P-521 the
    // highest byte is 0 or 1, and there the second one counts.
    const top = (number: Buffer): number => number.find((byte) => byte > 0) ?? 0
    if (namedCurve !== 'P-521' && (top(r) < 0x80 || top(s) < 0x80)) continue
    return {
      point: pointOf(privateKey),
      r: r.toString('hex'),
      s: s.toString('hex'),
      sha1: other('sha1'),
      sha256: other('sha256'),
      sha384: other('sha384'),
      sha512: other('sha512'),
    }
  }
}

function pointOf(privateKey: KeyObject): string {
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const coordinates = [x, y].map((one) => Buffer.from(one, 'base64url').toString('hex'))
  return `04${coordinates.join('')}`
}

function makeRsa(): KeptRsa {
  const main = rsaKey(2048)
  const keys = {
    2047: rsaKey(2047),
    2048: main,
    2049: rsaKey(2049),
    3072: rsaKey(3072),
    4096: rsaKey(4096),
    1024: rsaKey(1024),
    e3: rsaKey(2048, 3),
    second: rsaKey(2048),
  }
  const e1 = encodePss(main.bits, {})
  return {
    keys: Object.fromEntries(
      Object.entries(keys).map(([name, { modulus, exponent }]) => [name, { modulus, exponent }]),
    ),
    signatures: {
      ...Object.fromEntries(
        Object.entries(keys).map(([name, { key }]) => [`pss-${name}`, signPss(key, 'sha256', 32)]),
      ),
      'pss-2048': signSmall(main),
      'pss-sha384': signPss(main.key, 'sha384', 48),
      'pss-sha512': signPss(main.key, 'sha512', 64),
      'pss-salt-0': signPss(main.key, 'sha256', 0),
      'pss-salt-20': signPss(main.key, 'sha256', 20),
      'pss-salt-31': signPss(main.key, 'sha256', 31),
      'pss-salt-33': signPss(main.key, 'sha256', 33),
      'pss-salt-222': signPss(main.key, 'sha256', 222),
      'pss-sha1': signPss(main.key, 'sha1', 20),
      'pss-mgf-sha1': signEncoded(main, { mgf: 'sha1' }),
      'pss-trailer': signEncoded(main, { trailer: 0xcc }),
      'pss-top-bit': signEncoded(main, { topBit: true }),
      'pss-padding': signEncoded(main, { paddingByte: 1 }),
      'pss-separator': signEncoded(main, { separator: 2 }),
      'pss-other-salt': signEncoded(main, { otherSalt: true }),
      // With the exponent 1 a signature is the encoded message itself: anybody can make it.
      'pss-e1': e1.toString('hex'),
      ...Object.fromEntries(
        ['sha256', 'sha384', 'sha512'].map((hash) => [
          `pkcs1v15-${hash}`,
          sign(hash, text, { key: main.key, padding: constants.RSA_PKCS1_PADDING }).toString('hex'),
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(alteredPkcs1()).map(([name, encoded]) => [
          `pkcs1v15-${name}`,
          signRaw(main.key, encoded),
        ]),
      ),
    },
  }
}

interface RsaKey {
  readonly key: KeyObject
  readonly bits: number
  readonly modulus: string
  readonly exponent: string
}

function rsaKey(bits: number, publicExponent = 65_537): RsaKey {
  const key = makeRsaPrivateKey(bits, publicExponent)
  const { n = '', e = '' } = createPublicKey(key).export({ format: 'jwk' })
  return {
    key,
    bits,
    modulus: Buffer.from(n, 'base64url').toString('hex'),
    exponent: Buffer.from(e, 'base64url').toString('hex'),
  }
}

/** A signature to which the modulus can be added without another byte. */
function signSmall({ key, bits, modulus }: RsaKey): string {
  for (;;) {
    const sig = signPss(key, 'sha256', 32)
    if (BigInt(`0x${sig}`) + BigInt(`0x${modulus}`) < 2n ** BigInt(bits)) return sig
  }
}

function signPss(key: KeyObject, hash: string, saltLength: number): string {
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return sign(hash, text, { key, padding, saltLength }).toString('hex')
}

/** RFC 8017, 9.1.1, with one thing wrong. */
interface Alteration {
  readonly mgf?: string
  readonly trailer?: number
  readonly topBit?: boolean
  readonly paddingByte?: number
  readonly separator?: number
  readonly otherSalt?: boolean
}

function signEncoded({ key, bits, modulus }: RsaKey, alteration: Alteration): string {
  for (;;) {
    const encoded = encodePss(bits, alteration)
    // A set top bit can make it larger than the modulus: then another salt is tried.
    if (BigInt(`0x${encoded.toString('hex')}`) < BigInt(`0x${modulus}`))
      return signRaw(key, encoded)
  }
}

function encodePss(bits: number, alteration: Alteration): Buffer {
  const { mgf = 'sha256', trailer = 0xbc, separator = 1, paddingByte = 0 } = alteration
  const salt = randomBytes(32)
  const digest = createHash('sha256').update(text).digest()
  const hashed = alteration.otherSalt ? randomBytes(32) : salt
  const h = createHash('sha256').update(Buffer.alloc(8)).update(digest).update(hashed).digest()
  const block = Buffer.alloc(bits / 8 - h.length - 1)
  block[5] = paddingByte
  block[block.length - salt.length - 1] = separator
  block.set(salt, block.length - salt.length)
  const mask = mgf1(h, mgf, block.length)
  const masked = block.map((byte, index) => byte ^ (mask[index] ?? 0))
  masked[0] = alteration.topBit ? (masked[0] ?? 0) | 0x80 : (masked[0] ?? 0) & 0x7f
  return Buffer.concat([masked, h, Buffer.of(trailer)])
}

function mgf1(seed: Buffer, hash: string, length: number): Buffer {
  let made = Buffer.alloc(0)
  for (let counter = 0; made.length < length; counter++) {
    const index = Buffer.alloc(4)
    index.writeUInt32BE(counter)
    made = Buffer.concat([made, createHash(hash).update(seed).update(index).digest()])
  }
  return made
}

/** RFC 8017, 9.2, with one thing wrong. */
function alteredPkcs1(): Readonly<Record<string, Buffer>> {
  const digest = createHash('sha256').update(text).digest()
  const info = Buffer.from('3031300d060960864801650304020105000420', 'hex')
  const withoutNull = Buffer.from('302f300b0609608648016503040201', 'hex')
  const padded = (type: number, byte: number, rest: Buffer, after = Buffer.alloc(0)): Buffer => {
    const padding = Buffer.alloc(256 - 3 - rest.length - after.length, byte)
    return Buffer.concat([Buffer.of(0, type), padding, Buffer.of(0), rest, after])
  }
  const good = Buffer.concat([info, digest])
  return {
    'no-null': padded(1, 0xff, Buffer.concat([withoutNull, Buffer.from('0420', 'hex'), digest])),
    'no-info': padded(1, 0xff, digest),
    'type-2': padded(2, 0xff, good),
    'padding-byte': padded(1, 0xfe, good),
    'short-padding': Buffer.concat([
      Buffer.of(0, 1),
      Buffer.alloc(8, 0xff),
      Buffer.of(0),
      good,
      Buffer.alloc(256 - 11 - good.length),
    ]),
    'garbage-after': padded(1, 0xff, good, randomBytes(20)),
  }
}

function signRaw(key: KeyObject, encoded: Buffer): string {
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded).toString('hex')
}
