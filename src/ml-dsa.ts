/**
 * ML-DSA (FIPS 204, TAP 21) in JavaScript, by noble, for browsers and for runtimes whose own
 * cryptography lacks it.
 *
 * @module tuffet/ml-dsa
 */
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import type { Cryptography, PublicKey, VerifySignature } from './core/keys/cryptography.js'
import { mlDsaKeys } from './core/keys/ml-dsa.js'
import { verifiesMlDsa } from './core/keys/verifies-ml-dsa.js'
import type { CryptographyPart } from './web/parts.js'

type MlDsaKey = Extract<PublicKey, { kind: 'ml-dsa' }>

const algorithms = { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 } as const

/**
 * ML-DSA-44, -65 and -87, for `cryptographyOf`.
 *
 * @example
 * ```ts
 * import { Updater } from 'tuffet'
 * import { mlDsa } from 'tuffet/ml-dsa'
 * import { cryptographyOf, ed25519 } from 'tuffet/web'
 *
 * const updater = new Updater({
 *   metadataUrl: 'https://tuf.example.com/metadata/',
 *   cryptography: cryptographyOf(ed25519, mlDsa),
 * })
 * ```
 */
export const mlDsa: CryptographyPart = {
  keys: [mlDsaKeys],
  importers: { 'ml-dsa': importMlDsa },
}

/**
 * The same cryptography, with ML-DSA. One that verifies ML-DSA already comes back as it is.
 *
 * @example
 * ```ts
 * import { Updater } from 'tuffet'
 * import { withMlDsa } from 'tuffet/ml-dsa'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * const updater = new Updater({
 *   metadataUrl: 'https://tuf.example.com/metadata/',
 *   cryptography: withMlDsa(nodeCryptography),
 * })
 * ```
 */
export function withMlDsa(cryptography: Cryptography): Cryptography {
  if (verifiesMlDsa(cryptography)) return cryptography
  return {
    keyKinds: [...cryptography.keyKinds.filter(({ kind }) => kind !== 'ml-dsa'), mlDsaKeys],
    asked: cryptography.asked,
    hashNames: cryptography.hashNames,
    hash: (name, bytes) => cryptography.hash(name, bytes),
    createHasher: (name) => cryptography.createHasher(name),
    importKey: (key) => (key.kind === 'ml-dsa' ? importMlDsa(key) : cryptography.importKey(key)),
  }
}

function importMlDsa({ parameters, encoded }: MlDsaKey): VerifySignature {
  const algorithm = algorithms[parameters]
  return (message, signature) => {
    try {
      return algorithm.verify(signature, message, encoded)
    } catch {
      // noble throws for lengths.
      return false
    }
  }
}
