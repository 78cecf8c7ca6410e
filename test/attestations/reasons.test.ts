/** The reasons of refusals: each names the fault, and its place. */
import { expect, test } from '@jest/globals'
import { verifyProvenance } from '../../src/attestations/index.js'
import { AttestationError, type AttestationCheck } from '../../src/errors.js'
import { parseTrustedRoot, verifyBundle } from '../../src/sigstore/index.js'
import { gitHubClaims } from '../support/sigstore/instance.js'
import { attestationCases } from './all-cases.js'

const identity = { subject: gitHubClaims[9] ?? '', issuer: gitHubClaims[8] ?? '' }

const cases = attestationCases()

/** In their order, each once, without the place of the only attestation. */
async function reasonsOf(check: AttestationCheck): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const { kind, input, trustedRoot: root, file, refusedBy } of cases) {
    if (refusedBy !== check) continue
    const trustedRoot = parseTrustedRoot(Buffer.from(root, 'base64'))
    const bytes = Buffer.from(input, 'base64')
    try {
      if (kind === 'provenance') verifyProvenance(bytes, file, { trustedRoot })
      else await verifyBundle(bytes, { trustedRoot, artifact: file, identity })
    } catch (error) {
      if (!(error instanceof AttestationError)) throw error
      const place = error.path === '' ? '' : `${error.path}: `
      found.add(
        `${place}${error.reason}`.replace(
          /^attestation_bundles\[0\]\.attestations\[0\](: |\.)/,
          '',
        ),
      )
    }
  }
  return [...found].sort()
}

const certificate = 'verification_material.certificate: is not a certificate'
const entries = 'verification_material.transparency_entries'

test.each<readonly [AttestationCheck, readonly string[]]>([
  [
    'object',
    [
      'attestation_bundles: 0 entries, not 1 to 16',
      'attestation_bundles: 1000 entries, not 1 to 16',
      'attestation_bundles[0].attestations: 0 entries, not 1 to 8',
      'attestation_bundles[0].publisher.kind: is missing',
      'attestation_bundles[0].publisher.workflow: is missing',
      'dsseEnvelope.signatures: must be exactly one',
      'envelope.signature: is not base64',
      'is longer than 2000000 bytes',
      'mediaType: is not of a known version',
      'verificationMaterial.publicKey: is missing',
      'verification_material.certificate: is for a key of P-384, not of P-256',
      `${certificate}: a value without a length`,
      `${certificate}: not one value of DER`,
      `${certificate}: the critical extension 1.2.3.4 is not understood`,
      `${entries}: 0 entries, not 1 to 8`,
      `${entries}[0].inclusionProof.checkpoint.envelope: is longer than 16000`,
      `${entries}[0].inclusionProof.hashes: 64 entries, not 0 to 63`,
      'version: duplicate name',
      'version: must be the number 1',
    ],
  ],
  [
    'time',
    [
      'neither a log nor an authority says when it was signed',
      'signed outside the period of the log rekor.test',
      'the entry is of a log that is not in the trusted root',
      'the promise of the log is not its signature over this entry',
      'the promise of the log is over no time',
      'the signed digest of the timestamp is of another content',
      'the timestamp is not by an authority of the trusted root that is valid then',
      'the timestamp is over another signature',
      'the timestamp: not a granted timestamp',
    ],
  ],
  [
    'chain',
    [
      'no authority of the trusted root that was valid then issued the certificate',
      'signed outside the validity of the certificate',
    ],
  ],
  [
    'usage',
    [
      'the certificate is a CA',
      'the certificate is not for signing code',
      'the key of the certificate is not for signatures',
    ],
  ],
  [
    'sct',
    [
      'a timestamp of the certificate is not by its log, or outside its period',
      'the certificate lacks a timestamp of a known log',
    ],
  ],
  [
    'inclusion',
    [
      'a signature line of the checkpoint is malformed',
      'the checkpoint is not a signed note',
      'the checkpoint is not signed by its log',
      'the checkpoint is of another log than rekor.test',
      'the entry is not in the log',
      'the entry lacks a proof that it is in the log',
      'the index of the entry is not that of its proof',
      'the proof is for another checkpoint',
      'the signature of the checkpoint is wrong',
    ],
  ],
  [
    'entry',
    [
      'the body of the entry: kind: is another than in the bundle',
      'the body of the entry: must be an object, is the string "no"',
      'the body of the entry: spec.signatures: must be exactly one signature',
      'the entry is of an unexpected kind: "rpm 0.0.1"',
      'the entry of the log is about another certificate',
      'the entry of the log is about another payload',
      'the entry of the log is about another signature',
    ],
  ],
  ['signature', ['the signature is not by the key of the certificate']],
  [
    'statement',
    [
      '_type: duplicate name',
      '_type: is not that of an in-toto statement, version 1',
      'attestation_bundles[0].attestations[1]: a second one of this type by the same publisher',
      'attestation_bundles[1].attestations[0]: a second one of this type by the same publisher',
      'it is about "demo-1.0+x.zip.TAR.GZ"',
      'it is about "demo-1.0+x.zip.tar.bz2"',
      'it is about "demo-1.0+x.zip.tar.gz"',
      'it is about "demo-1.0-2-py3-none-any.whl"',
      'it is about "demo-1.0.zip"',
      'it is about "demo-1.1.tar.gz"',
      'it is about "demo.txt"',
      'it is about "other-1.0.tar.gz"',
      'it is about another content of the file: the SHA-256 differs',
      'no subject of the statement is the artifact: every SHA-256 differs',
      'predicate: is not empty',
      'predicateType: is of an unknown type',
      'subject: 0 entries, not 1 to 1',
      'subject: 2 entries, not 1 to 1',
      'subject[0].digest.sha256: is missing',
    ],
  ],
  ['identity', ['the certificate: a value without a length']],
])('of the check %s', async (check, expected) => {
  expect(await reasonsOf(check)).toEqual(expected)
})
