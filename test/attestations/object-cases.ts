/** Cases of the checks that PyPI's objects ask for: object, statement, publisher, trusted root. */
import { attest, file, gitHub, provenance } from '../support/sigstore/attest.js'
import type { AttestFields, StatementJson } from '../support/sigstore/attest.js'
import * as der from '../support/sigstore/der.js'
import { gitHubClaims, minute, signingTime } from '../support/sigstore/instance.js'
import type { Claims, TestSigstore } from '../support/sigstore/instance.js'
import type { AttestationJson, TrustedRootJson } from '../support/sigstore/json.js'
import type { CaseList } from './cases.js'

type Check = Parameters<CaseList['add']>[1]

export function addObjectCases(cases: CaseList, sigstore: TestSigstore): void {
  const good = attest(sigstore)
  const slsa = attest(sigstore, {
    statement: (statement) => {
      statement.predicateType = 'https://slsa.dev/provenance/v1'
      statement.predicate = { buildDefinition: { ratio: 0.5 } }
    },
  })
  cases.add('provenance of GitHub', undefined, provenance([good, slsa]))
  cases.add(
    'provenance of a publisher of an unknown kind',
    undefined,
    provenance([good], { kind: 'ActiveState', organization: 'demo' }),
  )
  const add = (name: string, check: Check, fields: AttestFields): void => {
    cases.add(name, check, provenance([attest(sigstore, fields)]))
  }
  const change = (name: string, edit: (attestation: AttestationJson) => unknown): void => {
    add(name, 'object', { change: edit })
  }

  const whole = (name: string, edit: Parameters<typeof provenance>[2]): void => {
    cases.add(name, 'object', provenance([good], gitHub, edit))
  }
  whole('provenance of version 2', (object) => (object.version = 2))
  whole('provenance without bundles', (object) => (object.attestation_bundles = []))
  whole('a bundle without attestations', ({ attestation_bundles: [bundle] }) => {
    if (bundle) bundle.attestations = []
  })
  whole('1,000 bundles', (object) => {
    object.attestation_bundles = Array.from({ length: 1000 }, () => ({
      publisher: gitHub,
      attestations: [],
    }))
  })
  whole('1,000 attestations', ({ attestation_bundles: [bundle] }) => {
    if (bundle) bundle.attestations = Array.from({ length: 1000 }, () => good)
  })
  cases.add('provenance that is not JSON', 'object', Buffer.from('{"version":1,"version":1}'))
  cases.add('provenance of 3 MB', 'object', Buffer.alloc(3_000_000, ' '))
  change('an attestation of version 2', (one) => (one.version = 2))
  change('an attestation without entries', ({ verification_material: material }) => {
    material.transparency_entries = []
  })
  change('an attestation with 1,000 entries', ({ verification_material: material }) => {
    const [entry] = material.transparency_entries
    if (entry) material.transparency_entries = Array.from({ length: 1000 }, () => entry)
  })
  change(
    'a proof with 64 hashes',
    ({
      verification_material: {
        transparency_entries: [entry],
      },
    }) => {
      const { inclusionProof: proof } = entry ?? {}
      if (proof) proof.hashes = Array.from({ length: 64 }, () => proof.rootHash)
    },
  )
  change('a checkpoint of 20,000 characters', ({ verification_material: material }) => {
    const [entry] = material.transparency_entries
    const { checkpoint } = entry?.inclusionProof ?? {}
    if (checkpoint) checkpoint.envelope += '\u2014'.repeat(20_000)
  })
  change('base64 with line breaks', ({ envelope }) => {
    envelope.signature = envelope.signature.replace(/.{40}/g, '$&\n')
  })
  add('a certificate with a trailing byte', 'object', { afterCertificate: Uint8Array.of(0) })
  add('a certificate with another value after it', 'object', {
    afterCertificate: Uint8Array.of(5, 0),
  })
  add('a certificate for a key of P-384', 'object', { leaf: { curve: 'P-384' } })
  add('a certificate with an unknown critical extension', 'object', {
    leaf: { moreExtensions: [{ oid: '1.2.3.4', critical: true, value: der.text('?') }] },
  })

  addStatements(cases, sigstore)
  addPublishers(cases, sigstore)
  addTrustedRoots(cases, sigstore, good)
  cases.add('the same attestation twice', 'statement', provenance([good, good]))
  cases.add(
    'the same attestation in two environments',
    'statement',
    provenance([good], { ...gitHub, environment: 'a' }, (object) => {
      const publisher = { ...gitHub, environment: 'b' }
      object.attestation_bundles.push({ publisher, attestations: [good] })
    }),
  )
}

