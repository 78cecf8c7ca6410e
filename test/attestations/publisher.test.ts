/** Publishers: their words, the objects of the index, and the certificates that prove them. */
import { describe, expect, test } from '@jest/globals'
import {
  checkFirstUse,
  describePublisher,
  readFirstUse,
  type AttestationVerdict,
  type Publisher,
} from '../../src/attestations/index.js'
import {
  differenceFromCertificate,
  lastingPublisher,
  publisherClaimFrom,
  publisherFields,
} from '../../src/attestations/publisher.js'
import type { CertificateIdentity } from '../../src/sigstore/x509/identity.js'

type Claims = CertificateIdentity['claims']

const gitHub: Publisher = { kind: 'GitHub', repository: 'Demo/demo', workflow: 'publish.yml' }
const gitLab: Publisher = { kind: 'GitLab', repository: 'demo/demo', workflow_filepath: 'ci.yml' }
const google: Publisher = { kind: 'Google', email: 'demo@example.com' }
const circleCI: Publisher = { kind: 'CircleCI', project_id: 'p', pipeline_definition_id: 'q' }

function identity(claims: Claims, ...emails: readonly string[]): CertificateIdentity {
  const names = emails.map((value) => ({ type: 'email' as const, value }))
  return { claims, names, notBefore: 0, notAfter: 0, serial: '1' }
}

describe('the words for a publisher', () => {
  test.each<readonly [Publisher, string]>([
    [gitHub, 'GitHub Demo/demo publish.yml'],
    [gitLab, 'GitLab demo/demo ci.yml'],
    [google, 'Google demo@example.com'],
    [circleCI, 'CircleCI project p pipeline q'],
  ])('%j', (publisher, words) => {
    expect(describePublisher(publisher)).toBe(words)
  })
})

describe('the fields that stay from release to release', () => {
  test.each<readonly [Publisher, Publisher]>([
    [{ ...gitHub, environment: 'pypi' }, gitHub],
    [{ ...gitLab, environment: 'pypi' }, gitLab],
    [google, google],
    [{ ...circleCI, vcs_origin: 'https://github.com/demo/demo', vcs_ref: 'main' }, circleCI],
  ])('of %j', (publisher, lasting) => {
    expect(lastingPublisher(publisher)).toEqual(lasting)
  })

  test('are among the names of a kind', () => {
    expect(publisherFields('Google')).toEqual(['kind', 'email'])
    expect(publisherFields('GitLab')).toEqual([
      ...['kind', 'repository', 'workflow_filepath', 'environment'],
    ])
    expect(publisherFields('ActiveState')).toBeUndefined()
  })
})

describe('a publisher object', () => {
  test.each<Publisher>([
    gitHub,
    { ...gitHub, environment: 'pypi' },
    gitLab,
    { ...gitLab, environment: 'pypi' },
    google,
    circleCI,
    { ...circleCI, vcs_origin: 'o', vcs_ref: 'r' },
  ])('is read with its own fields alone: %j', (publisher) => {
    const claim = publisherClaimFrom({ ...publisher, other: 1 })
    expect(claim).toStrictEqual({ kind: publisher.kind, publisher })
  })

  test('of another kind has no fields', () => {
    expect(publisherClaimFrom({ kind: 'toString' })).toEqual({ kind: 'toString' })
  })

  const long = 'must be 1 to 500 characters long'
  const control = 'contains a control character'
  test.each([
    ['', long],
    ['x'.repeat(501), long],
    ['a\nb', control],
    ['a\u202eb', control],
    ['a\u2028b', control],
    ['a\u2029b', control],
  ])('with text that no line shows is refused: %j', (email, message) => {
    expect(() => publisherClaimFrom({ kind: 'Google', email })).toThrow(message)
  })

  test('may have 500 characters in a field', () => {
    const email = 'x'.repeat(500)
    expect(publisherClaimFrom({ kind: 'Google', email }).publisher).toEqual({
      kind: 'Google',
      email,
    })
  })
})

