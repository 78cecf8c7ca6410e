/** Attestations and provenance of the in-memory instance, for tests. */
import { sign } from 'node:crypto'
import { preAuthEncoding } from '../../../src/sigstore/dsse.js'
import { newKeys } from './certificates.js'
import type { EntryFields, LeafFields, TestSigstore } from './instance.js'
import type { AttestationJson, ProvenanceJson } from './json.js'

export const file = { filename: 'demo-1.0.tar.gz', sha256: 'ab'.repeat(32) }

export const gitHub = { kind: 'GitHub', repository: 'demo/demo', workflow: 'publish.yml' }

export interface StatementJson {
  _type: string
  subject: { name: string; digest: Record<string, string> }[]
  predicateType: string
  predicate?: unknown
}

/** Possible faults of an attestation. */
export interface AttestFields {
  readonly leaf?: LeafFields
  /** Changes the statement before it is signed. */
  readonly statement?: (statement: StatementJson) => unknown
  /** The payload, instead of a statement. */
  readonly payload?: string
  readonly entry?: EntryFields
  /** Whether a key of no certificate signs. */
  readonly byAnotherKey?: boolean
  /** Whether the payload is signed without its type. */
  readonly withoutType?: boolean
  /** Bytes after the certificate, in the attestation and in the log. */
  readonly afterCertificate?: Uint8Array
  /** Changes the object at the end. */
  readonly change?: (attestation: AttestationJson) => unknown
}

export function attest(sigstore: TestSigstore, fields: AttestFields = {}): AttestationJson {
  const statement: StatementJson = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: file.filename, digest: { sha256: file.sha256 } }],
    predicateType: 'https://docs.pypi.org/attestations/publish/v1',
    predicate: null,
  }
  fields.statement?.(statement)
  const payload = Buffer.from(fields.payload ?? JSON.stringify(statement))
  const { der: certificate, privateKey } = sigstore.leaf(fields.leaf)
  const der = Buffer.concat([certificate, fields.afterCertificate ?? Uint8Array.of()])
  const key = fields.byAnotherKey === true ? newKeys().privateKey : privateKey
  const message =
    fields.withoutType === true
      ? payload
      : preAuthEncoding({ payloadType: 'application/vnd.in-toto+json', payload })
  const signature = sign(fields.leaf?.curve === 'P-384' ? 'sha384' : 'sha256', message, key)
  const attestation: AttestationJson = {
    version: 1,
    verification_material: {
      certificate: der.toString('base64'),
      transparency_entries: [sigstore.entry({ payload, signature, der }, fields.entry)],
    },
    envelope: {
      statement: payload.toString('base64'),
      signature: signature.toString('base64'),
    },
  }
  fields.change?.(attestation)
  return attestation
}

/** Provenance of one publisher. */
export function provenance(
  attestations: readonly AttestationJson[],
  publisher: Record<string, unknown> = gitHub,
  change: (provenance: ProvenanceJson) => unknown = () => undefined,
): Buffer {
  const object: ProvenanceJson = {
    version: 1,
    attestation_bundles: [{ publisher, attestations: [...attestations] }],
  }
  change(object)
  return Buffer.from(JSON.stringify(object))
}
