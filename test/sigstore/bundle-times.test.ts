/** A bundle with several times: each of them must be within each period. */
import { expect, test } from '@jest/globals'
import { parseTrustedRoot, verifyBundle, type TrustedRoot } from '../../src/sigstore/index.js'
import { bundleOf } from '../attestations/bundle-cases.js'
import { file } from '../support/sigstore/attest.js'
import { gitHubClaims, minute, signingTime, TestSigstore } from '../support/sigstore/instance.js'

const sigstore = new TestSigstore()
const identity = { subject: gitHubClaims[9] ?? '', issuer: gitHubClaims[8] ?? '' }
const trusted = parseTrustedRoot(sigstore.trustedRoot())

/** The times of a bundle that was stamped at them, or the reason of its refusal. */
async function timesOf(
  trustedRoot: TrustedRoot,
  ...times: readonly number[]
): Promise<readonly number[] | string> {
  const bytes = bundleOf(sigstore, {
    change({ verificationMaterial, dsseEnvelope }) {
      const signature = Buffer.from(dsseEnvelope.signatures[0]?.sig ?? '', 'base64')
      const rfc3161Timestamps = times.map((time) => ({
        signedTimestamp: sigstore.timestamp(signature, { time }),
      }))
      verificationMaterial.timestampVerificationData = { rfc3161Timestamps }
    },
  })
  const artifact = { sha256: file.sha256 }
  try {
    return (await verifyBundle(bytes, { trustedRoot, artifact, identity })).times
  } catch (error) {
    const { check, reason } = error as { readonly check: string; readonly reason: string }
    return `${check}: ${reason}`
  }
}

const [first, second] = [signingTime, signingTime + 5 * minute]
const late = signingTime + 10 * minute
const until = { end: new Date(signingTime + minute).toISOString() }

test('all of them are returned', async () => {
  expect(await timesOf(trusted, first, second)).toEqual([first, second])
})

test.each([
  [first, late],
  [late, first],
])('one outside the validity of the certificate is enough to refuse: %d, %d', async (...times) => {
  expect(await timesOf(trusted, ...times)).toBe(
    'chain: signed outside the validity of the certificate',
  )
})

test.each([
  [first, second],
  [second, first],
])('one outside the period of the log is enough to refuse: %d, %d', async (...times) => {
  const root = sigstore.trustedRoot(({ tlogs }) => {
    for (const { publicKey } of tlogs) Object.assign(publicKey.validFor, until)
  })
  expect(await timesOf(parseTrustedRoot(root), first)).toEqual([first])
  expect(await timesOf(parseTrustedRoot(root), ...times)).toBe(
    'time: signed outside the period of the log log2026.rekor.test',
  )
})

test.each([
  [first, second],
  [second, first],
])('one outside the period of the authority is enough to refuse: %d, %d', async (...times) => {
  const root = sigstore.trustedRoot(({ certificateAuthorities }) => {
    for (const { validFor } of certificateAuthorities) Object.assign(validFor, until)
  })
  expect(await timesOf(parseTrustedRoot(root), first)).toEqual([first])
  expect(await timesOf(parseTrustedRoot(root), ...times)).toBe(
    'chain: no authority of the trusted root that was valid then issued the certificate',
  )
})
