/** Errors about attestations and the root that they are checked with. */

import { TufError } from './base.js'

/** Bytes that are not a `trusted_root.json` of Sigstore, or one without any usable instance. */
export class TrustedRootError extends TufError {
  readonly code = 'ERR_TUF_TRUSTED_ROOT_INVALID'
  /** The field, such as `tlogs[0].publicKey.validFor.start`; empty for the file as a whole. */
  readonly path: string
  readonly reason: string

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`trusted_root.json: ${path === '' ? '' : `${path}: `}${reason}`, options)
    this.path = path
    this.reason = reason
  }
}

/**
 * The checks of an attestation, in their order; docs/attestations.md describes each.
 *
 * - `object`: version, encodings, counts and lengths of the object itself
 * - `time`: the log's promise, or a timestamp (RFC 3161)
 * - `chain`: from the certificate to an authority of the trusted root, valid at that time
 * - `usage`: the certificate is for signing code, and is not a CA's
 * - `sct`: a certificate transparency log included the certificate
 * - `inclusion`: the entry is in the transparency log
 * - `entry`: the entry is about this payload, signature and certificate
 * - `signature`: the certificate's key signed the payload
 * - `statement`: it is about this file, once
 * - `publisher`: the certificate is of the publisher that is named
 * - `identity`: the certificate is of the expected identity
 */
export type AttestationCheck =
  | 'object'
  | 'time'
  | 'chain'
  | 'usage'
  | 'sct'
  | 'inclusion'
  | 'entry'
  | 'signature'
  | 'statement'
  | 'publisher'
  | 'identity'

/** An attestation (PEP 740) or a bundle of Sigstore that must not be believed. */
export class AttestationError extends TufError {
  readonly code = 'ERR_TUF_ATTESTATION_REFUSED'
  /** The check that refused it. */
  readonly check: AttestationCheck
  /** The field, such as `attestation_bundles[0].attestations[1]`; empty for the whole object. */
  readonly path: string
  readonly reason: string

  constructor(
    check: AttestationCheck,
    reason: string,
    options?: ErrorOptions & { readonly path?: string | undefined },
  ) {
    const path = options?.path ?? ''
    super(`${path === '' ? 'attestation' : path}: ${reason} (check "${check}")`, options)
    this.check = check
    this.path = path
    this.reason = reason
  }
}

/**
 * The publisher of a project is not the one of the first use, or a release lacks an attestation though
 * earlier ones carried them. Pin the publishers that are right.
 */
export class PublisherChangedError extends TufError {
  readonly code = 'ERR_TUF_PUBLISHER_CHANGED'
  /** The project, normalised. */
  readonly project: string
  readonly filename: string
  /** The publishers of the project so far, in words. */
  readonly before: readonly string[]
  /** The publishers of this file, in words; empty for a file without an attestation. */
  readonly now: readonly string[]

  constructor(fields: {
    project: string
    filename: string
    before: readonly string[]
    now: readonly string[]
  }) {
    const { project, filename, before, now } = fields
    const found = now.length === 0 ? 'lacks an attestation' : `is signed by ${now.join(', ')}`
    super(`${filename} ${found}; ${project} was signed by ${before.join(', ')} before`)
    this.project = project
    this.filename = filename
    this.before = before
    this.now = now
  }
}
