/** Each limit of src/sigstore/budget.ts and src/attestations/budget.ts, from both sides. */
import { describe, expect, test } from '@jest/globals'
import {
  attestationJudge,
  firstUseEntry,
  parseAttestation,
  parseProvenance,
  writeFirstUse,
  type ProvenanceAnswer,
} from '../../src/attestations/index.js'
import { memoryStore } from '../../src/client/store.js'
import { isTufError } from '../../src/errors.js'
import { attestationBudget } from '../../src/attestations/budget.js'
import { sigstoreBudget } from '../../src/sigstore/budget.js'
import { parseTrustedRoot, verifyBundle } from '../../src/sigstore/index.js'
import { verifyAttestation } from '../../src/attestations/index.js'
import { attest, file, gitHub, provenance } from '../support/sigstore/attest.js'
import { extensions, type Extension } from '../support/sigstore/certificates.js'
import { TestSigstore } from '../support/sigstore/instance.js'
import type { AttestationJson, LogEntryJson, TrustedRootJson } from '../support/sigstore/json.js'

const sigstore = new TestSigstore()
const good = attest(sigstore)
const trustedRoot = parseTrustedRoot(sigstore.trustedRoot())

function bytesOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function outcomeOf(read: () => unknown): string {
  try {
    read()
    return 'read'
  } catch (error) {
    const { check, code } = error as { check?: string; code?: string }
    return check ?? code ?? String(error)
  }
}

/** `good` with its only entry changed. */
function withEntry(change: (entry: LogEntryJson) => unknown): AttestationJson {
  const copy = structuredClone(good)
  for (const entry of copy.verification_material.transparency_entries) change(entry)
  return copy
}

