/** Provenance and attestation objects of PEP 740, version 1: read and bounded, not believed. */
import { readPlainJson } from '../core/json/read.js'
import type { JsonValue } from '../core/json/value.js'
import { objectFrom, required, within, FieldRefusal, type Read } from '../core/metadata/fields.js'
import { AttestationError } from '../errors.js'
import { sigstoreBudget } from '../sigstore/budget.js'
import { base64From } from '../sigstore/fields.js'
import type { LogEntry } from '../sigstore/log/material.js'
import { boundedArray, logEntriesFrom } from '../sigstore/log/read-entry.js'
import { certificateFrom, refusing } from '../sigstore/read-bundle.js'
import type { Certificate } from '../sigstore/x509/certificate.js'
import { attestationBudget } from './budget.js'
import { publisherClaimFrom, type PublisherClaim } from './publisher.js'

/** An attestation object, read and not believed. */
export interface Attestation {
  /** @internal */
  readonly certificate: Certificate
  /** @internal */
  readonly entries: readonly LogEntry[]
  /** The in-toto statement: exactly the bytes that were signed. */
  readonly statement: Uint8Array
  /** DER. */
  readonly signature: Uint8Array
}

/** A provenance object, read and not believed. */
export interface Provenance {
  readonly bundles: readonly AttestationBundle[]
}

/** Attestations, and the publisher whose they are said to be. */
export interface AttestationBundle {
  readonly claim: PublisherClaim
  readonly attestations: readonly Attestation[]
}

/**
 * Reads an attestation object (PEP 740), the form that publishers upload.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { parseAttestation } from 'tuffet/attestations'
 *
 * const { statement } = parseAttestation(await readFile('demo-1.0.tar.gz.publish.attestation'))
 * console.log(new TextDecoder().decode(statement)) // not believed yet
 * ```
 *
 * @throws AttestationError (`ERR_TUF_ATTESTATION_REFUSED`) of the check `object`
 */
export function parseAttestation(bytes: Uint8Array): Attestation {
  checkLength(bytes, sigstoreBudget.bundleLength)
  return refusing('object', () => attestationFrom(readPlainJson(bytes)))
}

/**
 * Reads a provenance object (PEP 740), the form that an index serves for a file. At least one bundle,
 * and at least one attestation in each.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { parseProvenance } from 'tuffet/attestations'
 *
 * const { bundles } = parseProvenance(await readFile('provenance.json'))
 * for (const { claim } of bundles) console.log(claim.kind) // not believed yet
 * ```
 *
 * @throws AttestationError (`ERR_TUF_ATTESTATION_REFUSED`) of the check `object`
 */
export function parseProvenance(bytes: Uint8Array): Provenance {
  checkLength(bytes, attestationBudget.provenanceLength)
  return refusing('object', () => {
    const provenance = objectFrom(readPlainJson(bytes))
    required(provenance, 'version', versionOne)
    const bundles = required(provenance, 'attestation_bundles', (list) =>
      boundedArray(list, attestationBudget.bundles, bundleFrom, 1),
    )
    return { bundles }
  })
}

function checkLength(bytes: Uint8Array, most: number): void {
  if (bytes.length > most) throw new AttestationError('object', `is longer than ${most} bytes`)
}

const bundleFrom: Read<AttestationBundle> = (value) => {
  const bundle = objectFrom(value)
  return {
    claim: required(bundle, 'publisher', publisherClaimFrom),
    attestations: required(bundle, 'attestations', (list) =>
      boundedArray(list, attestationBudget.attestations, attestationFrom, 1),
    ),
  }
}

const attestationFrom: Read<Attestation> = (value) => {
  const attestation = objectFrom(value)
  required(attestation, 'version', versionOne)
  const material = required(attestation, 'verification_material', objectFrom)
  const envelope = required(attestation, 'envelope', objectFrom)
  const below = <T>(name: string, read: () => T): T => {
    try {
      return read()
    } catch (error) {
      throw within(name, error)
    }
  }
  return {
    ...below('verification_material', () => ({
      certificate: required(material, 'certificate', p256CertificateFrom),
      entries: required(material, 'transparency_entries', logEntriesFrom),
    })),
    ...below('envelope', () => ({
      statement: required(envelope, 'statement', base64From),
      signature: required(envelope, 'signature', base64From),
    })),
  }
}

/** Version 1 allows one algorithm: ECDSA over P-256 with SHA-256. */
function p256CertificateFrom(value: JsonValue): Certificate {
  const certificate = certificateFrom(value)
  const { kind } = certificate.key
  if (kind !== 'P-256') throw new FieldRefusal(`is for a key of ${kind}, not of P-256`)
  return certificate
}

function versionOne(value: JsonValue): void {
  if (value !== 1) throw new FieldRefusal('must be the number 1')
}
