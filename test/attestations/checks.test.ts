/** Each check of an attestation, in the order of docs/attestations.md, with inputs that it refuses. */
import { describe, expect, test } from '@jest/globals'
import * as attestations from '../../src/attestations/index.js'
import * as sigstore from '../../src/sigstore/index.js'
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
