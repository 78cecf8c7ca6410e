/** 5.6.1 to 5.6.6: the top-level targets file. */
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import { workflowFamily } from '../write.js'
import { listedVectors } from './listed-files.js'
import { absent, accepted, received, refused } from './outcome.js'
import { roleVectors } from './role-checks.js'
import { bodyOf, workflow } from './story.js'

/** The family `workflow-targets`. */
export function targetsFamily(): VectorFile {
  return workflowFamily(
    'workflow-targets',
    'Updating targets (5.6.1 to 5.6.6): that it is the file the snapshot lists, who signed it and ' +
      'when it expires.',
    [...roleVectors('targets'), ...listedVectors('targets'), ...others()],
  )
}

function others(): readonly WorkflowVector[] {
  return [
    workflow(
      { requirements: ['5.6.4-version', '5.6.1-name'], tags: ['mix-and-match attack'] },
      'targets-before-under-new-name',
      'The previous targets file under the name of the newest is refused',
      (story) => {
        const repo = story.repository()
        repo.addTarget('file', 'one')
        repo.publish()
        story.download('file', received('one', [1, 1, 1, 1]))
        repo.addTarget('file', 'two')
        repo.publish()
        story.serve('metadata/2.targets.json', bodyOf(repo.file('1.targets.json')))
        story.download('file', refused('5.6.4', [1, 2, 2, 1]))
        story.serve('metadata/2.targets.json', undefined)
        repo.publish()
        story.download('file', received('two', [1, 3, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.6.3-threshold'] },
      'targets-rotated',
      'A targets file is signed by the keys of the newest root',
      (story) => {
        const repo = story.repository()
        repo.publish()
        story.refresh(accepted([1, 1, 1, 1]))
        repo.rotate('targets')
        story.refresh(accepted([2, 2, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.6.3-threshold'], tags: ['vulnerability to key compromises'] },
      'targets-revoked-key',
      'A key that the newest root does not name any more signs no targets file',
      (story) => {
        const repo = story.repository()
        repo.publish()
        const stolen = repo.signers('targets')
        repo.rotate('targets')
        repo.editInPlace('targets', { signers: stolen })
        story.refresh(refused('5.6.3', [2, 2, 2, null]))
      },
    ),
    workflow(
      {
        requirements: ['5.6.3-threshold'],
        note: 'The stored file was trusted, but the current root does not name its keys.',
      },
      'targets-stored-with-old-keys',
      'A stored targets file without signatures of the current keys is not used',
      (story) => {
        const repo = story.repository()
        repo.addTarget('file', 'one')
        repo.publish()
        story.download('file', received('one', [1, 1, 1, 1]))
        // The root rotates the key; targets, snapshot and timestamp stay as they are.
        const twin = repo.fork()
        twin.rotate('targets')
        story.serve('metadata/2.root.json', bodyOf(twin.root(2)))
        repo.publish('timestamp')
        story.download('file', refused('5.6.3', [2, 2, 1, undefined]))
      },
    ),
    workflow(
      { requirements: ['5.6.6-persist', '5.7.2-absent'] },
      'targets-without-targets',
      'A targets file may be empty',
      (story) => {
        story.repository().publish()
        story.download('file', absent([1, 1, 1, 1]))
      },
    ),
    workflow(
      {
        requirements: ['5.6.1-download'],
        profile: 'tuffet',
        note: '5.6.1 allows no exception; a stored file that passes every check need not be fetched again.',
      },
      'targets-unchanged',
      'A stored targets file that the newest snapshot still lists is not fetched again',
      (story) => {
        const repo = story.repository()
        repo.publish()
        story.refresh(accepted([1, 1, 1, 1]))
        repo.publish('snapshot')
        const requests = ['2.root.json', 'timestamp.json', '2.snapshot.json']
        story.refresh(accepted([1, 2, 2, 1], { requests }))
      },
    ),
    workflow(
      { requirements: ['5.6.6-persist', '5.6.1-name'] },
      'targets-each-cycle',
      'Each cycle leads to the newest targets file',
      (story) => {
        const repo = story.repository()
        for (const version of [1, 2, 3]) {
          repo.addTarget('file', `content ${version}`)
          repo.publish()
          const now = [1, version, version, version] as const
          const names = ['2.root.json', 'timestamp.json']
          const requests = [...names, `${version}.snapshot.json`, `${version}.targets.json`]
          story.download('file', received(`content ${version}`, now, { requests }))
        }
      },
    ),
  ]
}
