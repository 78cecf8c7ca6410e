/** ECDSA in JavaScript, by noble: P-256, P-384 and P-521. */
import { p256, p384, p521 } from '@noble/curves/nist.js'
import type { PublicKey, VerifySignature } from '../core/keys/cryptography.js'
import { ecdsaKeys } from '../core/keys/ecdsa.js'
import type { CryptographyPart } from './parts.js'
import { inSteps } from './steps.js'

type EcdsaKey = Extract<PublicKey, { kind: 'ecdsa' }>

const curves = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const
const nothing = new Uint8Array()

/** ECDSA, for {@link cryptographyOf}. */
export const ecdsa: CryptographyPart = {
  keys: [ecdsaKeys],
  importers: { ecdsa: importEcdsa },
}

function importEcdsa({ curve, hash, point }: EcdsaKey): VerifySignature {
  const { Point, verify, lengths } = curves[curve]
  const publicKey = Point.fromBytes(point).toBytes(false)
  return inSteps({
    hash,
    before: () => nothing,
    verify: (digest, signature) =>
      signature.length === lengths.signature &&
      verify(signature, digest, publicKey, { prehash: false, lowS: false }),
  })
}
