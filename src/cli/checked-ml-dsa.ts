/**
 * ML-DSA by noble for the command, after a test of the package: npm installs whatever version the user names,
 * and one with another order of arguments would refuse every good signature.
 */
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js'
import { encodeHex } from '../core/bytes.js'
import type { Cryptography, KeyScheme } from '../core/keys/cryptography.js'
import { withMlDsa } from '../ml-dsa.js'
import { mlDsaPackage } from './ml-dsa-package.js'

type Arithmetic = Pick<typeof ml_dsa44, 'keygen' | 'sign' | 'verify'>

/** The SHA-256 of the signature of 32 zeros, without randomness, by the key whose seed is 32 zeros. */
const expected = '6b4959cc2eee2cb45fdaf45db02f635138efc39a8b949f879340daba2b68d8c2'

const unsupported = {
  verdict: 'unsupported-key',
  reason: `the package beside tuffet does not verify ML-DSA as tuffet asks it; install ${mlDsaPackage}`,
} as const

/** @param arithmetic for tests */
export function withCheckedMlDsa(
  platform: Cryptography,
  arithmetic: Arithmetic = ml_dsa44,
): Cryptography {
  const added = withMlDsa(platform)
  let works: boolean | undefined
  // At the first such key: other calls do not pay for it.
  const checked = (scheme: KeyScheme): KeyScheme => ({
    decode: (text) =>
      (works ??= isKnownAnswer(arithmetic, platform)) ? scheme.decode(text) : unsupported,
  })
  const keyKinds = added.keyKinds.map(({ kind, schemes }) => {
    if (kind !== 'ml-dsa') return { kind, schemes }
    const entries = Object.entries(schemes).map(
      ([name, scheme]) => [name, checked(scheme)] as const,
    )
    return { kind, schemes: Object.fromEntries(entries) }
  })
  return { ...added, keyKinds }
}

function isKnownAnswer(arithmetic: Arithmetic, cryptography: Cryptography): boolean {
  const message = new Uint8Array(32)
  try {
    const { publicKey, secretKey } = arithmetic.keygen(new Uint8Array(32))
    const signature = arithmetic.sign(message, secretKey, { extraEntropy: false })
    return (
      encodeHex(cryptography.hash('sha256', signature)) === expected &&
      arithmetic.verify(signature, message, publicKey) &&
      !arithmetic.verify(signature, new Uint8Array(31), publicKey)
    )
  } catch {
    // Other versions throw for arguments in this order.
    return false
  }
}
