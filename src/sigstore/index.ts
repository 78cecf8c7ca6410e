/**
 * Sigstore: its trusted root from its own TUF repository, and bundles verified with it.
 *
 * @module tuffet/sigstore
 */
export {
  verifyBundle,
  type BundleIdentity,
  type VerifiedBundle,
  type VerifyBundleOptions,
} from './bundle.js'
export { sigstoreInstances, type SigstoreInstance, type SigstoreInstanceName } from './instances.js'
export { sigstoreTrustedRoot, type SigstoreOptions } from './load-trusted-root.js'
export { sigstoreTrustedRootChain, type TrustedRootChain } from './trusted-root-chain.js'
export type { FirstRoot } from './roots/first-root.js'
export { parseTrustedRoot, type TrustedRoot } from './trusted-root.js'
export type { AlternativeName } from './x509/certificate.js'
export type { CertificateIdentity, ClaimName } from './x509/identity.js'
export type { VerifiedEntry } from './verify.js'
