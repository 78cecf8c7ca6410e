/** Each check of an attestation, in the order of docs/attestations.md, with inputs that it refuses. */
import { describe, expect, test } from '@jest/globals'
import * as attestations from '../../src/attestations/index.js'
import * as sigstore from '../../src/sigstore/index.js'
import { nobleCryptography } from '../../src/web/cryptography.js'
import { AttestationError } from '../../src/errors.js'
import { attest, file } from '../support/sigstore/attest.js'
import { changedCharacters } from '../support/sigstore/changes.js'
import { TestSigstore } from '../support/sigstore/instance.js'
import { attestationCases } from './all-cases.js'
import { answerTo } from './ask.js'

const cases = attestationCases()
const build = { attestations, sigstore }

describe('good provenance and bundles are verified', () => {
  test.each(cases.filter(({ refusedBy }) => refusedBy === undefined))('$name', async (one) => {
    expect(await answerTo(one, build)).toBe('verified')
  })
})

describe.each([
  ...(['trusted-root', 'object', 'time', 'chain', 'usage', 'sct', 'inclusion'] as const),
  ...(['entry', 'signature', 'statement', 'publisher', 'identity'] as const),
])('the check "%s" refuses', (check) => {
  test.each(cases.filter(({ refusedBy }) => refusedBy === check))('$name', async (one) => {
    expect(await answerTo(one, build)).toBe(check)
  })
})

test('the name of each case is unique', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
})

test('the portable cryptography gives the same answers', async () => {
  const differing: string[] = []
  for (const one of cases) {
    const answer = await answerTo(one, build, nobleCryptography)
    if (answer !== (one.refusedBy ?? 'verified')) differing.push(`${one.name}: ${answer}`)
  }
  expect(differing).toEqual([])
})

test('every changed character of an attestation is refused by a check', () => {
  const trusted = new TestSigstore()
  const trustedRoot = sigstore.parseTrustedRoot(trusted.trustedRoot())
  const text = JSON.stringify(attest(trusted))
  const wrong: string[] = []
  let count = 0
  for (const [where, bytes] of changedCharacters(text, 11)) {
    count += 1
    try {
      attestations.verifyAttestation(bytes, file, { trustedRoot })
      wrong.push(`${where}: verified`)
    } catch (error) {
      if (!(error instanceof AttestationError)) wrong.push(`${where}: ${String(error)}`)
    }
  }
  expect(wrong).toEqual([])
  expect(count).toBeGreaterThan(400)
})
