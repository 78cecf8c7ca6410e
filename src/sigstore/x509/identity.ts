/** The identity in a certificate of Fulcio, and the issuer's claims about the build. */
import {
  alternativeNamesOf,
  textExtension,
  type AlternativeName,
  type Certificate,
} from './certificate.js'
import { reading } from '../refuse.js'

/** Number N of the extension 1.3.6.1.4.1.57264.1.N → the name of its claim. */
const claims = {
  issuer: 8,
  buildSignerUri: 9,
  buildSignerDigest: 10,
  runnerEnvironment: 11,
  sourceRepositoryUri: 12,
  sourceRepositoryDigest: 13,
  sourceRepositoryRef: 14,
  sourceRepositoryIdentifier: 15,
  sourceRepositoryOwnerUri: 16,
  sourceRepositoryOwnerIdentifier: 17,
  buildConfigUri: 18,
  buildConfigDigest: 19,
  buildTrigger: 20,
  runInvocationUri: 21,
  sourceRepositoryVisibility: 22,
} as const

/** A claim of a certificate: extension 1.3.6.1.4.1.57264.1.8 (`issuer`) to .22, in Fulcio's order. */
export type ClaimName = keyof typeof claims

/** An identity, as the certificate states it. */
export interface CertificateIdentity {
  /** E-mail address or URI of the certificate's subject. */
  readonly names: readonly AlternativeName[]
  /** The claims of the certificate. */
  readonly claims: { readonly [name in ClaimName]?: string }
  /** Milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  /** Lower-case hexadecimal. */
  readonly serial: string
}

/** @throws AttestationError of the check `identity` for extensions that cannot be read */
export function identityOf(certificate: Certificate): CertificateIdentity {
  return reading('identity', 'the certificate', () => {
    const found: { [name in ClaimName]?: string } = {}
    for (const name of claimNames) {
      const text = textExtension(certificate, `1.3.6.1.4.1.57264.1.${claims[name]}`)
      if (text !== undefined) found[name] = text
    }
    const { notBefore, notAfter, serial } = certificate
    return { names: alternativeNamesOf(certificate), claims: found, notBefore, notAfter, serial }
  })
}

function isClaimName(name: string): name is ClaimName {
  return Object.hasOwn(claims, name)
}

const claimNames: readonly ClaimName[] = Object.keys(claims).filter(isClaimName)
