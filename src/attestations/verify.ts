/**
 * Attestations of a file, verified completely: every check of Sigstore, then statement and publisher.
 * Whether the publisher is the right one is the policy's question, and the user's answer.
 */
import { defaultCryptography } from '#platform'
import type { Cryptography } from '../core/keys/cryptography.js'
import { AttestationError } from '../errors.js'
import { refuse } from '../sigstore/refuse.js'
import type { TrustedRoot } from '../sigstore/trusted-root.js'
import { verifyMaterial, type VerifiedEntry } from '../sigstore/verify.js'
import { identityOf, type CertificateIdentity } from '../sigstore/x509/identity.js'
import { parseAttestation, parseProvenance, type Attestation, type Provenance } from './object.js'
import {
  describePublisher,
  differenceFromCertificate,
  type Publisher,
  type PublisherClaim,
} from './publisher.js'
import { checkStatement, statementPayloadType, type AttestedFile } from './statement.js'

/** Options of {@link verifyProvenance} and {@link verifyAttestation}. */
export interface VerifyAttestationOptions {
  /** From `sigstoreTrustedRoot`, or `parseTrustedRoot`. */
  readonly trustedRoot: TrustedRoot
  /** Default: the platform's. */
  readonly cryptography?: Cryptography | undefined
}

/** An attestation that passed every check. */
export interface VerifiedAttestation {
  /** The file's name as the statement writes it, and its SHA-256. */
  readonly subject: AttestedFile
  /** `https://docs.pypi.org/attestations/publish/v1` or `https://slsa.dev/provenance/v1`. */
  readonly predicateType: string
  /** The proven identity: that of the certificate. */
  readonly certificate: CertificateIdentity
  /** When it was signed, in milliseconds since 1970. */
  readonly times: readonly number[]
  /** Where it is in transparency logs. */
  readonly entries: readonly VerifiedEntry[]
}

/** An attestation and the publisher that an index names for it. */
export interface PublishedAttestation extends VerifiedAttestation {
  /** As the index names it, of any kind. */
  readonly claim: PublisherClaim
  /**
   * The publisher whose certificate it is: every field but `environment` was compared. Undefined for a
   * kind that cannot be judged.
   */
  readonly publisher: Publisher | undefined
}

/** Every attestation of a file. */
export interface VerifiedProvenance {
  readonly file: AttestedFile
  /** At least one. */
  readonly attestations: readonly PublishedAttestation[]
}

/**
 * Verifies one attestation (PEP 740) of a file: object, time, chain, usage, timestamps of the
 * certificate, inclusion, entry, signature, statement, and `publisher` where it is given.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { verifyAttestation } from 'tuffet/attestations'
 * import { sigstoreTrustedRoot } from 'tuffet/sigstore'
 *
 * const { certificate } = verifyAttestation(
 *   await readFile('demo-1.0.tar.gz.publish.attestation'),
 *   { filename: 'demo-1.0.tar.gz', sha256: '0f…' },
 *   { trustedRoot: await sigstoreTrustedRoot() },
 * )
 * console.log(certificate.claims.sourceRepositoryUri)
 * ```
 *
 * @throws AttestationError (`ERR_TUF_ATTESTATION_REFUSED`) with the check that refused
 */
export function verifyAttestation(
  attestation: Uint8Array | Attestation,
  file: AttestedFile,
  options: VerifyAttestationOptions & { readonly publisher?: Publisher | undefined },
): VerifiedAttestation {
  const { trustedRoot, publisher, cryptography = defaultCryptography } = options
  const { certificate, entries, statement, signature } =
    attestation instanceof Uint8Array ? parseAttestation(attestation) : attestation
  const content = { kind: 'dsse' as const, payloadType: statementPayloadType, payload: statement }
  const verified = verifyMaterial(
    // Version 1 lacks timestamps of authorities: time comes from the log's promise.
    { signer: certificate, content, signature, entries, timestamps: [] },
    { cryptography, trusted: trustedRoot.parts, proofOptional: false },
  )
  const { subject, predicateType } = checkStatement(statement, file)
  const identity = identityOf(certificate)
  if (publisher) checkPublisher(publisher, identity)
  return { subject, predicateType, certificate: identity, ...verified }
}

/**
 * Verifies the provenance (PEP 740) that an index serves for a file. Every attestation in it must pass
 * every check, the publisher named for it included; each predicate type may occur once for a publisher.
 * A publisher of an unknown kind is kept as `claim` alone.
 *
 * The result names the signers. It does not judge whether they are the right ones, because the
 * index chose the attestations. Compare with a pin (`judgeProvenance`).
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { describePublisher, verifyProvenance } from 'tuffet/attestations'
 * import { sigstoreTrustedRoot } from 'tuffet/sigstore'
 *
 * const { attestations } = verifyProvenance(
 *   await readFile('provenance.json'),
 *   { filename: 'demo-1.0.tar.gz', sha256: '0f…' },
 *   { trustedRoot: await sigstoreTrustedRoot() },
 * )
 * for (const { publisher } of attestations) if (publisher) console.log(describePublisher(publisher))
 * ```
 *
 * @throws AttestationError (`ERR_TUF_ATTESTATION_REFUSED`) with the check that refused, and the path
 */
export function verifyProvenance(
  provenance: Uint8Array | Provenance,
  file: AttestedFile,
  options: VerifyAttestationOptions,
): VerifiedProvenance {
  const { bundles } = provenance instanceof Uint8Array ? parseProvenance(provenance) : provenance
  const seen = new Set<string>()
  const attestations = bundles.flatMap(({ claim, attestations: all }, bundle) =>
    all.map((attestation, index) =>
      at(`attestation_bundles[${bundle}].attestations[${index}]`, (): PublishedAttestation => {
        const { publisher } = claim
        const verified = verifyAttestation(attestation, file, { ...options, publisher })
        // An environment makes no other publisher: it is not in the certificate.
        const signer = publisher ? { ...publisher, environment: undefined } : claim.kind
        const key = JSON.stringify([verified.predicateType, signer])
        if (seen.has(key)) refuse('statement', 'a second one of this type by the same publisher')
        seen.add(key)
        return { ...verified, claim, publisher }
      }),
    ),
  )
  return { file, attestations }
}

/** The result of `verify`; a refusal is given its place. */
function at<T>(path: string, verify: () => T): T {
  try {
    return verify()
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    const reason = error.path === '' ? error.reason : `${error.path}: ${error.reason}`
    throw new AttestationError(error.check, reason, { path, cause: error })
  }
}

function checkPublisher(publisher: Publisher, identity: CertificateIdentity): void {
  const difference = differenceFromCertificate(publisher, identity)
  if (difference !== undefined) {
    refuse('publisher', `the certificate is not of ${describePublisher(publisher)}: ${difference}`)
  }
}
