/** 5.4: the timestamp. */
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import type { TestRepository } from '../../../src/testing/index.js'
import { workflowFamily } from '../write.js'
import { objectAt } from './edit.js'
import { accepted, refused } from './outcome.js'
import { roleVectors } from './role-checks.js'
import { bodyOf, workflow, type Story, type Terms } from './story.js'

/** The family `workflow-timestamp`. */
export function timestampFamily(): VectorFile {
  return workflowFamily(
    'workflow-timestamp',
    'Updating timestamp (5.4): its signatures, its version, and its expiry.',
    [
      ...roleVectors('timestamp'),
      ...rollback(),
      ...equal(),
      ...freeze(),
      ...names(),
      ...rotation(),
    ],
  )
}

/** A client that trusts version `times` of timestamp, snapshot and targets. */
function known(story: Story, times = 2): TestRepository {
  const repo = story.repository()
  for (let time = 0; time < times; time++) repo.publish('targets')
  story.refresh(accepted([1, times, times, times]))
  return repo
}

function rollback(): readonly WorkflowVector[] {
  const newer: Terms = { requirements: ['5.4.3.1-rollback'] }
  const version: Terms = { ...newer, tags: ['rollback attack', 'CVE-2022-29173'] }
  const snapshot: Terms = { requirements: ['5.4.3.2-rollback'] }
  return [
    workflow(
      version,
      'timestamp-rollback',
      'A timestamp that is older than the trusted one is refused',
      (story) => {
        const repo = known(story)
        story.serve('metadata/timestamp.json', bodyOf(repo.file('timestamp.json', 'metadata', 1)))
        const requests = ['2.root.json', 'timestamp.json']
        story.refresh(refused('5.4.3.1', [1, 2, 2, 2], { requests }))
        story.serve('metadata/timestamp.json', undefined)
        repo.publish('targets')
        story.refresh(accepted([1, 3, 3, 3]))
      },
    ),
    workflow(
      { ...version, note: 'The keys are right and the file is fresh: the version alone decides.' },
      'timestamp-rollback-signed-today',
      'A timestamp with a lower version is refused, however new its signature',
      (story) => {
        const repo = known(story, 3)
        repo.edit('timestamp', (signed) => {
          signed['version'] = 2
        })
        story.refresh(refused('5.4.3.1', [1, 3, 3, 3]))
      },
    ),
    workflow(newer, 'timestamp-jump', 'A timestamp may be many versions newer', (story) => {
      const repo = known(story, 1)
      repo.setNextVersion('timestamp', 1_000_000)
      repo.publish()
      story.refresh(accepted([1, 1_000_000, 1, 1]))
    }),
    workflow(
      { ...snapshot, tags: ['rollback attack', 'CVE-2022-29173', 'CVE-2025-2888'] },
      'timestamp-snapshot-rollback',
      'A newer timestamp that lists an older snapshot is refused',
      (story) => {
        const repo = known(story)
        repo.edit('timestamp', (signed) => {
          objectAt(signed, 'meta', 'snapshot.json')['version'] = 1
        })
        const requests = ['2.root.json', 'timestamp.json']
        story.refresh(refused('5.4.3.2', [1, 2, 2, 2], { requests }))
        repo.publish('targets')
        story.refresh(accepted([1, 4, 3, 3]))
      },
    ),
    workflow(
      snapshot,
      'timestamp-same-snapshot',
      'A newer timestamp may list the same snapshot',
      (story) => {
        known(story).publish()
        story.refresh(accepted([1, 3, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.4.3.1-rollback', '4.6-snapshot'] },
      'timestamp-without-snapshot',
      'A newer timestamp that lists no snapshot is refused',
      (story) => {
        const repo = known(story)
        repo.edit('timestamp', (signed) => {
          delete objectAt(signed, 'meta')['snapshot.json']
        })
        story.refresh(refused('4.6', [1, 2, 2, 2]))
      },
    ),
    workflow(
      {
        ...version,
        tags: [...(version.tags ?? []), 'python-tuf#1498'],
        note: 'Expired metadata is no longer trusted, but it was, and must not be undercut.',
      },
      'timestamp-expired-is-floor',
      'An expired stored timestamp still forbids older ones',
      (story) => {
        const repo = known(story)
        repo.advance(10)
        repo.edit('timestamp', (signed) => {
          signed['version'] = 1
        })
        story.time = '2026-01-11T12:00:00Z'
        story.refresh(refused('5.4.3.1', [1, 2, 2, 2]))
      },
    ),
    workflow(
      newer,
      'timestamp-expired-then-newer',
      'An expired stored timestamp gives way to a newer one',
      (story) => {
        const repo = known(story)
        repo.advance(10)
        repo.publish('targets')
        story.time = '2026-01-11T12:00:00Z'
        story.refresh(accepted([1, 3, 3, 3]))
      },
    ),
  ]
}

function equal(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.4.3.1-equal'] }
  const requests = ['2.root.json', 'timestamp.json']
  return [
    workflow(
      { requirements: ['5.4.3.1-equal', '5.4.5-persist', '5.5.7-persist'] },
      'timestamp-unchanged',
      'The same timestamp again is not an error, and no request follows',
      (story) => {
        known(story)
        story.refresh(accepted([1, 2, 2, 2], { requests }))
      },
    ),
    workflow(
      terms,
      'timestamp-equal-other-content',
      'A timestamp of the same version is not used, whatever it lists',
      (story) => {
        const repo = known(story, 1)
        repo.publish('targets')
        repo.editInPlace('timestamp', (signed) => {
          signed['version'] = 1
        })
        story.refresh(accepted([1, 1, 1, 1], { requests }))
      },
    ),
    workflow(
      { requirements: ['5.4.3.1-equal', '5.4.2-threshold'] },
      'timestamp-equal-unsigned',
      'A timestamp of the same version without signatures is refused',
      (story) => {
        const repo = known(story, 1)
        repo.editInPlace('timestamp', { signers: [] })
        story.refresh(refused('5.4.2', [1, 1, 1, 1]))
      },
    ),
    workflow(
      {
        ...terms,
        profile: 'tuffet',
        note: '5.4.3.1 ends the cycle. Then a client that could not fetch the snapshot would lack it until the next timestamp.',
      },
      'timestamp-equal-goes-on',
      'After a cycle that failed at the snapshot, the same timestamp leads to it',
      (story) => {
        story.repository().publish()
        story.serve('metadata/1.snapshot.json', null)
        story.refresh(refused('5.5.1', [1, 1, null, null]))
        story.serve('metadata/1.snapshot.json', undefined)
        story.refresh(accepted([1, 1, 1, 1]))
      },
    ),
  ]
}

function freeze(): readonly WorkflowVector[] {
  return [
    workflow(
      {
        requirements: ['5.4.4-expiry', '4.3-expires'],
        tags: ['python-tuf#737', 'indefinite freeze attack'],
        note: 'An equal version ends the cycle without an error (5.4.3.1), but an expired file must not be trusted (4.3).',
      },
      'timestamp-equal-expired',
      'The same timestamp again is refused when it is expired',
      (story) => {
        known(story)
        story.time = '2026-01-03T00:00:00Z'
        story.refresh(refused('5.4.4', [1, 2, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.4.4-expiry'] },
      'timestamp-expires-word',
      'A timestamp whose expires is not a date is refused',
      (story) => {
        const repo = story.repository()
        repo.publish()
        repo.editInPlace('timestamp', (signed) => {
          signed['expires'] = 'soon'
        })
        story.refresh(refused('4.6', [1, null, null, null]))
      },
    ),
  ]
}

function names(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.4.1-download', '6.2-names'] }
  return [
    workflow(
      terms,
      'timestamp-without-version-prefix',
      'The name of the timestamp contains no version, even where all other names do',
      (story) => {
        const repo = story.repository()
        repo.publish()
        story.serve('metadata/1.timestamp.json', bodyOf(repo.file('timestamp.json')))
        const requests = ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']
        story.refresh(accepted([1, 1, 1, 1], { requests }))
      },
    ),
    workflow(
      terms,
      'timestamp-under-version-prefix-only',
      'A timestamp that is served with its version in the name only is not found',
      (story) => {
        const repo = story.repository()
        repo.publish()
        story.serve('metadata/1.timestamp.json', bodyOf(repo.file('timestamp.json')))
        story.serve('metadata/timestamp.json', null)
        const requests = ['2.root.json', 'timestamp.json']
        story.refresh(refused('5.4.1', [1, null, null, null], { requests }))
      },
    ),
  ]
}

function rotation(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.4.2-threshold', '5.3.1-intermediate'] }
  return [
    workflow(
      terms,
      'timestamp-rotated',
      'A timestamp is signed by the keys of the newest root',
      (story) => {
        const repo = known(story, 1)
        repo.rotate('timestamp')
        story.refresh(accepted([2, 2, 1, 1]))
      },
    ),
    workflow(
      { ...terms, tags: ['vulnerability to key compromises'] },
      'timestamp-revoked-key',
      'A key that the newest root does not name any more signs no timestamp',
      (story) => {
        const repo = story.repository()
        repo.publish()
        const stolen = repo.signers('timestamp')
        repo.rotate('timestamp')
        repo.edit('timestamp', { signers: stolen })
        story.refresh(refused('5.4.2', [2, null, null, null]))
      },
    ),
    workflow(
      { requirements: ['5.4.5-persist'] },
      'timestamp-kept-when-snapshot-fails',
      'A new timestamp stays when the cycle fails after it',
      (story) => {
        const repo = known(story, 1)
        repo.publish('targets')
        story.serve('metadata/2.snapshot.json', null)
        story.refresh(refused('5.5.1', [1, 2, 1, 1]))
        story.serve('metadata/2.snapshot.json', undefined)
        repo.publish('targets')
        story.refresh(accepted([1, 3, 3, 3]))
      },
    ),
  ]
}
