/** Pins: how they are read, and compared with certificates. */
import { describe, expect, test } from '@jest/globals'
import {
  judgeProvenance,
  parseAttestationIdentities,
  parsePublisherPins,
  pinFields,
  pinOf,
  verifyAttestation,
  verifyProvenance,
  type Publisher,
  type PublisherPin,
} from '../../src/attestations/index.js'
import { attest, file, gitHub, provenance } from '../support/sigstore/attest.js'
import { gitHubClaims } from '../support/sigstore/instance.js'
import { good, judge, pinsOf, sigstore, trustedRoot } from './judging.js'

describe('a pin is compared with the certificate', () => {
  test.each([
    ['repository_id', '1001', '1002'],
    ['owner_id', '2002', '2003'],
    ['runner_environment', 'github-hosted', 'self-hosted'],
    ['ref', 'refs/tags/v1.0', 'refs/heads/main'],
  ])('%s', (name, right, wrong) => {
    expect(judge(good, { ...gitHub, [name]: right }).verdict).toBe('match')
    expect(judge(good, { ...gitHub, [name]: wrong })).toMatchObject({
      verdict: 'mismatch',
      reason: `signed by GitHub demo/demo publish.yml: the ${name} of the certificate is not that of the pin`,
    })
  })

  test('environment is compared with the word of the index', () => {
    const named = provenance([attest(sigstore)], { ...gitHub, environment: 'pypi' })
    expect(judge(named, { ...gitHub, environment: 'pypi' }).verdict).toBe('match')
    const reason =
      'signed by GitHub demo/demo publish.yml: the index names another environment than the pin'
    for (const [bytes, environment] of [
      [named, 'other'],
      [good, 'pypi'],
    ] as const) {
      expect(judge(bytes, { ...gitHub, environment })).toMatchObject({
        ...{ verdict: 'mismatch', reason },
      })
    }
    const unnamed = provenance([attest(sigstore)], { kind: 'Forge', environment: 'pypi' })
    expect(judge(unnamed, { ...gitHub, environment: 'pypi' })).toMatchObject({
      ...{ verdict: 'mismatch', reason: 'the index names another environment than the pin' },
    })
    expect(judge(named, gitHub).verdict).toBe('match')
  })

  test('environment of a publisher without one, in a pin made by hand, is compared too', () => {
    const leaf = { claims: { 8: 'https://accounts.google.com' }, names: ['a@example.com'] }
    const google = { kind: 'Google', email: 'a@example.com' } as const
    const bytes = provenance([attest(sigstore, { leaf })], google)
    const verified = verifyProvenance(bytes, file, { trustedRoot })
    const verdictOf = (publisher: Publisher): string =>
      judgeProvenance(verified, [{ kind: 'Google', publisher, claims: {} }]).verdict
    expect(verdictOf(google)).toBe('match')
    expect(verdictOf({ ...google, environment: 'pypi' } as Publisher)).toBe('mismatch')
  })

  test('environment of GitLab is compared with the word of the index', () => {
    const gitLab = { kind: 'GitLab', repository: 'demo/demo', workflow_filepath: 'ci.yml' }
    const claims = {
      ...{ 8: 'https://gitlab.com', 12: 'https://gitlab.com/demo/demo', 14: 'refs/tags/v1' },
      18: 'https://gitlab.com/demo/demo//ci.yml@refs/tags/v1',
    }
    const named = provenance([attest(sigstore, { leaf: { claims } })], {
      ...{ ...gitLab, environment: 'pypi' },
    })
    expect(judge(named, { ...gitLab, environment: 'pypi' }).verdict).toBe('match')
    expect(judge(named, { ...gitLab, environment: 'other' }).verdict).toBe('mismatch')
  })

  test('the publisher that the index names does not matter where the certificate is right', () => {
    const renamed = provenance([attest(sigstore)], { kind: 'Other', repository: 'demo/demo' })
    expect(judge(renamed, gitHub).verdict).toBe('match')
  })
})

test('an attestation of another publisher than the wanted one is refused, and names both', () => {
  const publisher = { ...gitHub, kind: 'GitHub', workflow: 'x.yml' } as const
  const bytes = Buffer.from(JSON.stringify(attest(sigstore)))
  expect(verifyAttestation(bytes, file, { trustedRoot }).subject).toEqual(file)
  expect(() => verifyAttestation(bytes, file, { trustedRoot, publisher })).toThrow(
    expect.objectContaining({
      check: 'publisher',
      reason: `the certificate is not of GitHub demo/demo x.yml: the certificate names another workflow: ${JSON.stringify(gitHubClaims[18])}`,
    }),
  )
})

describe('the pin of a signer', () => {
  function pinsFor(bytes: Buffer): readonly (PublisherPin | undefined)[] {
    return verifyProvenance(bytes, file, { trustedRoot }).attestations.map(pinOf)
  }

  test('has the numbers of repository and owner', () => {
    const claims = { repository_id: '1001', owner_id: '2002' }
    expect(pinsFor(good)).toStrictEqual([{ kind: 'GitHub', publisher: gitHub, claims }])
  })

  test('has no numbers that its certificate lacks', () => {
    const { 15: _, 17: __, ...claims } = gitHubClaims as Record<number, string>
    expect(pinsFor(provenance([attest(sigstore, { leaf: { claims } })]))).toStrictEqual([
      { kind: 'GitHub', publisher: gitHub, claims: {} },
    ])
  })

  test('does not exist for a kind that cannot be judged', () => {
    expect(pinsFor(provenance([attest(sigstore)], { kind: 'Forge' }))).toEqual([undefined])
  })
})

test('identities that are not a list are refused as a whole', () => {
  expect(() => parseAttestationIdentities({})).toThrow(
    new TypeError('must be an array, is an object'),
  )
})

test('a defect of an object of the caller passes unchanged', () => {
  const defect = new RangeError('defect')
  const value = Object.defineProperty({}, 'demo', {
    enumerable: true,
    get: () => {
      throw defect
    },
  })
  expect(() => parsePublisherPins(value)).toThrow(defect)
})

describe('pins of a settings file', () => {
  test('names of projects are normalised', () => {
    expect([...parsePublisherPins({ 'My_Demo.X': [gitHub] }).keys()]).toEqual(['my-demo-x'])
  })

  test('a pin is written as it was read', () => {
    const fields = { ...gitHub, environment: 'pypi', owner_id: '7' }
    const [pin] = pinsOf(fields)
    expect(pin && pinFields(pin)).toEqual(fields)
  })

  test.each([
    [
      'an unknown kind',
      { demo: [{ kind: 'ActiveState' }] },
      /^demo\[0\]\.kind: "ActiveState" is not a kind that can be judged$/,
    ],
    [
      'an unknown field',
      { demo: [{ ...gitHub, workfow: 'x' }] },
      /^demo\[0\]\.workfow: is not a field of a publisher of GitHub$/,
    ],
    ['something else than an object', [gitHub], /^must be an object, is an array$/],
    ['a missing field', { demo: [{ kind: 'GitHub', repository: 'a/b' }] }, /workflow: is missing/],
    ['no publisher', { demo: [] }, /names no publisher/],
    ['a name that is not a project', { 'a/b': [gitHub] }, /name of a project/],
    ['one project twice', { demo: [gitHub], DEMO: [gitHub] }, /is there twice/],
    ['something else than a list', { demo: gitHub }, /must be an array/],
  ])('%s is refused', (_what, value, message) => {
    expect(() => parsePublisherPins(value)).toThrow(message)
  })
})
