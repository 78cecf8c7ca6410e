/** 5.5: the snapshot. */
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import type { RepositoryOptions, TestRepository } from '../../../src/testing/index.js'
import { workflowFamily } from '../write.js'
import { objectAt, type JsonRecord } from './edit.js'
import { listedVectors } from './listed-files.js'
import { accepted, received, refused, type Versions } from './outcome.js'
import { roleVectors } from './role-checks.js'
import { bodyOf, workflow, type Story, type Terms } from './story.js'

/** The family `workflow-snapshot`. */
export function snapshotFamily(): VectorFile {
  return workflowFamily(
    'workflow-snapshot',
    'Updating snapshot (5.5): the timestamp lists it, and no listed file goes back or vanishes.',
    [...roleVectors('snapshot'), ...listedVectors('snapshot'), ...rollback(), ...others()],
  )
}

/** A client that trusts version 2 of everything; `project` is delegated and was loaded or not. */
function known(
  story: Story,
  { load = false, ...options }: RepositoryOptions & { readonly load?: boolean } = {},
): TestRepository {
  const repo = story.repository(options)
  repo.delegate('targets', { name: 'project', paths: ['project/*'] })
  repo.addTarget('project/file', 'project', { role: 'project' })
  repo.publish()
  repo.publish('targets', 'project')
  const versions: Versions = [1, 2, 2, 2]
  if (load) story.download('project/file', received('project', versions, { roles: { project: 2 } }))
  else story.refresh(accepted(versions, { roles: { project: null } }))
  return repo
}

function meta(signed: JsonRecord): JsonRecord {
  return objectAt(signed, 'meta')
}

