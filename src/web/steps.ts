/** A verdict of which the digest may come from elsewhere. */
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import type { SignatureSteps, VerifySignature } from '../core/keys/cryptography.js'

const hashes = { sha256, sha384, sha512 } as const

/** Both roads lead through the same steps. */
export function inSteps(steps: SignatureSteps): VerifySignature {
  const verify = (message: Uint8Array, signature: Uint8Array): boolean => {
    const hasher = hashes[steps.hash].create().update(steps.before(signature))
    return steps.verify(hasher.update(message).digest(), signature)
  }
  return Object.assign(verify, { steps })
}