function addStatements(cases: CaseList, sigstore: TestSigstore): void {
  const add = (name: string, edit: (statement: StatementJson) => unknown, about = file): void => {
    const input = provenance([attest(sigstore, { statement: edit })])
    cases.add(name, 'statement', input, { file: about })
  }
  const subject = (name: string, digest: Record<string, string> = { sha256: file.sha256 }) => ({
    name,
    digest,
  })
  add('a statement of another type', (one) => (one._type = 'https://in-toto.io/Statement/v0.1'))
  add('a statement without a subject', (one) => (one.subject = []))
  add('two subjects', (one) => one.subject.push(subject('other-1.0.tar.gz')))
  add('a subject of another project', (one) => (one.subject = [subject('other-1.0.tar.gz')]))
  add('a subject of another version', (one) => (one.subject = [subject('demo-1.1.tar.gz')]))
  add('a subject of another kind', (one) => (one.subject = [subject('demo-1.0.zip')]))
  add('a subject that is not a distribution', (one) => (one.subject = [subject('demo.txt')]))
  add(
    'a subject with another digest',
    (one) => (one.subject = [subject(file.filename, { sha256: 'cd'.repeat(32) })]),
  )
  add(
    'a subject without a SHA-256',
    (one) => (one.subject = [subject(file.filename, { sha512: 'ab'.repeat(64) })]),
  )
  add('a predicate of an unknown type', (one) => (one.predicateType = 'https://example.org/v1'))
  add('a publish predicate that says something', (one) => (one.predicate = { x: 1 }))
  // PyPI takes no other ending, and no other letters.
  const odd = ['demo-1.0+x.zip.tar.bz2', 'demo-1.0+x.zip.TAR.GZ', 'demo-1.0+x.zip.tar.gz']
  for (const [one, other] of [
    [odd[0], odd[0]],
    [odd[1], odd[2]],
    [odd[2], odd[1]],
  ]) {
    const about = { ...file, filename: other ?? '' }
    add(`${one} as a subject of ${other}`, (it) => (it.subject = [subject(one ?? '')]), about)
  }
  const empty = attest(sigstore, { statement: (one) => (one.predicate = {}) })
  cases.add('a publish predicate that is an empty object', undefined, provenance([empty]))
  const wheel = { ...file, filename: 'demo-1.0-1-py3-none-any.whl' }
  add(
    'a subject with another build tag',
    (one) => (one.subject = [subject('demo-1.0-2-py3-none-any.whl')]),
    wheel,
  )
  const spelled = attest(sigstore, {
    statement: (one) => (one.subject = [subject('Demo-1.0.0-1-py3-none-any.whl')]),
  })
  cases.add('another spelling of the same file', undefined, provenance([spelled]), { file: wheel })
  const payload = '{"_type":"https://in-toto.io/Statement/v1","_type":"x"}'
  cases.add('a name twice in a statement', 'statement', provenance([attest(sigstore, { payload })]))
}

