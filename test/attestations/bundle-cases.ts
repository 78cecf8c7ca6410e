/** Cases of bundles: Rekor v2, and timestamps of authorities, which attestations of version 1 lack. */
import { sign } from 'node:crypto'
import { preAuthEncoding } from '../../src/sigstore/dsse.js'
import { file } from '../support/sigstore/attest.js'
import { newKeys, sha256 } from '../support/sigstore/certificates.js'
import { logOf, minute, signingTime, type TestSigstore } from '../support/sigstore/instance.js'
import type { LogEntryJson } from '../support/sigstore/json.js'
import type { CheckpointFields, LogFields } from '../support/sigstore/log.js'
import type { TimestampFields } from '../support/sigstore/timestamp.js'
import type { CaseList } from './cases.js'

export interface BundleFields {
  readonly kind?: 'dsse' | 'hashedrekord'
  readonly timestamp?: TimestampFields
  readonly entry?: CheckpointFields & { readonly checkpointBy?: LogFields }
  /** The digest in the entry, instead of the payload's. */
  readonly about?: Buffer
  readonly change?: (bundle: BundleJson) => unknown
}

interface BundleJson {
  mediaType: string
  verificationMaterial: {
    certificate?: { rawBytes: string }
    tlogEntries: LogEntryJson[]
    timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] }
  }
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] }
}

export function addBundleCases(cases: CaseList, sigstore: TestSigstore): void {
  const add = (
    name: string,
    check: Parameters<CaseList['add']>[1],
    fields: BundleFields,
    trustedRoot?: Buffer,
  ): void => {
    const input = bundleOf(sigstore, fields)
    cases.add(name, check, input, { kind: 'bundle', ...(trustedRoot && { trustedRoot }) })
  }
  add('a bundle of Rekor v2', undefined, {})
  add('a DSSE envelope in a hashedrekord', undefined, { kind: 'hashedrekord' })
  add('a timestamp with its certificate', undefined, { timestamp: { embed: true } })
  add('a bundle without a timestamp', 'time', {
    change: ({ verificationMaterial: material }) => delete material.timestampVerificationData,
  })
  add('a timestamp over another signature', 'time', {
    change: ({ verificationMaterial: material }) => {
      const other = sigstore.timestamp(Buffer.from('other'))
      material.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp: other }] }
    },
  })
  add('a timestamp by another key', 'time', { timestamp: { signer: newKeys().privateKey } })
  add('a timestamp with another digest', 'time', {
    timestamp: { digestOf: Buffer.from('other') },
  })
  add('a timestamp that was not granted', 'time', { timestamp: { status: 2 } })
  add('a timestamp before its certificate', 'time', {
    timestamp: { time: signingTime - 400 * 24 * 60 * minute },
  })
  add('a timestamp after the certificate expired', 'chain', {
    timestamp: { time: signingTime + 20 * minute },
  })
  const ended = sigstore.trustedRoot(({ timestampAuthorities: [authority] }) => {
    if (authority) authority.validFor.end = new Date(signingTime - minute).toISOString()
  })
  add('a timestamp authority whose period ended', 'time', {}, ended)
  const withoutSigner = sigstore.trustedRoot(({ timestampAuthorities: [authority] }) => {
    authority?.certChain.certificates.shift()
  })
  const embedded = { timestamp: { embed: true } }
  add('a timestamp whose certificate its authority issued', undefined, embedded, withoutSigner)
  add('a timestamp whose certificate is nowhere', 'time', {}, withoutSigner)
  // A certificate that the same root issued for signing code, not for timestamps.
  const wrongPurpose = sigstore.trustedRoot((root) => {
    root.timestampAuthorities = root.certificateAuthorities
  })
  add('a timestamp by no authority', 'time', {}, wrongPurpose)

  add('a checkpoint of Rekor v2 by another key', 'inclusion', {
    entry: { checkpointBy: logOf(sigstore.rekorV2.origin, newKeys()) },
  })
  add('an index that is not the one of the proof', 'inclusion', {
    change: ({ verificationMaterial: { tlogEntries } }) => {
      for (const entry of tlogEntries) entry.logIndex = '9'
    },
  })
  add('an entry of Rekor v2 about another payload', 'entry', { about: sha256(Buffer.from('x')) })
  add('a hashedrekord about another payload', 'entry', {
    kind: 'hashedrekord',
    about: sha256(Buffer.from('x')),
  })
  add('a bundle of an unknown version', 'object', {
    change: (bundle) => (bundle.mediaType = 'application/vnd.dev.sigstore.bundle.v0.9+json'),
  })
  add('a bundle without a signer', 'object', {
    change: ({ verificationMaterial: material }) => delete material.certificate,
  })
  add('a bundle with two signatures', 'object', {
    change: ({ dsseEnvelope: envelope }) => {
      envelope.signatures.push(...envelope.signatures.slice())
    },
  })
  cases.add('a bundle about another file', 'statement', bundleOf(sigstore, {}), {
    kind: 'bundle',
    file: { ...file, sha256: 'cd'.repeat(32) },
  })
}

export function bundleOf(sigstore: TestSigstore, fields: BundleFields = {}): Buffer {
  const { kind = 'dsse' } = fields
  const payloadType = 'application/vnd.in-toto+json'
  const payload = Buffer.from(
    JSON.stringify({ subject: [{ name: file.filename, digest: { sha256: file.sha256 } }] }),
  )
  const { der, privateKey } = sigstore.leaf()
  const encoding = preAuthEncoding({ payloadType, payload })
  const signature = sign('sha256', encoding, privateKey)
  const digest = fields.about ?? sha256(kind === 'dsse' ? payload : encoding)
  const signedTimestamp = sigstore.timestamp(signature, fields.timestamp)
  const bundle: BundleJson = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes: der.toString('base64') },
      tlogEntries: [sigstore.entryV2(kind, { digest, signature, der }, fields.entry)],
      timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp }] },
    },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType,
      signatures: [{ sig: signature.toString('base64') }],
    },
  }
  fields.change?.(bundle)
  return Buffer.from(JSON.stringify(bundle))
}
