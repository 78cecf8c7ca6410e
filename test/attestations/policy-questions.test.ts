/** The questions of policy-questions.ts, to the library as it is. */
import { expect, test } from '@jest/globals'
import * as attestations from '../../src/attestations/index.js'
import * as agreements from '../../src/pypi/verdict/attestation.js'
import * as sigstore from '../../src/sigstore/index.js'
import { policyQuestions } from './policy-questions.js'

test.each(policyQuestions)('$name', async ({ expected, ask }) => {
  expect(await ask({ attestations, sigstore, agreements })).toBe(expected)
})
