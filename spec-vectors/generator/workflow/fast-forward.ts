/**
 * 5.3.11: versions that an attacker raised stay a floor until timestamp or snapshot keys are
 * rotated; then both stored files are deleted, and the repository's current versions count.
 */
import type { TestRepository } from '../../../src/testing/index.js'
import type { WorkflowVector } from '../../../src/vectors/format.js'
import { accepted, received, refused, type Versions } from './outcome.js'
import { workflow, type Story, type Terms } from './story.js'

const far = 1_000_000

type Role = 'timestamp' | 'snapshot' | 'targets' | 'project'

/** The trusted state of the client after the attack on a role. */
const attacked: Readonly<Record<Role, Versions>> = {
  timestamp: [1, far, 1, 1],
  snapshot: [1, 2, far, 1],
  targets: [1, 2, 2, far],
  project: [1, 2, 2, 1],
}

/** An attacker with the keys publishes a version from the future; the client believes it. */
function attack(story: Story, role: Role): TestRepository {
  const repo = story.repository()
  repo.delegate('targets', { name: 'project', paths: ['project/*'] })
  repo.addTarget('project/file', 'project', { role: 'project' })
  repo.publish()
  story.refresh(accepted([1, 1, 1, 1]))
  const fork = repo.fork()
  fork.setNextVersion(role, far)
  fork.publish(role)
  story.serveFrom(fork)
  const versions = attacked[role]
  if (role === 'project') {
    story.download('project/file', received('project', versions, { roles: { project: far } }))
  } else story.refresh(accepted(versions))
  return story.serveFrom(repo)
}

/** Vectors of the family `workflow-stored`. */
export function fastForwardVectors(): readonly WorkflowVector[] {
  return [...recoveries(), ...noRecoveries(), ...deletions()]
}

function recoveries(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.3.11-rotation'], tags: ['fast-forward attack'] }
  const recovered = (
    id: string,
    title: string,
    role: Role,
    rotate: readonly ('timestamp' | 'snapshot')[],
    versions: Versions,
    note?: string,
  ): WorkflowVector =>
    workflow({ ...terms, ...(note !== undefined && { note }) }, `forward-${id}`, title, (story) => {
      const repo = attack(story, role)
      for (const one of rotate) repo.rotate(one)
      story.refresh(accepted(versions))
    })
  const either = '5.3.11: if timestamp and / or snapshot keys were rotated, both files are deleted.'
  return [
    recovered(
      'timestamp',
      'New timestamp keys end a fast-forward of the timestamp',
      'timestamp',
      ['timestamp'],
      [2, 2, 1, 1],
    ),
    recovered(
      'timestamp-by-snapshot',
      'New snapshot keys end a fast-forward of the timestamp too',
      'timestamp',
      ['snapshot'],
      [2, 2, 2, 1],
      either,
    ),
    recovered(
      'snapshot',
      'New snapshot and timestamp keys end a fast-forward of the snapshot',
      'snapshot',
      ['snapshot', 'timestamp'],
      [3, 3, 2, 1],
    ),
    recovered(
      'snapshot-by-snapshot',
      'New snapshot keys alone end a fast-forward of the snapshot',
      'snapshot',
      ['snapshot'],
      [2, 2, 2, 1],
      either,
    ),
    recovered(
      'snapshot-by-timestamp',
      'New timestamp keys alone end a fast-forward of the snapshot',
      'snapshot',
      ['timestamp'],
      [2, 2, 1, 1],
      either,
    ),
    recovered(
      'targets',
      'New snapshot keys end a fast-forward of the targets',
      'targets',
      ['snapshot'],
      [2, 2, 2, 1],
    ),
    recovered(
      'targets-by-timestamp',
      'New timestamp keys end a fast-forward of the targets too',
      'targets',
      ['timestamp'],
      [2, 2, 1, 1],
      either,
    ),
    workflow(
      terms,
      'forward-role',
      'New snapshot keys end a fast-forward of a delegated role',
      (story) => {
        const repo = attack(story, 'project')
        repo.rotate('snapshot')
        story.download('project/file', received('project', [2, 2, 2, 1], { roles: { project: 1 } }))
      },
    ),
    workflow(
      terms,
      'forward-dropped-role',
      'After a rotation the snapshot may list fewer roles',
      (story) => {
        const repo = story.repository()
        repo.delegate('targets', { name: 'project', paths: ['project/*'] })
        repo.publish()
        story.refresh(accepted([1, 1, 1, 1]))
        repo.rotate('snapshot')
        repo.edit('snapshot', (signed) => {
          signed['meta'] = { 'targets.json': { version: 1 } }
        })
        story.refresh(accepted([2, 3, 3, 1]))
      },
    ),
  ]
}