function rollback(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['5.5.5-rollback'],
    tags: ['rollback attack', 'CVE-2022-29173'],
  }
  const delegated: Terms = { ...terms, tags: [...(terms.tags ?? []), 'CVE-2025-2887'] }
  const dropped: Terms = { ...terms, requirements: ['5.5.5-dropped'] }
  const no = refused('5.5.5', [1, 3, 2, 2])
  const changed = (
    on: Terms,
    id: string,
    title: string,
    change: (listed: JsonRecord) => void,
    options: Parameters<typeof known>[1] = {},
  ): WorkflowVector =>
    workflow(on, `snapshot-${id}`, title, (story) => {
      const repo = known(story, options)
      repo.edit('snapshot', (signed) => change(meta(signed)))
      story.refresh(no)
    })
  return [
    workflow(
      terms,
      'snapshot-targets-rollback',
      'A snapshot that lists an older targets file is refused',
      (story) => {
        const repo = known(story)
        repo.edit('snapshot', (signed) => {
          meta(signed)['targets.json'] = { version: 1 }
        })
        const requests = ['2.root.json', 'timestamp.json', '3.snapshot.json']
        story.refresh(refused('5.5.5', [1, 3, 2, 2], { requests }))
        repo.publish('targets')
        story.refresh(accepted([1, 4, 4, 3]))
      },
    ),
    changed(
      delegated,
      'role-rollback',
      'A snapshot that lists an older delegated role is refused',
      (listed) => {
        listed['project.json'] = { version: 1 }
      },
    ),
    changed(
      delegated,
      'loaded-role-rollback',
      'A snapshot that lists an older delegated role is refused where the role was used',
      (listed) => {
        listed['project.json'] = { version: 1 }
      },
      { load: true },
    ),
    changed(
      {
        ...terms,
        note: 'The trusted snapshot counts although its hash is not the one the timestamp lists now.',
      },
      'rollback-with-hashes',
      'A snapshot that lists an older delegated role is refused where hashes and lengths are listed',
      (listed) => {
        listed['targets.json'] = { version: 1 }
      },
      { timestampHashes: true, snapshotHashes: true },
    ),
    changed(
      dropped,
      'dropped-role',
      'A snapshot that lists a delegated role no longer is refused',
      (listed) => {
        delete listed['project.json']
      },
    ),
    workflow(
      dropped,
      'snapshot-dropped-targets',
      'A snapshot that lists the targets file no longer is refused',
      (story) => {
        const repo = known(story)
        repo.edit('snapshot', (signed) => {
          delete meta(signed)['targets.json']
        })
        story.refresh(refused('5.5.5', [1, 3, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.5.5-rollback'] },
      'snapshot-nothing-moves',
      'A newer snapshot may list the same versions',
      (story) => {
        known(story).publish('snapshot')
        story.refresh(accepted([1, 3, 3, 2]))
      },
    ),
    workflow(
      { requirements: ['5.5.5-dropped', '5.5.5-rollback'] },
      'snapshot-new-role',
      'A newer snapshot may list more roles and newer ones',
      (story) => {
        const repo = known(story)
        repo.delegate('targets', { name: 'other', paths: ['other/*'] })
        repo.publish('project')
        story.download('project/file', received('project', [1, 3, 3, 3], { roles: { project: 3 } }))
      },
    ),
    workflow(
      {
        ...terms,
        tags: [...(terms.tags ?? []), 'python-tuf#1498'],
        note: 'Expired metadata is no longer trusted, but it was, and must not be undercut.',
      },
      'snapshot-expired-is-floor',
      'An expired stored snapshot still forbids older versions',
      (story) => {
        const repo = known(story)
        repo.advance(20)
        repo.edit('snapshot', (signed) => {
          meta(signed)['targets.json'] = { version: 1 }
        })
        story.time = '2026-01-21T12:00:00Z'
        story.refresh(no)
      },
    ),
    workflow(
      terms,
      'snapshot-rollback-after-failure',
      'A refused snapshot does not lower the versions that the next one must list',
      (story) => {
        const repo = known(story)
        for (let attempt = 0; attempt < 2; attempt++) {
          repo.edit('snapshot', (signed) => {
            meta(signed)['targets.json'] = { version: 1 }
          })
          story.refresh(refused('5.5.5', [1, 3 + attempt, 2, 2]))
        }
      },
    ),
  ]
}

function others(): readonly WorkflowVector[] {
  return [
    workflow(
      { requirements: ['4.4-meta'], note: '4.4 demands it; 5.6.1 cannot do without.' },
      'snapshot-without-targets',
      'A snapshot that does not list the targets file ends the cycle',
      (story) => {
        const repo = story.repository()
        repo.publish()
        repo.editInPlace('snapshot', (signed) => {
          delete meta(signed)['targets.json']
        })
        const { result, trusted } = refused('5.6.1', [1, 1, undefined, null])
        story.refresh({ result, ...(trusted && { trusted }) })
      },
    ),
    workflow(
      { requirements: ['5.5.4-version', '5.5.1-name'], tags: ['mix-and-match attack'] },
      'snapshot-before-under-new-name',
      'The snapshot before under the name of the newest is refused',
      (story) => {
        const repo = story.repository()
        repo.publish()
        story.refresh(accepted([1, 1, 1, 1]))
        repo.publish('targets')
        story.serve('metadata/2.snapshot.json', bodyOf(repo.file('1.snapshot.json')))
        story.refresh(refused('5.5.4', [1, 2, 1, 1]))
        story.serve('metadata/2.snapshot.json', undefined)
        repo.publish()
        story.refresh(accepted([1, 3, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.5.3-threshold'] },
      'snapshot-rotated',
      'A snapshot is signed by the keys of the newest root',
      (story) => {
        const repo = story.repository()
        repo.publish()
        story.refresh(accepted([1, 1, 1, 1]))
        repo.rotate('snapshot')
        story.refresh(accepted([2, 2, 2, 1]))
      },
    ),
    workflow(
      { requirements: ['5.5.3-threshold'], tags: ['vulnerability to key compromises'] },
      'snapshot-revoked-key',
      'A key that the newest root does not name any more signs no snapshot',
      (story) => {
        const repo = story.repository()
        repo.publish()
        const stolen = repo.signers('snapshot')
        repo.rotate('snapshot')
        repo.editInPlace('snapshot', { signers: stolen })
        story.refresh(refused('5.5.3', [2, 2, null, null]))
      },
    ),
    workflow(
      { requirements: ['5.5.7-persist'] },
      'snapshot-kept-when-targets-fail',
      'A new snapshot stays when the cycle fails after it',
      (story) => {
        const repo = story.repository()
        repo.publish()
        story.refresh(accepted([1, 1, 1, 1]))
        repo.publish('targets')
        story.serve('metadata/2.targets.json', null)
        story.refresh(refused('5.6.1', [1, 2, 2, 1]))
        story.serve('metadata/2.targets.json', undefined)
        repo.publish('targets')
        story.refresh(accepted([1, 3, 3, 3]))
      },
    ),
    workflow(
      {
        requirements: ['5.5.1-download'],
        profile: 'tuffet',
        note: 'PEP 458: old snapshots are deleted, so a missing one means that a newer one exists.',
      },
      'snapshot-gone-restarts',
      'A missing file of a consistent snapshot makes the cycle start again, once',
      (story) => {
        story.repository().publish()
        story.serve('metadata/1.snapshot.json', null)
        const cycle = ['2.root.json', 'timestamp.json', '1.snapshot.json']
        story.refresh(refused('5.5.1', [1, 1, null, null], { requests: [...cycle, ...cycle] }))
      },
    ),
  ]
}