describe('a certificate', () => {
  const digest = 'ab'.repeat(20)
  const ofGitHub: Claims = {
    issuer: 'https://token.actions.githubusercontent.com',
    sourceRepositoryUri: 'https://github.com/demo/Demo',
    sourceRepositoryDigest: digest,
    sourceRepositoryRef: 'refs/tags/v1',
    buildConfigUri: 'https://github.com/demo/Demo/.github/workflows/publish.yml@refs/tags/v1',
  }
  const ofGitLab: Claims = {
    ...ofGitHub,
    issuer: 'https://gitlab.com',
    sourceRepositoryUri: 'https://gitlab.com/demo/demo',
    buildConfigUri: `https://gitlab.com/demo/demo//ci.yml@${digest}`,
  }
  const ofCircleCI: Claims = {
    issuer: 'https://oidc.circleci.com',
    buildSignerUri: 'https://circleci.com/api/v2/projects/p/pipeline-definitions/q',
    sourceRepositoryUri: 'https://github.com/demo/demo',
    sourceRepositoryRef: 'main',
  }
  const ofGoogle: Claims = { issuer: 'https://accounts.google.com' }
  const withVcs = { ...circleCI, vcs_origin: 'https://github.com/demo/demo', vcs_ref: 'main' }

  test.each<readonly [Publisher, CertificateIdentity]>([
    [gitHub, identity(ofGitHub)],
    [
      gitHub,
      identity({
        ...ofGitHub,
        buildConfigUri: ofGitHub.buildConfigUri?.replace('refs/tags/v1', digest) ?? '',
      }),
    ],
    [gitLab, identity(ofGitLab)],
    [google, identity(ofGoogle, 'demo@example.com')],
    [circleCI, identity(ofCircleCI)],
    [withVcs, identity(ofCircleCI)],
  ])('is that of %j', (publisher, certificate) => {
    expect(differenceFromCertificate(publisher, certificate)).toBeUndefined()
  })

  const no = (what: string): string => `the certificate names no ${what}`
  const another = (what: string, found: string): string =>
    `the certificate names another ${what}: ${JSON.stringify(found)}`
  const { issuer: _, ...withoutIssuer } = ofGitHub
  const { sourceRepositoryUri: __, ...withoutRepository } = ofGitHub
  const { buildConfigUri: ___, ...withoutWorkflow } = ofGitHub
  const { buildSignerUri: ____, ...withoutPipeline } = ofCircleCI

  test.each<readonly [string, Publisher, CertificateIdentity]>([
    [
      'its identity was issued by "", not by https://token.actions.githubusercontent.com',
      gitHub,
      identity(withoutIssuer),
    ],
    [
      'its identity was issued by "https://gitlab.com", not by https://token.actions.githubusercontent.com',
      gitHub,
      identity(ofGitLab),
    ],
    [no('repository'), gitHub, identity(withoutRepository)],
    [
      another('repository', 'https://github.com/demo/fork'),
      gitHub,
      identity({ ...ofGitHub, sourceRepositoryUri: 'https://github.com/demo/fork' }),
    ],
    // GitLab tells names apart by case.
    [
      another('repository', 'https://gitlab.com/Demo/demo'),
      gitLab,
      identity({ ...ofGitLab, sourceRepositoryUri: 'https://gitlab.com/Demo/demo' }),
    ],
    [no('workflow'), gitHub, identity(withoutWorkflow)],
    [
      another('workflow', 'https://github.com/demo/demo/.github/workflows/x.yml@refs/tags/v1'),
      gitHub,
      identity({
        ...ofGitHub,
        buildConfigUri: 'https://github.com/demo/demo/.github/workflows/x.yml@refs/tags/v1',
      }),
    ],
    [
      another('workflow', 'x'.repeat(300)),
      gitHub,
      identity({ ...ofGitHub, buildConfigUri: 'x'.repeat(301) }),
    ],
    [no('e-mail address'), google, identity(ofGoogle)],
    [no('e-mail address'), google, identity(ofGoogle, 'demo@example.com', 'demo@example.com')],
    [another('e-mail address', 'a@b.c'), google, identity(ofGoogle, 'a@b.c')],
    [no('pipeline'), circleCI, identity(withoutPipeline)],
    [
      another('repository', 'https://github.com/demo/fork'),
      withVcs,
      identity({ ...ofCircleCI, sourceRepositoryUri: 'https://github.com/demo/fork' }),
    ],
    [another('reference', 'dev'), withVcs, identity({ ...ofCircleCI, sourceRepositoryRef: 'dev' })],
  ])('differs: %s', (difference, publisher, certificate) => {
    expect(differenceFromCertificate(publisher, certificate)).toBe(difference)
  })
})

describe('first use', () => {
  const about = { project: 'demo', version: '2.0', filename: 'demo-2.0.tar.gz' }

  /** Signed by publishers, the first of them in a repository of this number. */
  function signedBy(publishers: readonly Publisher[], repository?: string): AttestationVerdict {
    const attestations = publishers.map((publisher) => ({
      ...{ subject: { filename: about.filename, sha256: '' }, predicateType: '' },
      certificate: identity(
        repository === undefined ? {} : { sourceRepositoryIdentifier: repository },
      ),
      ...{ times: [], entries: [], claim: { kind: publisher.kind, publisher }, publisher },
    }))
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

  test('a version that is none is older than no release', () => {
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

  test('a publisher of a kind that cannot be judged is named', () => {
    const first = checkFirstUse(start, about, signedBy([gitHub]))
    const odd = { verdict: 'cannot-be-judged', pinned: false, kinds: ['ActiveState'] } as const
    expect(() => checkFirstUse(first, later, odd)).toThrow(
      expect.objectContaining({ now: ['ActiveState'] }),
    )
  })
})
