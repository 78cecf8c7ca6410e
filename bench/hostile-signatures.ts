/** The most expensive signatures: 64 RSA keys of the largest size, none of which made its own. */
import { createHash, createPublicKey } from 'node:crypto'
import { budget } from '../src/core/budget.js'
import { countSignatures, parseMetadata, type Envelope, type Key } from '../src/core/index.js'
import { nodeCryptography } from '../src/node/index.js'

export interface Signed {
  readonly file: Uint8Array
  readonly keys: ReadonlyMap<string, Key>
}

/** A small file by many keys, and the keys as its delegator has them. */
export function rsaSigned(): Signed {
  const keys = new Map<string, Key>()
  const signatures: object[] = []
  for (let index = 0; index < budget.roleKeys; index++) {
    const n = noise(`modulus ${index}`, 0x80, 0x01).toString('base64url')
    const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' })
    const keyid = `${index}`
    const pem = key.export({ type: 'spki', format: 'pem' }).toString()
    keys.set(keyid, { keyid, keytype: 'rsa', scheme: 'rsassa-pss-sha256', public: pem })
    signatures.push({ keyid, sig: noise(`signature ${index}`, 0, 0).toString('hex') })
  }
  const signed = {
    _type: 'targets',
    expires: '2099-01-01T00:00:00Z',
    spec_version: '1.0.34',
    targets: {},
    version: 1,
  }
  return { file: Buffer.from(JSON.stringify({ signatures, signed })), keys }
}

/** The work of a client with such a file; the keys are imported as well. */
export function countRsa({ file, keys }: Signed): number {
  const envelope: Envelope = parseMetadata(file, 'targets', 'targets')
  const authority = { delegator: 'root', threshold: 1, keyids: [...keys.keys()], keys }
  return countSignatures(envelope, authority, { cryptography: nodeCryptography }).signed
}

/** 16,384 bits that nobody can say anything about, but for the first and the last. */
function noise(seed: string, first: number, last: number): Buffer {
  const bytes = createHash('shake256', { outputLength: budget.rsaModulus / 8 })
    .update(seed)
    .digest()
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | first
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | last
  return bytes
}
