/** Publishers that sign a project from its first use on, in any number. */
import { describe, expect, test } from '@jest/globals'
import {
  checkFirstUse,
  parseAttestationIdentities,
  readFirstUse,
  type AttestationVerdict,
  type Publisher,
} from '../../src/attestations/index.js'
import type { CertificateIdentity } from '../../src/sigstore/x509/identity.js'

type Signed = AttestationVerdict & { readonly verdict: 'signed' }

const gitHub: Publisher = { kind: 'GitHub', repository: 'Demo/demo', workflow: 'publish.yml' }
const gitLab: Publisher = { kind: 'GitLab', repository: 'demo/demo', workflow_filepath: 'ci.yml' }
const google: Publisher = { kind: 'Google', email: 'demo@example.com' }
const circleCI: Publisher = { kind: 'CircleCI', project_id: 'p', pipeline_definition_id: 'q' }

function identity(claims: CertificateIdentity['claims']): CertificateIdentity {
  return { claims, names: [], notBefore: 0, notAfter: 0, serial: '1' }
}

describe('from first use', () => {
  const about = { project: 'demo', version: '2.0', filename: 'demo-2.0.tar.gz' }

  /** Signed by publishers, each of them in a repository of this number. */
  function signedBy(
    publishers: readonly Publisher[],
    ...repositories: readonly (string | undefined)[]
  ): Signed {
    const attestations = publishers.map((publisher, index) => {
      const repository = repositories[index % repositories.length]
      return {
        ...{ subject: { filename: about.filename, sha256: '' }, predicateType: '' },
        certificate: identity(
          repository === undefined ? {} : { sourceRepositoryIdentifier: repository },
        ),
        ...{ times: [], entries: [], claim: { kind: publisher.kind, publisher }, publisher },
      }
    })
    return {
      verdict: 'signed',
      pinned: false,
      publishers,
      provenance: { file: { filename: about.filename, sha256: '' }, attestations },
    }
  }

  const start = readFirstUse(undefined)
  const later = { ...about, version: '2.1' }

  test('by two publishers: a file of either is fine', () => {
    const first = checkFirstUse(start, about, signedBy([gitLab, google]))
    expect(first.get('demo')?.publishers).toHaveLength(2)
    expect(checkFirstUse(first, later, signedBy([gitLab]))).toBe(first)
    expect(checkFirstUse(first, later, signedBy([google]))).toBe(first)
    expect(checkFirstUse(first, later, signedBy([circleCI, google]))).toBe(first)
    expect(() => checkFirstUse(first, later, signedBy([circleCI]))).toThrow(
      expect.objectContaining({ before: ['GitLab demo/demo ci.yml', 'Google demo@example.com'] }),
    )
  })

  test('of GitHub does not depend on case, of GitLab does', () => {
    const lower = { ...gitHub, repository: 'demo/demo' }
    const first = checkFirstUse(start, about, signedBy([gitHub]))
    expect(checkFirstUse(first, later, signedBy([lower]))).toBe(first)
    const upper = { ...gitLab, repository: 'Demo/demo' }
    const other = checkFirstUse(start, about, signedBy([gitLab]))
    expect(() => checkFirstUse(other, later, signedBy([upper]))).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_PUBLISHER_CHANGED' }),
    )
  })

  test('a certificate without the number of its repository is of the same publisher', () => {
    for (const [before, now] of [
      ['1', undefined],
      [undefined, '1'],
      ['1', '1'],
    ]) {
      const first = checkFirstUse(start, about, signedBy([gitHub], before))
      expect(checkFirstUse(first, later, signedBy([gitHub], now))).toBe(first)
    }
  })

  test('the number of a repository is named where one publisher of several differs by it alone', () => {
    const first = checkFirstUse(start, about, signedBy([gitHub, google], '1'))
    expect(() => checkFirstUse(first, later, signedBy([circleCI, gitHub], '2'))).toThrow(
      expect.objectContaining({
        now: [
          'CircleCI project p pipeline q (repository 2)',
          'GitHub Demo/demo publish.yml (repository 2)',
        ],
      }),
    )
  })

  test('no number is named for a publisher that has none', () => {
    const first = checkFirstUse(start, about, signedBy([gitHub, google], '1', undefined))
    expect(() => checkFirstUse(first, later, signedBy([gitHub], '2'))).toThrow(
      expect.objectContaining({
        before: ['GitHub Demo/demo publish.yml (repository 1)', 'Google demo@example.com'],
        now: ['GitHub Demo/demo publish.yml (repository 2)'],
      }),
    )
  })

  test('repositories whose names are alike as capitals alone are two', () => {
    const first = checkFirstUse(
      start,
      about,
      signedBy([{ ...gitHub, repository: 'demo/d\u0131mo' }]),
    )
    const dotted = signedBy([{ ...gitHub, repository: 'demo/dimo' }])
    expect(() => checkFirstUse(first, later, dotted)).toThrow(
      expect.objectContaining({ now: ['GitHub demo/dimo publish.yml'] }),
    )
  })

  test('keeps of several signers those of kinds that can be judged', () => {
    const { provenance, ...verdict } = signedBy([google, gitHub])
    const attestations = provenance.attestations.map((one) =>
      one.publisher === google
        ? { ...one, claim: { kind: 'Forge', publisher: undefined }, publisher: undefined }
        : one,
    )
    const mixed = { ...verdict, provenance: { ...provenance, attestations } }
    const first = checkFirstUse(start, about, mixed)
    expect(first.get('demo')?.publishers).toEqual([
      { kind: 'GitHub', publisher: gitHub, claims: {} },
    ])
  })

  test('a record by the caller may have publishers of unknown kinds: they match none', () => {
    const publishers = parseAttestationIdentities([{ kind: 'Forge' }])
    const first = new Map([['demo', { publishers, since: '2.0' }]])
    expect(() => checkFirstUse(first, later, signedBy([gitHub]))).toThrow(
      expect.objectContaining({ before: ['Forge'], now: ['GitHub Demo/demo publish.yml'] }),
    )
  })

  test('a malformed version is never older than a release', () => {
    const none = { verdict: 'no-attestation', pinned: false } as const
    const first = checkFirstUse(start, about, signedBy([gitHub]))
    for (const [seen, file] of [
      [first, { ...about, version: 'odd one' }],
      [checkFirstUse(start, { ...about, version: 'odd one' }, signedBy([gitHub])), about],
    ] as const) {
      expect(() => checkFirstUse(seen, file, none)).toThrow(
        expect.objectContaining({ code: 'ERR_TUF_PUBLISHER_CHANGED' }),
      )
    }
  })

  test('an older release by another publisher is refused as well', () => {
    const first = checkFirstUse(start, about, signedBy([gitHub]))
    expect(() => checkFirstUse(first, { ...about, version: '1.0' }, signedBy([google]))).toThrow(
      expect.objectContaining({ now: ['Google demo@example.com'] }),
    )
  })

  test('a publisher of a kind that cannot be judged is named', () => {
    const first = checkFirstUse(start, about, signedBy([gitHub]))
    const odd = { verdict: 'cannot-be-judged', pinned: false, kinds: ['ActiveState'] } as const
    expect(() => checkFirstUse(first, later, odd)).toThrow(
      expect.objectContaining({ now: ['ActiveState'] }),
    )
  })
})
