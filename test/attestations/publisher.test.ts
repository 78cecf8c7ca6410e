/** Publishers: their words, the objects of the index, and the certificates that prove them. */
import { describe, expect, test } from '@jest/globals'
import { describePublisher, type Publisher } from '../../src/attestations/index.js'
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
    expect(publisherFields('GitHub')).toEqual(['kind', 'repository', 'workflow', 'environment'])
    expect(publisherFields('GitLab')).toEqual([
      ...['kind', 'repository', 'workflow_filepath', 'environment'],
    ])
    expect(publisherFields('CircleCI')).toEqual([
      ...['kind', 'project_id', 'pipeline_definition_id', 'vcs_origin', 'vcs_ref'],
    ])
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
    [
      another('workflow', 'https://github.com/demo/demo/.github/workflows/publish.yml@undefined'),
      gitHub,
      identity({
        issuer: ofGitHub.issuer ?? '',
        sourceRepositoryUri: 'https://github.com/demo/demo',
        buildConfigUri: 'https://github.com/demo/demo/.github/workflows/publish.yml@undefined',
      }),
    ],
    [
      another(
        'workflow',
        'https://github.com/demo/fork/.github/workflows/publish.yml@refs/tags/v1',
      ),
      gitHub,
      identity({
        ...ofGitHub,
        buildConfigUri: 'https://github.com/demo/fork/.github/workflows/publish.yml@refs/tags/v1',
      }),
    ],
    // Letters that are alike as capitals alone: a dotless i.
    [
      another('repository', 'https://github.com/demo/d\u0131mo'),
      { ...gitHub, repository: 'demo/dimo' },
      identity({ ...ofGitHub, sourceRepositoryUri: 'https://github.com/demo/d\u0131mo' }),
    ],
    [
      no('e-mail address'),
      google,
      { ...identity(ofGoogle), names: [{ type: 'uri', value: 'demo@example.com' }] },
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