describe('as many as the limit are read, one more is refused:', () => {
  test('bytes of provenance', () => {
    const padded = (length: number): Buffer => {
      const bytes = Buffer.alloc(length, ' ')
      provenance([good]).copy(bytes)
      return bytes
    }
    const { provenanceLength: most } = attestationBudget
    expect(outcomeOf(() => parseProvenance(padded(most)))).toBe('read')
    expect(outcomeOf(() => parseProvenance(padded(most + 1)))).toBe('object')
  })

  test('bytes of an attestation', () => {
    const padded = (length: number): Buffer => {
      const bytes = Buffer.alloc(length, ' ')
      bytesOf(good).copy(bytes)
      return bytes
    }
    const { bundleLength: most } = sigstoreBudget
    expect(outcomeOf(() => parseAttestation(padded(most)))).toBe('read')
    expect(outcomeOf(() => parseAttestation(padded(most + 1)))).toBe('object')
  })

  test('publishers of a file', () => {
    const of = (count: number): Buffer =>
      bytesOf({
        version: 1,
        attestation_bundles: Array.from({ length: count }, () => ({
          publisher: gitHub,
          attestations: [good],
        })),
      })
    expect(outcomeOf(() => parseProvenance(of(attestationBudget.bundles)))).toBe('read')
    expect(outcomeOf(() => parseProvenance(of(attestationBudget.bundles + 1)))).toBe('object')
  })

  test('attestations of a publisher', () => {
    const of = (count: number): Buffer => provenance(Array.from({ length: count }, () => good))
    expect(outcomeOf(() => parseProvenance(of(attestationBudget.attestations)))).toBe('read')
    expect(outcomeOf(() => parseProvenance(of(attestationBudget.attestations + 1)))).toBe('object')
  })

  test('entries of logs', () => {
    const of = (count: number): Buffer => {
      const copy = structuredClone(good)
      const { verification_material: material } = copy
      const [entry] = material.transparency_entries
      if (entry) material.transparency_entries = Array.from({ length: count }, () => entry)
      return bytesOf(copy)
    }
    expect(outcomeOf(() => parseAttestation(of(sigstoreBudget.logEntries)))).toBe('read')
    expect(outcomeOf(() => parseAttestation(of(sigstoreBudget.logEntries + 1)))).toBe('object')
  })

  test('hashes of a proof', () => {
    const of = (count: number): Buffer =>
      bytesOf(
        withEntry(({ inclusionProof: proof }) => {
          if (proof) proof.hashes = Array.from({ length: count }, () => proof.rootHash)
        }),
      )
    expect(outcomeOf(() => parseAttestation(of(sigstoreBudget.proofHashes)))).toBe('read')
    expect(outcomeOf(() => parseAttestation(of(sigstoreBudget.proofHashes + 1)))).toBe('object')
  })

  test('characters of a checkpoint', () => {
    const of = (length: number): Buffer =>
      bytesOf(
        withEntry(({ inclusionProof: proof }) => {
          if (proof) proof.checkpoint.envelope = 'x'.repeat(length)
        }),
      )
    const { checkpointLength: most } = sigstoreBudget
    expect(outcomeOf(() => parseAttestation(of(most)))).toBe('read')
    expect(outcomeOf(() => parseAttestation(of(most + 1)))).toBe('object')
  })

  test('signatures of a checkpoint', () => {
    const of = (count: number): Buffer =>
      bytesOf(
        withEntry(({ inclusionProof: proof }) => {
          const more = '\u2014 witness.test AAAAAAAA\n'.repeat(count - 1)
          if (proof) proof.checkpoint.envelope += more
        }),
      )
    const verify = (count: number): string =>
      outcomeOf(() => verifyAttestation(of(count), file, { trustedRoot }))
    expect(verify(sigstoreBudget.checkpointSignatures)).toBe('read')
    expect(verify(sigstoreBudget.checkpointSignatures + 1)).toBe('inclusion')
  })

  test('bytes of a certificate', () => {
    const of = (length: number): string =>
      outcomeOf(() => {
        const filler: Extension = { oid: '1.2.3.4', value: Buffer.alloc(length) }
        const { der } = sigstore.leaf({ moreExtensions: [filler] })
        const copy = structuredClone(good)
        copy.verification_material.certificate = der.toString('base64')
        parseAttestation(bytesOf(copy))
      })
    expect(of(sigstoreBudget.certificateLength - 2_000)).toBe('read')
    expect(of(sigstoreBudget.certificateLength)).toBe('object')
  })

  test('timestamps in a certificate', () => {
    // Their version is unknown, so they are skipped, but they are counted.
    const refused = (count: number, reason: RegExp): void => {
      const one = Uint8Array.of(0, 1, 9)
      const all = Buffer.concat(Array.from({ length: count }, () => one))
      const list = Buffer.concat([Uint8Array.of(all.length >> 8, all.length & 0xff), all])
      const leaf = { sct: { omit: true }, moreExtensions: [extensions.scts(list)] }
      const bytes = bytesOf(attest(sigstore, { leaf }))
      expect(() => verifyAttestation(bytes, file, { trustedRoot })).toThrow(reason)
    }
    refused(sigstoreBudget.scts, /lacks a timestamp of a known log/)
    refused(sigstoreBudget.scts + 1, /too many timestamps/)
  })

  test('timestamps of a bundle', async () => {
    const of = async (count: number, length = 10): Promise<string> => {
      const signedTimestamp = Buffer.alloc(length).toString('base64')
      const bundle = {
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: {
          certificate: { rawBytes: good.verification_material.certificate },
          tlogEntries: good.verification_material.transparency_entries,
          timestampVerificationData: {
            rfc3161Timestamps: Array.from({ length: count }, () => ({ signedTimestamp })),
          },
        },
        dsseEnvelope: {
          payloadType: 'application/vnd.in-toto+json',
          payload: good.envelope.statement,
          signatures: [{ sig: good.envelope.signature }],
        },
      }
      const identity = { subject: '', issuer: '' }
      const asked = verifyBundle(bytesOf(bundle), { trustedRoot, artifact: file, identity })
      return asked.then(
        () => 'verified',
        (error: unknown) => (isTufError(error) && 'check' in error ? error.check : 'broken'),
      )
    }
    const { timestamps, timestampLength } = sigstoreBudget
    expect(await of(timestamps)).toBe('time')
    expect(await of(timestamps + 1)).toBe('object')
    expect(await of(1, timestampLength)).toBe('time')
    expect(await of(1, timestampLength + 1)).toBe('object')
  })

  test('bytes, entries and chains of a trusted root', () => {
    const read = (change: (root: TrustedRootJson) => unknown): string =>
      outcomeOf(() => parseTrustedRoot(sigstore.trustedRoot(change)))
    const { trustedRootEntries: entries, chainLength, trustedRootLength } = sigstoreBudget
    const logs = (count: number) => (root: TrustedRootJson) => {
      const [log] = root.tlogs
      if (log) root.tlogs = Array.from({ length: count }, () => log)
    }
    const chain = (count: number) => (root: TrustedRootJson) => {
      for (const { certChain } of root.certificateAuthorities) {
        const [one] = certChain.certificates
        if (one) certChain.certificates = Array.from({ length: count }, () => one)
      }
    }
    const refused = 'ERR_TUF_TRUSTED_ROOT_INVALID'
    expect(read(logs(entries))).toBe('read')
    expect(read(logs(entries + 1))).toBe(refused)
    expect(read(chain(chainLength))).toBe('read')
    expect(read(chain(chainLength + 1))).toBe(refused)
    const padded = Buffer.alloc(trustedRootLength + 1, ' ')
    sigstore.trustedRoot().copy(padded)
    expect(outcomeOf(() => parseTrustedRoot(padded.subarray(0, -1)))).toBe('read')
    expect(outcomeOf(() => parseTrustedRoot(padded))).toBe(refused)
  })

  test('bytes of the entry of publishers in a store', async () => {
    const { firstUseLength: most } = attestationBudget
    const outcome = async (length: number): Promise<string> => {
      const bytes = Buffer.alloc(length, ' ')
      writeFirstUse(new Map()).forEach((byte, index) => (bytes[index] = byte))
      const store = memoryStore()
      await store.set(firstUseEntry, bytes)
      const source = (): Promise<ProvenanceAnswer> => Promise.resolve({ provenance: undefined })
      const judge = attestationJudge({ trustedRoot, store, source })
      try {
        return (await judge({ project: 'demo', version: '1.0', ...file }, {})).verdict
      } catch (error) {
        return isTufError(error) ? error.code : String(error)
      }
    }
    expect(await outcome(most)).toBe('no-attestation')
    expect(await outcome(most + 1)).toBe('ERR_TUF_STORE_FAILED')
  })
})