function noRecoveries(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.3.11-rotation'], tags: ['rollback attack'] }
  const stuck = (
    id: string,
    title: string,
    role: Role,
    change: (repo: TestRepository) => void,
    step: string,
    versions: Versions,
    on: Terms = terms,
  ): WorkflowVector =>
    workflow(on, `forward-${id}`, title, (story) => {
      change(attack(story, role))
      story.refresh(refused(step, versions))
    })
  const twice = (repo: TestRepository): void => {
    repo.publish('snapshot')
    repo.publish('snapshot')
  }
  const vague: Terms = {
    ...terms,
    profile: 'tuffet',
    note: 'A role is rotated when its stored file no longer meets the threshold of the current keys.',
  }
  return [
    stuck(
      'timestamp-stays',
      'Without new keys the raised timestamp stays a floor',
      'timestamp',
      twice,
      '5.4.3.1',
      [1, far, 1, 1],
    ),
    stuck(
      'snapshot-stays',
      'Without new keys the raised snapshot stays a floor',
      'snapshot',
      twice,
      '5.4.3.2',
      [1, 2, far, 1],
    ),
    stuck(
      'targets-stay',
      'Without new keys the raised targets stay a floor',
      'targets',
      twice,
      '5.5.5',
      [1, 3, 2, far],
    ),
    stuck(
      'other-keys',
      'New root and targets keys do not end a fast-forward',
      'timestamp',
      (repo) => {
        repo.rotate('root')
        repo.rotate('targets')
      },
      '5.4.3.1',
      [3, far, 1, 1],
    ),
    stuck(
      'same-keys',
      'A new root with the same keys does not end a fast-forward',
      'timestamp',
      (repo) => repo.publish('root'),
      '5.4.3.1',
      [2, far, 1, 1],
    ),
    stuck(
      'key-added',
      'An added key is not a rotation',
      'timestamp',
      (repo) => repo.rotate('timestamp', { add: 1, remove: 0, threshold: 1 }),
      '5.4.3.1',
      [2, far, 1, 1],
      vague,
    ),
  ]
}

function deletions(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['5.3.11-rotation'],
    note: '5.3.11: the files are deleted, not only left unused, and before 5.4.1 asks for the next.',
  }
  const gone: Versions = [2, null, null, 1]
  return [
    workflow(
      terms,
      'forward-deleted',
      'The rotated timestamp and its snapshot are deleted before the next is fetched',
      (story) => {
        const repo = attack(story, 'timestamp')
        repo.rotate('timestamp')
        story.serve('metadata/timestamp.json', null)
        story.refresh(refused('5.4.1', gone))
        story.serve('metadata/timestamp.json', undefined)
        story.refresh(accepted([2, 2, 1, 1]))
      },
    ),
    workflow(
      terms,
      'forward-deleted-by-snapshot',
      'New snapshot keys delete the stored timestamp as well',
      (story) => {
        const repo = attack(story, 'snapshot')
        repo.rotate('snapshot')
        story.serve('metadata/timestamp.json', null)
        story.refresh(refused('5.4.1', gone))
        story.serve('metadata/timestamp.json', undefined)
        story.refresh(accepted([2, 2, 2, 1]))
      },
    ),
    workflow(
      { requirements: ['5.3.11-rotation', '5.3.10-expiry'], note: '5.3.10 comes before 5.3.11.' },
      'forward-expired-root',
      'An expired root deletes no file, whatever keys it brings',
      (story) => {
        const repo = attack(story, 'timestamp')
        repo.rotate('timestamp')
        repo.editInPlace('root', (signed) => {
          signed['expires'] = '2025-12-31T00:00:00Z'
        })
        story.refresh(refused('5.3.10', [2, far, 1, 1]))
      },
    ),
    workflow(
      {
        requirements: ['5.3.11-rotation', '5.4.3.1-rollback'],
        tags: ['rollback attack'],
        note: 'The version accepted after the rotation is a floor like any other.',
      },
      'forward-new-floor',
      'After the recovery versions must not go back again',
      (story) => {
        const repo = attack(story, 'timestamp')
        repo.rotate('timestamp')
        story.refresh(accepted([2, 2, 1, 1]))
        repo.edit('timestamp', (signed) => {
          signed['version'] = 1
        })
        story.refresh(refused('5.4.3.1', [2, 2, 1, 1]))
      },
    ),
  ]
}
