/**
 * Public keys of certificates and logs. Core judges them as it judges keys of metadata; only the hash
 * is apart from the key here, since certificates and timestamps name it beside each signature.
 */
import { encodeHex } from '../../core/bytes.js'
import type {
  Cryptography,
  DecodedKey,
  SignatureHash,
  VerifySignature,
} from '../../core/keys/cryptography.js'
import { decodeSubjectPublicKey } from '../../core/keys/der.js'
import { decodeEcdsa } from '../../core/keys/ecdsa.js'
import { decodeEd25519 } from '../../core/keys/ed25519.js'
import { decodeRsa } from '../../core/keys/rsa.js'
import { Asn1Error, childrenOf, oidOf, readOne, tags, wholeBytesOf } from './asn1.js'

/** A key, read and judged as far as that takes no arithmetic. */
export interface SpkiKey {
  readonly kind: 'P-256' | 'P-384' | 'P-521' | 'ed25519' | 'rsa'
  /** SubjectPublicKeyInfo, in DER. */
  readonly spki: Uint8Array
  readonly decoded: Extract<DecodedKey, { verdict: 'ok' }>
}

const hashes: Readonly<Record<SpkiKey['kind'], SignatureHash>> = {
  'P-256': 'sha256',
  'P-384': 'sha384',
  'P-521': 'sha512',
  ed25519: 'sha512',
  rsa: 'sha256',
}

/**
 * Reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) of an elliptic curve, Ed25519 or RSA, or an
 * RSAPublicKey (RFC 8017, A.1.1). Throws `Asn1Error` for any other key.
 */
export function readSpki(spki: Uint8Array): SpkiKey {
  const key = readEd25519(spki) ?? readEcdsa(spki) ?? readRsa(spki)
  if (key === undefined) throw new Asn1Error('a public key of an unknown kind, or a broken one')
  return key
}

function readEd25519(spki: Uint8Array): SpkiKey | undefined {
  const point = ed25519PointOf(spki)
  return point && keyOf('ed25519', spki, decodeEd25519(encodeHex(point)))
}

function readEcdsa(spki: Uint8Array): SpkiKey | undefined {
  const found = decodeSubjectPublicKey(spki)
  if (found?.kind !== 'ec') return undefined
  const { curve, point } = found
  return keyOf(curve, spki, decodeEcdsa(encodeHex(point), curve, hashes[curve]))
}

function readRsa(spki: Uint8Array): SpkiKey | undefined {
  const label = decodeSubjectPublicKey(spki) ? 'PUBLIC KEY' : 'RSA PUBLIC KEY'
  return keyOf('rsa', spki, decodeRsa(pemOf(label, spki), 'pkcs1v15', hashes.rsa))
}

function keyOf(kind: SpkiKey['kind'], spki: Uint8Array, decoded: DecodedKey): SpkiKey | undefined {
  return decoded.verdict === 'ok' ? { kind, spki, decoded } : undefined
}

/** RFC 8410: `id-Ed25519` without parameters. */
function ed25519PointOf(spki: Uint8Array): Uint8Array | undefined {
  const [algorithm, bits, ...more] = childrenOf(readOne(spki), tags.sequence)
  if (algorithm?.tag !== tags.sequence || bits?.tag !== tags.bitString) return undefined
  if (more.length > 0) return undefined
  const [oid, ...parameters] = childrenOf(algorithm, tags.sequence)
  if (oidOf(oid) !== '1.3.101.112' || parameters.length > 0) return undefined
  return wholeBytesOf(bits)
}

const imported = new WeakMap<Cryptography, WeakMap<SpkiKey, Map<string, VerifySignature>>>()

/**
 * Whether `signature` (DER for ECDSA, else raw) is the key's over `message`. The hash is the one that
 * belongs to the curve unless another is named.
 */
export function holds(
  cryptography: Cryptography,
  key: SpkiKey,
  message: Uint8Array,
  signature: Uint8Array,
  hash: SignatureHash = hashes[key.kind],
): boolean {
  const raw = key.decoded.decodeSignature(encodeHex(signature))
  return raw !== undefined && importKey(cryptography, key, hash)(message, raw)
}

// A trusted root's few keys verify the files of a whole lock.
function importKey(cryptography: Cryptography, key: SpkiKey, hash: SignatureHash): VerifySignature {
  let keys = imported.get(cryptography)
  if (keys === undefined) imported.set(cryptography, (keys = new WeakMap()))
  let byHash = keys.get(key)
  if (byHash === undefined) keys.set(key, (byHash = new Map<string, VerifySignature>()))
  let verify = byHash.get(hash)
  if (verify === undefined) {
    const { publicKey } = key.decoded
    try {
      verify = cryptography.importKey('hash' in publicKey ? { ...publicKey, hash } : publicKey)
    } catch {
      verify = () => false // Not a point of its curve.
    }
    byHash.set(hash, verify)
  }
  return verify
}

function pemOf(label: string, der: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${encodeBase64(der)}\n-----END ${label}-----\n`
}

function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
