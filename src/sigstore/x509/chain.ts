/** From a certificate to an authority of the trusted root (RFC 5280, section 6, for fixed chains). */
import { sameBytes } from '../../core/bytes.js'
import type { Cryptography } from '../../core/keys/cryptography.js'
import { isWithin, type TrustedAuthority } from '../trusted-root.js'
import { isIssuedBy, type Certificate } from './certificate.js'

/**
 * Whether the authority issued `leaf` and all certificates up to the anchor, and its period, are
 * valid at `time` (milliseconds since 1970).
 */
export function isVouchedFor(
  cryptography: Cryptography,
  leaf: Certificate,
  authority: TrustedAuthority,
  time: number,
): boolean {
  const { chain, validFor } = authority
  const [issuer] = chain
  return (
    issuer !== undefined &&
    isWithin(time, validFor) &&
    [leaf, ...chain].every((one) => isWithin(time, { start: one.notBefore, end: one.notAfter })) &&
    isIssuedBy(cryptography, leaf, issuer) &&
    isSound(cryptography, authority)
  )
}

/** The same for a certificate that is itself the first of the chain. */
export function isFirstOf(
  cryptography: Cryptography,
  leaf: Certificate,
  authority: TrustedAuthority,
  time: number,
): boolean {
  const [first, ...chain] = authority.chain
  if (first === undefined || !sameBytes(first.bytes, leaf.bytes)) return false
  if (chain.length > 0) {
    return isVouchedFor(cryptography, leaf, { ...authority, chain: rest(authority) }, time)
  }
  return (
    isWithin(time, authority.validFor) &&
    isWithin(time, { start: leaf.notBefore, end: leaf.notAfter })
  )
}

const sound = new WeakMap<readonly Certificate[], boolean>()
const rests = new WeakMap<TrustedAuthority, readonly Certificate[]>()

function rest(authority: TrustedAuthority): readonly Certificate[] {
  let found = rests.get(authority)
  if (found === undefined) rests.set(authority, (found = authority.chain.slice(1)))
  return found
}

/** Each certificate of the chain is issued by the next, within its path length; judged once. */
function isSound(cryptography: Cryptography, { chain }: TrustedAuthority): boolean {
  let result = sound.get(chain)
  if (result === undefined) {
    result = chain.every((certificate, index) => {
      const issuer = chain[index + 1]
      const { pathLength = Infinity } = certificate
      if (pathLength < index) return false
      return issuer === undefined || isIssuedBy(cryptography, certificate, issuer)
    })
    sound.set(chain, result)
  }
  return result
}
