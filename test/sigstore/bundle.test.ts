/** Bundles against an identity, a key and an artifact. The checks before them are in test/attestations. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import {
  parseTrustedRoot,
  verifyBundle,
  type VerifyBundleOptions,
} from '../../src/sigstore/index.js'
import { bundleOf } from '../attestations/bundle-cases.js'
import { file } from '../support/sigstore/attest.js'
import { gitHubClaims, signingTime, TestSigstore } from '../support/sigstore/instance.js'

const sigstore = new TestSigstore()
const bundle = bundleOf(sigstore)
const identity = { subject: gitHubClaims[9] ?? '', issuer: gitHubClaims[8] ?? '' }
const good: VerifyBundleOptions = {
  trustedRoot: parseTrustedRoot(sigstore.trustedRoot()),
  artifact: { sha256: file.sha256 },
  identity,
}
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString()

test('a verified bundle states identity, time, log entry and payload', async () => {
  const verified = await verifyBundle(bundle, good)
  expect(verified.certificate?.names).toEqual([{ type: 'uri', value: identity.subject }])
  expect(verified.certificate?.claims).toMatchObject({
    issuer: identity.issuer,
    sourceRepositoryUri: 'https://github.com/demo/demo',
    sourceRepositoryRef: 'refs/tags/v1.0',
  })
  expect(verified.times).toEqual([signingTime])
  expect(verified.entries).toEqual([
    { log: 'log2026.rekor.test', index: 4, kind: 'dsse 0.0.2', time: undefined },
  ])
  expect(JSON.parse(new TextDecoder().decode(verified.statement))).toHaveProperty('subject')
})

describe('the identity is compared literally:', () => {
  test.each([
    ['another subject', { ...identity, subject: 'https://github.com/demo/demo' }, 'identity'],
    ['a pattern', { ...identity, subject: '.*' }, 'identity'],
    ['another issuer', { ...identity, issuer: 'https://accounts.google.com' }, 'issuer'],
  ])('%s is refused', async (_what, other, what) => {
    await expect(verifyBundle(bundle, { ...good, identity: other })).rejects.toMatchObject({
      code: 'ERR_TUF_ATTESTATION_REFUSED',
      check: 'identity',
      reason: `the certificate is of another ${what}`,
    })
  })
})

test('bytes that are none are a TypeError', async () => {
  await expect(verifyBundle({} as never, good)).rejects.toMatchObject({ name: 'TypeError' })
})

test('a key is refused for a bundle with a certificate', async () => {
  await expect(verifyBundle(bundle, { ...good, identity: undefined, key })).rejects.toMatchObject({
    check: 'identity',
  })
})

test.each([
  [
    'neither identity nor key',
    { ...good, identity: undefined },
    'either identity or key must be given',
  ],
  ['both identity and key', { ...good, key }, 'either identity or key must be given'],
  [
    'null for the identity',
    { ...good, identity: null as never },
    'either identity or key must be given',
  ],
  [
    'a SHA-256 of another length',
    { ...good, artifact: { sha256: 'abcd' } },
    'a SHA-256 is 64 hexadecimal digits',
  ],
  [
    'a SHA-256 that is not hexadecimal',
    { ...good, artifact: { sha256: 'x'.repeat(64) } },
    'a SHA-256 is 64 hexadecimal digits',
  ],
])('%s is a TypeError', async (_what, options, message) => {
  await expect(verifyBundle(bundle, options)).rejects.toThrow(new TypeError(message))
})

test('the artifact may be given as bytes', async () => {
  await expect(
    verifyBundle(bundle, { ...good, artifact: new Uint8Array(3) }),
  ).rejects.toMatchObject({ check: 'statement' })
})
