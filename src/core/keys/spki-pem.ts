/** The PEM of a public key, for the kinds of keys that are written so. */
import { decodeRsaPublicKey, decodeSubjectPublicKey, type DerPublicKey } from './der.js'
import { decodePem } from './pem.js'

/** Undefined for any other block, and for a broken one. */
export function decodePublicKeyPem(text: string): DerPublicKey | undefined {
  const pem = decodePem(text)
  if (pem?.label === 'PUBLIC KEY') return decodeSubjectPublicKey(pem.bytes)
  if (pem?.label === 'RSA PUBLIC KEY') return decodeRsaPublicKey(pem.bytes)
  return undefined
}
