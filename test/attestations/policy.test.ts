/** Verdicts, and which of them a policy takes. */
import { describe, expect, test } from '@jest/globals'
import {
  isAcceptable,
  judgeFile,
  judgeProvenance,
  parseAttestationIdentities,
  verifyProvenance,
} from '../../src/attestations/index.js'
import { NameUnsafeError } from '../../src/errors.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { attest, file, gitHub, provenance } from '../support/sigstore/attest.js'
import { gitHubClaims } from '../support/sigstore/instance.js'
import { good, judge, pinsOf, sigstore, trustedRoot } from './judging.js'

describe('the verdict is', () => {
  test('match, when a pinned publisher signed', () => {
    expect(judge(good, gitHub)).toMatchObject({ verdict: 'match', pin: { publisher: gitHub } })
  })

  test('match, when one of several pins fits', () => {
    expect(judge(good, { ...gitHub, workflow: 'x.yml' }, gitHub).verdict).toBe('match')
  })

  test('mismatch, when another publisher signed, and it names both', () => {
    const verdict = judge(good, { ...gitHub, repository: 'demo/fork' })
    expect(verdict).toMatchObject({ verdict: 'mismatch', publishers: [gitHub], error: undefined })
    expect(verdict).toHaveProperty(
      'reason',
      expect.stringContaining('GitHub demo/demo publish.yml'),
    )
  })

  test('mismatch with the first difference, when no publisher of a known kind signed', () => {
    const other = provenance([attest(sigstore)], { kind: 'ActiveState' })
    expect(judge(other, { ...gitHub, repository: 'demo/fork' })).toEqual({
      verdict: 'mismatch',
      pinned: true,
      reason: 'the certificate names another repository: "https://github.com/demo/demo"',
      publishers: [],
      error: undefined,
    })
  })

  test('mismatch with the error, when an attestation is refused', () => {
    const bad = provenance([attest(sigstore, { byAnotherKey: true })])
    expect(judge(bad, gitHub)).toMatchObject({
      ...{ verdict: 'mismatch', pinned: true, publishers: [], error: { check: 'signature' } },
    })
    expect(judge(bad)).toMatchObject({ verdict: 'mismatch', pinned: false, publishers: [] })
  })

  test('mismatch with every publisher that signed', () => {
    const claims = Object.fromEntries(
      Object.entries(gitHubClaims).map(([n, text]) => [n, text.replace('demo/demo', 'fork/demo')]),
    )
    const two = provenance([attest(sigstore)], gitHub, (object) => {
      const publisher = { ...gitHub, repository: 'fork/demo' }
      const attestations = [attest(sigstore, { leaf: { claims } })]
      object.attestation_bundles.push({ publisher, attestations })
    })
    expect(judge(two, { ...gitHub, repository: 'demo/other' })).toMatchObject({
      reason: expect.stringMatching(
        /^signed by GitHub demo\/demo publish\.yml, GitHub fork\/demo publish\.yml: /,
      ),
    })
  })

  test('not given where something else fails than an attestation', () => {
    for (const error of [new Error('defect'), new NameUnsafeError('demo', 'defect')]) {
      const hash = (): never => {
        throw error
      }
      const cryptography = { ...nodeCryptography, hash }
      expect(() => judgeFile(good, file, { trustedRoot, cryptography })).toThrow(error)
    }
  })

  test('mismatch, when only one of two attestations is valid', () => {
    const bad = attest(sigstore, { byAnotherKey: true })
    expect(judge(provenance([attest(sigstore), bad]), gitHub).verdict).toBe('mismatch')
  })

  test('signed, for a project without a pin', () => {
    expect(judge(good)).toMatchObject({ verdict: 'signed', publishers: [gitHub] })
  })

  test('no-attestation, for a file without one', () => {
    expect(judge(undefined)).toEqual({ verdict: 'no-attestation', pinned: false })
    expect(judgeProvenance(undefined)).toEqual({ verdict: 'no-attestation', pinned: false })
    expect(judgeProvenance(undefined, pinsOf(gitHub))).toEqual({
      verdict: 'no-attestation',
      pinned: true,
    })
  })

  test('mismatch, for provenance of the caller without an attestation', () => {
    const empty = verifyProvenance({ bundles: [] }, file, { trustedRoot })
    expect(judgeProvenance(empty, pinsOf(gitHub))).toMatchObject({
      ...{ verdict: 'mismatch', reason: 'no pinned publisher signed it' },
    })
  })

  test('cannot-be-judged, for a publisher of an unknown kind', () => {
    const other = provenance([attest(sigstore)], { kind: 'ActiveState' })
    expect(judge(other)).toEqual({
      verdict: 'cannot-be-judged',
      pinned: false,
      kinds: ['ActiveState'],
    })
  })

  test('cannot-be-judged, for a pin of an unknown kind', () => {
    const pins = parseAttestationIdentities([{ kind: 'ActiveState' }, { ...gitHub, other: 'x' }])
    expect(judgeFile(good, file, { trustedRoot, pins })).toMatchObject({
      verdict: 'cannot-be-judged',
      kinds: ['ActiveState', 'GitHub'],
    })
  })
})

describe('a file may be used', () => {
  const verdicts = {
    match: judge(good, gitHub),
    mismatch: judge(good, { ...gitHub, workflow: 'x.yml' }),
    refused: judge(provenance([attest(sigstore, { byAnotherKey: true })])),
    signed: judge(good),
    none: judge(undefined),
    noneOfPinned: judge(undefined, gitHub),
    unknown: judge(provenance([attest(sigstore)], { kind: 'Other' })),
  }
  test.each([
    ['all', ['match', 'signed']],
    ['pinned', ['match', 'signed', 'none', 'unknown']],
    ['report', Object.keys(verdicts)],
  ] as const)('where the requirement is %s: %s', (requirement, accepted) => {
    const found = Object.entries(verdicts).filter(([, one]) => isAcceptable(one, requirement))
    expect(found.map(([name]) => name)).toEqual(accepted)
  })
})
