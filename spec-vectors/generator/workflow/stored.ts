/** Stored files: lost, damaged, planted, or made worthless by new keys (5.3.11). */
import { createHash } from 'node:crypto'
import { type TestRepository, ed25519Signer, withKeyid } from '../../../src/testing/index.js'
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import { workflowFamily } from '../write.js'
import { objectAt } from './edit.js'
import { fastForwardVectors } from './fast-forward.js'
import { accepted, received, refused, type Versions } from './outcome.js'
import { loaded, reuseVectors } from './stored-reuse.js'
import { bodyOf, workflow, type Terms } from './story.js'

/** The family `workflow-stored`. */
export function storedFamily(): VectorFile {
  return workflowFamily(
    'workflow-stored',
    'Files stored between cycles: missing, damaged and planted files, floors against rollback, and recovery from fast-forward attacks (5.3.11).',
    [...lost(), ...planted(), ...reuseVectors(), ...crashes(), ...fastForwardVectors(), ...clock()],
  )
}

const names = ['timestamp', 'snapshot', 'targets', 'a'] as const
const kind = {
  timestamp: 'timestamp',
  snapshot: 'snapshot',
  targets: 'targets file',
  a: 'delegated role',
}

function lost(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['5-recover'],
    note: 'Section 5: no input may leave a client in a state that it cannot recover from.',
  }
  const fine = received('of a', [1, 2, 1, 1], { roles: { a: 1 } })
  return names.flatMap((name) => [
    workflow(
      terms,
      `stored-${name}-gone`,
      `A stored ${kind[name]} that is gone is fetched again`,
      (story) => {
        loaded(story).publish()
        story.store(`${name}.json`, null)
        story.download('file', fine)
      },
    ),
    workflow(
      terms,
      `stored-${name}-garbage`,
      `A stored ${kind[name]} that is garbage is fetched again`,
      (story) => {
        loaded(story).publish()
        story.store(`${name}.json`, { base64: 'AP8A/wD/' })
        story.download('file', fine)
      },
    ),
    workflow(
      terms,
      `stored-${name}-cut-short`,
      `A stored ${kind[name]} that a crash cut short is fetched again`,
      (story) => {
        const repo = loaded(story)
        const bytes = repo.file(name === 'timestamp' ? 'timestamp.json' : `1.${name}.json`)
        repo.publish()
        story.store(`${name}.json`, bodyOf(bytes.subarray(0, 100)))
        story.download('file', fine)
      },
    ),
  ])
}

