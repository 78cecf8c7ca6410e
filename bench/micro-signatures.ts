/** The cost of one signature, by each kind of key: a message of 300 bytes, the key imported before. */
import type { Bench } from 'tinybench'
import type { Cryptography, Key } from 'tuffet/core'
import { countSignatures, parseMetadata } from 'tuffet/core'
import { withMlDsa } from 'tuffet/ml-dsa'
import { nodeCryptography } from 'tuffet/node'
import { createRepository, ed25519Signer, type Signer } from 'tuffet/testing'
import { mlDsaSigner } from 'tuffet/testing/ml-dsa'
import { ecdsaSigner, rsaSigner } from 'tuffet/testing/node'
import { nobleCryptography } from 'tuffet/web'

const signers: Readonly<Record<string, () => Signer>> = {
  Ed25519: () => ed25519Signer('a key'),
  'ECDSA P-256': () => ecdsaSigner('a key'),
  'RSA 2048': () => rsaSigner('a key'),
  'ML-DSA-44': () => mlDsaSigner('a key', 'ML-DSA-44'),
  'ML-DSA-65': () => mlDsaSigner('a key', 'ML-DSA-65'),
  'ML-DSA-87': () => mlDsaSigner('a key', 'ML-DSA-87'),
}

/** A row for each kind of key: by node:crypto, where it verifies the kind, and in JavaScript. */
export function addSignatures(bench: Bench) {
  for (const [name, make] of Object.entries(signers)) {
    const signer = make()
    const repo = createRepository({ keys: { timestamp: { signers: [signer] } } })
    repo.publish()
    const timestamp = parseMetadata(repo.file('timestamp.json'), 'timestamp', 'timestamp')
    const { keyid, key } = signer
    const declared: Key = { keyid, ...key, public: key.keyval.public }
    const authority = {
      delegator: 'root',
      keys: new Map([[keyid, declared]]),
      keyids: [keyid],
      threshold: 1,
    }
    const add = (by: string, cryptography: Cryptography) => {
      const count = () => countSignatures(timestamp, authority, { cryptography }).signed
      if (count() === 1) bench.add(`one signature: ${name}, ${by}`, count)
    }
    add('node:crypto', nodeCryptography)
    add('noble', withMlDsa(nobleCryptography))
  }
}
