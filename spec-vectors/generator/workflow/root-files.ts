/** Served files that are not roots, and the possible contents of a root. */
import type { VectorBody, WorkflowVector } from '../../../src/vectors/format.js'
import { ed25519Signer, type TestRepository } from '../../../src/testing/index.js'
import { objectAt, type JsonRecord } from './edit.js'
import { accepted, refused, type Versions } from './outcome.js'
import { bodyOf, workflow, type Terms } from './story.js'

const untouched: Versions = [1, null, null, null]

/** Vectors of the family `workflow-root`. */
export function rootFileVectors(): readonly WorkflowVector[] {
  return [...anchors(), ...answers(), ...contents()]
}

function anchors(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['5.2-anchor'],
    profile: 'tuffet',
    note: '5.2 assumes a good copy. A bad copy is noticed before any request.',
  }
  const startingFrom = (
    id: string,
    title: string,
    make: (repo: TestRepository) => VectorBody,
    step: string,
  ): WorkflowVector =>
    workflow(terms, `root-anchor-${id}`, title, (story) => {
      const repo = story.repository()
      repo.publish()
      story.startFrom(make(repo))
      story.refresh(refused(step, [undefined, null, null, null], { role: 'root', requests: [] }))
    })
  const unsigned = (repo: TestRepository): VectorBody => {
    repo.editInPlace('root', { signers: [] })
    return bodyOf(repo.root())
  }
  return [
    startingFrom('unsigned', 'A first root that nobody signed is refused', unsigned, '5.2'),
    startingFrom(
      'other-type',
      'A first root that is a snapshot is refused',
      (repo) => bodyOf(repo.file('1.snapshot.json')),
      '4.3',
    ),
    startingFrom('not-json', 'A first root that is not JSON is refused', () => 'root', '4.3'),
    workflow(
      { requirements: ['5.2-anchor'] },
      'root-anchor-any-version',
      'The first root may be of any version',
      (story) => {
        const repo = story.repository()
        repo.setNextVersion('root', 1_000_000)
        repo.publish()
        story.anchorVersion = 1_000_000
        const requests = ['1000001.root.json', 'timestamp.json', '1.snapshot.json']
        story.refresh(accepted([1_000_000, 1, 1, 1], { requests: [...requests, '1.targets.json'] }))
      },
    ),
  ]
}

function answers(): readonly WorkflowVector[] {
  const open = 'The text says "not available". Only "not there" is an answer of the repository.'
  const unavailable: Terms = {
    requirements: ['5.3.3-unavailable'],
    profile: 'tuffet',
    tags: ['rust-tuf#306', 'go-tuf#687'],
    note: open,
  }
  const served = (
    terms: Terms,
    id: string,
    title: string,
    step: string | undefined,
    body: VectorBody,
  ): WorkflowVector =>
    workflow(terms, `root-${id}`, title, (story) => {
      story.repository().publish()
      story.serve('metadata/2.root.json', body)
      const requests = ['2.root.json']
      if (step === undefined) {
        const others = ['timestamp.json', '1.snapshot.json', '1.targets.json']
        story.refresh(accepted([1, 1, 1, 1], { requests: [...requests, ...others] }))
      } else if (terms === unavailable) {
        // A client may ask again.
        story.refresh(refused(step, untouched))
      } else story.refresh(refused(step, untouched, { requests }))
    })
  const format: Terms = { requirements: ['4.2.1-object'] }
  return [
    served(
      unavailable,
      'server-error',
      'A server that fails is not the end of the roots',
      '5.3.3',
      {
        status: 500,
      },
    ),
    served(
      unavailable,
      'disconnected',
      'A connection that breaks is not the end of the roots',
      '5.3.3',
      {
        disconnectAfter: 10,
        text: '{"signatures":[{"keyid":"',
      },
    ),
    served(
      {
        requirements: ['5.3.3-unavailable'],
        profile: 'tuffet',
        note: 'Object stores answer 403 for a missing file.',
      },
      'forbidden',
      'A server that forbids the next root ends the chain',
      undefined,
      { status: 403 },
    ),
    served(
      {
        requirements: ['5.3.3-length'],
        tags: ['endless data attack'],
        note: 'W is up to the client; the text gives tens of kilobytes as an example.',
      },
      'endless',
      'A root without an end is cut off',
      '5.3.3',
      { repeat: '[', length: 10_000_000 },
    ),
    served(format, 'empty', 'A root without a byte is refused', '4.3', ''),
    served(format, 'not-json', 'A root that is a page of HTML is refused', '4.3', '<html></html>'),
    workflow(
      { requirements: ['4.2.1-type'] },
      'root-wrong-type',
      'A root whose _type is another is refused, though the right keys signed it',
      (story) => {
        const repo = story.repository()
        repo.publish()
        repo.edit('root', (signed) => {
          signed['_type'] = 'targets'
        })
        story.refresh(refused('4.3', untouched))
      },
    ),
  ]
}

function contents(): readonly WorkflowVector[] {
  const edited = (
    terms: Terms,
    id: string,
    title: string,
    change: (signed: JsonRecord) => void,
    step?: string,
  ): WorkflowVector =>
    workflow(terms, `root-${id}`, title, (story) => {
      const repo = story.repository()
      repo.publish()
      repo.edit('root', change)
      if (step === undefined) story.refresh(accepted([2, 1, 1, 1]))
      else story.refresh(refused(step, untouched))
    })
  const roles: Terms = { requirements: ['4.3-roles'] }
  return [
    edited(
      {
        ...roles,
        note: '4.3: one of root, snapshot, targets, timestamp or mirrors, and mirrors is optional.',
      },
      'mirrors',
      'A root may list keys for mirrors',
      (signed) => {
        const all = objectAt(signed, 'roles')
        all['mirrors'] = all['timestamp'] ?? null
      },
    ),
    ...['root', 'timestamp', 'snapshot', 'targets'].map((role) =>
      edited(
        roles,
        `without-${role}`,
        `A root without the role ${role} is refused`,
        (signed) => {
          delete objectAt(signed, 'roles')[role]
        },
        '4.3',
      ),
    ),
    edited(
      { requirements: ['4.3-roles'] },
      'unused-key',
      'A root may list a key that no role uses',
      (signed) => {
        const { keyid, key } = ed25519Signer('unused')
        objectAt(signed, 'keys')[keyid] = { ...key, keyval: { ...key.keyval } }
      },
    ),
    workflow(
      { requirements: ['4.3-threshold', '5.4.2-threshold'] },
      'root-threshold-out-of-reach',
      'A threshold above the number of keys is never reached',
      (story) => {
        const repo = story.repository({ keys: { timestamp: { count: 2 } } })
        repo.publish()
        repo.rotate('timestamp', { remove: 0, threshold: 3 })
        // A client may refuse such a root at once, or accept it and never the timestamp.
        const { result } = refused('5.4.2', untouched)
        story.refresh({ result, trusted: { timestamp: null, snapshot: null, targets: null } })
      },
    ),
    edited(
      { requirements: ['4.3-spec-version'] },
      'spec-version-2',
      'A root that is written for version 2 of the specification is refused',
      (signed) => {
        signed['spec_version'] = '2.0.0'
      },
      '4.3',
    ),
    edited(
      {
        requirements: ['4.3-spec-version'],
        profile: 'tuffet',
        note: '4.3 leaves it to the client which versions match: here the major version.',
      },
      'spec-version-minor',
      'A root that is written for a later minor version is accepted',
      (signed) => {
        signed['spec_version'] = '1.99.0'
      },
    ),
  ]
}