function planted(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['5-recover', '5.6.3-threshold'],
    tags: ['TOB-SIGSTORE-10'],
    note: 'A file from the disk is believed no more than a file from the network.',
  }
  const forged = (repo: TestRepository, role: string): ReturnType<TestRepository['signers']> =>
    repo.signers(role).map(({ keyid }) => withKeyid(ed25519Signer('mallory'), keyid))
  return [
    ...(['targets', 'a'] as const).map((role) =>
      workflow(
        terms,
        `stored-${role}-forged`,
        `A planted ${kind[role]} is not believed`,
        (story) => {
          const repo = loaded(story)
          const digest = createHash('sha256').update('planted').digest('hex')
          const fork = repo.fork()
          fork.editInPlace(role, {
            signers: forged(repo, role),
            signed: (signed) => {
              signed['targets'] = { file: { length: 7, hashes: { sha256: digest } } }
            },
          })
          story.store(`${role}.json`, bodyOf(fork.file(`1.${role}.json`)))
          story.serve(`targets/${digest}.file`, 'planted')
          repo.publish()
          story.download('file', received('of a', [1, 2, 1, 1]))
        },
      ),
    ),
    workflow(
      {
        requirements: ['5-recover', '5.4.3.1-rollback'],
        profile: 'tuffet',
        note: '5.4.3.1 speaks of the trusted timestamp; one that no key signed was never trusted.',
      },
      'stored-timestamp-forged',
      'A planted timestamp of a high version is not a floor',
      (story) => {
        const repo = loaded(story)
        const fork = repo.fork()
        fork.editInPlace('timestamp', {
          signers: forged(repo, 'timestamp'),
          signed: (signed) => {
            signed['version'] = 1_000_000
          },
        })
        story.store('timestamp.json', bodyOf(fork.file('timestamp.json')))
        repo.publish()
        story.refresh(accepted([1, 2, 1, 1]))
      },
    ),
    workflow(
      {
        requirements: ['5-recover', '5.5.5-rollback'],
        profile: 'tuffet',
        note: '5.5.5 speaks of the trusted snapshot; one that no key signed was never trusted.',
      },
      'stored-snapshot-forged',
      'A planted snapshot of high versions is not a floor',
      (story) => {
        const repo = loaded(story)
        const fork = repo.fork()
        fork.editInPlace('snapshot', {
          signers: forged(repo, 'snapshot'),
          signed: (signed) => {
            objectAt(signed, 'meta', 'targets.json')['version'] = 1_000_000
          },
        })
        story.store('snapshot.json', bodyOf(fork.file('1.snapshot.json')))
        repo.publish('targets')
        story.refresh(accepted([1, 2, 2, 2]))
      },
    ),
    workflow(
      {
        requirements: ['5.2-anchor'],
        profile: 'tuffet',
        note: 'The root that came with the client and the history are kept elsewhere; root.json is a copy.',
      },
      'stored-root-garbage',
      'A root.json that is garbage does no harm',
      (story) => {
        const repo = loaded(story)
        repo.rotate('root')
        repo.publish()
        story.store('root.json', 'garbage')
        story.refresh(accepted([2, 2, 1, 1]))
      },
    ),
  ]
}

function crashes(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['5-recover'],
    note: 'Each file is written when it is accepted (5.4.5, 5.5.7, 5.6.6); in between the power may fail.',
  }
  const crashed = (
    id: string,
    title: string,
    written: readonly ('timestamp' | 'snapshot' | 'targets')[],
    versions: Versions,
  ): WorkflowVector =>
    workflow(terms, `stored-crash-${id}`, title, (story) => {
      const repo = loaded(story)
      repo.publish('targets')
      for (const role of written) {
        const name = role === 'timestamp' ? 'timestamp.json' : `2.${role}.json`
        story.store(`${role}.json`, bodyOf(repo.file(name)))
      }
      repo.publish()
      story.refresh(accepted(versions))
    })
  return [
    crashed(
      'after-timestamp',
      'A crash after the timestamp was written is recovered from',
      ['timestamp'],
      [1, 3, 2, 2],
    ),
    crashed(
      'after-snapshot',
      'A crash after the snapshot was written is recovered from',
      ['timestamp', 'snapshot'],
      [1, 3, 2, 2],
    ),
    workflow(
      terms,
      'stored-crash-in-rotation',
      'A crash between a rotated timestamp and its snapshot is recovered from',
      (story) => {
        const repo = loaded(story)
        repo.rotate('timestamp')
        repo.rotate('snapshot')
        story.store('timestamp.json', bodyOf(repo.file('timestamp.json')))
        repo.publish('targets')
        story.refresh(accepted([3, 4, 3, 2]))
      },
    ),
  ]
}

function clock(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['7.1-clock'],
    profile: 'tuffet',
    note: '7.1 leaves wrong clocks to the future. A clock that goes back would make expired files good.',
  }
  return [
    workflow(
      terms,
      'stored-clock-back',
      'A clock that went back by an hour ends the cycle',
      (story) => {
        loaded(story).publish()
        story.time = '2026-01-01T11:00:00Z'
        const { result, trusted } = refused('5.1', [1, 1, 1, 1], { requests: [] })
        story.refresh({ result, ...(trusted && { trusted }), requests: [] })
      },
    ),
    workflow(
      terms,
      'stored-clock-slightly-back',
      'A clock that went back by three minutes does not matter',
      (story) => {
        loaded(story).publish()
        story.time = '2026-01-01T11:57:00Z'
        story.refresh(accepted([1, 2, 1, 1]))
      },
    ),
  ]
}