function addPublishers(cases: CaseList, sigstore: TestSigstore): void {
  const add = (
    name: string,
    check: Check,
    publisher: Record<string, unknown>,
    claims: Claims = gitHubClaims,
    identity?: string,
  ): void => {
    const leaf = { claims, ...(identity !== undefined && { name: identity }) }
    cases.add(name, check, provenance([attest(sigstore, { leaf })], publisher))
  }
  const { 13: _, ...withoutDigest } = gitHubClaims
  const { 14: __, ...withoutReference } = withoutDigest
  add('GitHub without a digest', undefined, gitHub, withoutDigest)
  add('GitHub without digest and reference', 'publisher', gitHub, withoutReference)
  add('GitHub in other letters', undefined, { ...gitHub, repository: 'Demo/DEMO' })
  add('another repository of GitHub', 'publisher', { ...gitHub, repository: 'demo/other' })
  add('another workflow', 'publisher', { ...gitHub, workflow: 'other.yml' })
  add('a workflow in other letters', 'publisher', { ...gitHub, workflow: 'Publish.yml' })
  add('another issuer', 'publisher', gitHub, { ...gitHubClaims, 8: 'https://gitlab.com' })
  add('a workflow of another repository', 'publisher', gitHub, {
    ...gitHubClaims,
    18: 'https://github.com/evil/demo/.github/workflows/publish.yml@refs/tags/v1.0',
  })
  add('another repository in the certificate', 'publisher', gitHub, {
    ...gitHubClaims,
    12: 'https://github.com/evil/demo',
  })
  cases.add(
    'a claim with trailing bytes',
    'identity',
    provenance([
      attest(sigstore, {
        leaf: {
          moreExtensions: [
            {
              oid: '1.3.6.1.4.1.57264.1.19',
              value: Buffer.concat([der.text('x'), Uint8Array.of(0)]),
            },
          ],
        },
      }),
    ]),
  )
  add('a long claim', undefined, gitHub, { ...gitHubClaims, 21: 'x'.repeat(300) })
  add('a claim without a kind', 'object', { repository: 'demo/demo' })
  add('a GitHub publisher without a workflow', 'object', {
    kind: 'GitHub',
    repository: 'demo/demo',
  })

  const gitLab = { kind: 'GitLab', repository: 'a/b/demo', workflow_filepath: '.gitlab-ci.yml' }
  const uri = 'https://gitlab.com/a/b/demo//.gitlab-ci.yml@refs/tags/v1'
  const gitLabClaims = {
    ...gitHubClaims,
    8: 'https://gitlab.com',
    12: 'https://gitlab.com/a/b/demo',
    14: 'refs/tags/v1',
    18: uri,
  }
  add('GitLab', undefined, gitLab, gitLabClaims)
  add(
    'another file of GitLab',
    'publisher',
    { ...gitLab, workflow_filepath: 'x.yml' },
    gitLabClaims,
  )
  add(
    'another repository of GitLab',
    'publisher',
    { ...gitLab, repository: 'a/demo' },
    gitLabClaims,
  )

  const google = { kind: 'Google', email: 'builder@demo.example' }
  const googleClaims = { 8: 'https://accounts.google.com' }
  add('Google', undefined, google, googleClaims, google.email)
  add('another account of Google', 'publisher', google, googleClaims, 'evil@demo.example')

  const [project, pipeline] = ['11111111-aaaa', '22222222-bbbb']
  const circle = { kind: 'CircleCI', project_id: project, pipeline_definition_id: pipeline }
  const circleClaims = {
    8: 'https://oidc.circleci.com',
    9: `https://circleci.com/api/v2/projects/${project}/pipeline-definitions/${pipeline}`,
    12: 'github.com/demo/demo',
    14: 'refs/heads/main',
  }
  const exact = { ...circle, vcs_origin: 'github.com/demo/demo', vcs_ref: 'refs/heads/main' }
  add('CircleCI', undefined, exact, circleClaims)
  add('another pipeline', 'publisher', { ...circle, pipeline_definition_id: 'x' }, circleClaims)
  add('another origin', 'publisher', { ...exact, vcs_origin: 'github.com/evil/demo' }, circleClaims)
  add('another reference', 'publisher', { ...exact, vcs_ref: 'refs/heads/x' }, circleClaims)
}

function addTrustedRoots(cases: CaseList, sigstore: TestSigstore, good: AttestationJson): void {
  const add = (name: string, check: Check, edit: (root: TrustedRootJson) => unknown): void => {
    cases.add(name, check, provenance([good]), { trustedRoot: sigstore.trustedRoot(edit) })
  }
  const before = new Date(signingTime - 60 * minute).toISOString()
  const exactly = new Date(signingTime).toISOString()
  add('a trusted root without logs', 'trusted-root', (root) => (root.tlogs = []))
  add(
    'a log without a start',
    'trusted-root',
    ({ tlogs: [log] }) => delete log?.publicKey.validFor.start,
  )
  add('a trusted root without authorities', 'chain', (root) => (root.certificateAuthorities = []))
  add('a trusted root without certificate logs', 'sct', (root) => (root.ctlogs = []))
  add('a log whose period ended', 'time', ({ tlogs: [log] }) => {
    if (log) log.publicKey.validFor.end = before
  })
  add('a log whose period ends at that moment', undefined, ({ tlogs: [log] }) => {
    if (log) log.publicKey.validFor.end = exactly
  })
  add('an authority whose period ended', 'chain', ({ certificateAuthorities: [one] }) => {
    if (one) one.validFor.end = before
  })
  add('a certificate log whose period ended', 'sct', ({ ctlogs: [log] }) => {
    if (log) log.publicKey.validFor.end = before
  })
  add('a trusted root of another kind', 'trusted-root', (root) => (root.mediaType = 'text/plain'))
}
