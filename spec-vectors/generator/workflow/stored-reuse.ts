/** Intact stored files: when they may be used, and the versions they forbid. */
import type { TestRepository } from '../../../src/testing/index.js'
import type { WorkflowVector } from '../../../src/vectors/format.js'
import { objectAt } from './edit.js'
import { graph } from './graph.js'
import { accepted, received, refused } from './outcome.js'
import { workflow, type Story } from './story.js'

/** A client with everything loaded: versions 1, with the delegated role `a`. */
export function loaded(
  story: Story,
  options: Parameters<typeof graph>[1]['options'] = {},
): TestRepository {
  const repo = graph(story, {
    edges: { targets: ['a'] },
    files: { a: { file: 'of a' } },
    options,
  })
  story.download('file', received('of a', [1, 1, 1, 1], { roles: { a: 1 } }))
  return repo
}

/** Vectors of the family `workflow-stored`. */
export function reuseVectors(): readonly WorkflowVector[] {
  return [
    workflow(
      {
        requirements: ['5.5.2-hashes'],
        tags: ['mix-and-match attack'],
        note: '5.5: the new timestamp lists another snapshot of the same version. Only that one may be used.',
      },
      'stored-snapshot-of-other-hash',
      'A stored snapshot whose hash is not the listed one is not used as current',
      (story) => {
        const repo = story.repository({ timestampHashes: true })
        repo.addTarget('file', 'one')
        repo.publish()
        story.refresh(accepted([1, 1, 1, 1]))
        repo.addTarget('file', 'two')
        repo.setNextVersion('snapshot', 1)
        repo.publish()
        story.download('file', received('two', [1, 2, 1, 2]))
      },
    ),
    workflow(
      { requirements: ['5.6.2-hashes'], tags: ['mix-and-match attack'] },
      'stored-targets-of-other-hash',
      'A stored targets file whose hash is not the listed one is not used',
      (story) => {
        const repo = story.repository({ snapshotHashes: true })
        repo.addTarget('file', 'one')
        repo.publish()
        story.download('file', received('one', [1, 1, 1, 1]))
        repo.addTarget('file', 'two')
        repo.setNextVersion('targets', 1)
        repo.publish()
        story.download('file', received('two', [1, 2, 2, 1]))
      },
    ),
    workflow(
      { requirements: ['5.6.2-hashes'], tags: ['mix-and-match attack'] },
      'stored-role-of-other-hash',
      'A stored delegated role whose hash is not the listed one is not used',
      (story) => {
        const repo = loaded(story, { snapshotHashes: true })
        repo.addTarget('file', 'two', { role: 'a' })
        repo.setNextVersion('a', 1)
        repo.publish()
        story.download('file', received('two', [1, 2, 2, 1], { roles: { a: 1 } }))
      },
    ),
    workflow(
      { requirements: ['5.6.5-expiry', '4.3-expires'] },
      'stored-targets-expired',
      'An expired stored targets file is not used, though the snapshot lists it',
      (story) => {
        const repo = story.repository({ lifetimes: { targets: 3 } })
        repo.publish()
        story.refresh(accepted([1, 1, 1, 1]))
        repo.advance(5)
        repo.publish('snapshot')
        story.time = '2026-01-06T12:00:00Z'
        story.refresh(refused('5.6.5', [1, 2, 2, 1]))
      },
    ),
    workflow(
      { requirements: ['5.6.5-expiry', '4.3-expires'], tags: ['CVE-2026-6967'] },
      'stored-role-expired',
      'An expired stored delegated role is not used, though the snapshot lists it',
      (story) => {
        const repo = loaded(story, { lifetimes: { delegated: 3 } })
        repo.advance(5)
        repo.publish('snapshot')
        story.time = '2026-01-06T12:00:00Z'
        story.download('file', refused('5.6.5', [1, 2, 2, 1], { role: 'a', roles: { a: 1 } }))
      },
    ),
    workflow(
      { requirements: ['5.5.6-expiry', '4.3-expires'] },
      'stored-snapshot-expired',
      'An expired stored snapshot is not used, though the timestamp lists it',
      (story) => {
        const repo = loaded(story)
        repo.advance(10)
        repo.publish()
        story.time = '2026-01-11T12:00:00Z'
        story.refresh(refused('5.5.6', [1, 2, 1, 1]))
        repo.publish('snapshot')
        story.refresh(accepted([1, 3, 2, 1]))
      },
    ),
    workflow(
      {
        requirements: ['5.5.5-rollback'],
        note: 'The floor of the missing timestamp is lost with it; the snapshot still exists.',
      },
      'stored-snapshot-is-floor-alone',
      'A stored snapshot is a floor although the stored timestamp is missing',
      (story) => {
        const repo = story.repository()
        repo.publish()
        repo.publish('targets')
        story.refresh(accepted([1, 2, 2, 2]))
        story.store('timestamp.json', null)
        repo.edit('snapshot', (signed) => {
          objectAt(signed, 'meta', 'targets.json')['version'] = 1
        })
        story.refresh(refused('5.5.5', [1, 3, 2, 2]))
      },
    ),
    workflow(
      {
        requirements: ['5.4.3.2-rollback'],
        note: 'The floor of the missing snapshot is lost with it; the timestamp still exists.',
      },
      'stored-timestamp-is-floor-alone',
      'A stored timestamp is a floor although the stored snapshot is missing',
      (story) => {
        const repo = story.repository()
        repo.publish()
        repo.publish('targets')
        story.refresh(accepted([1, 2, 2, 2]))
        story.store('snapshot.json', null)
        repo.edit('timestamp', (signed) => {
          objectAt(signed, 'meta', 'snapshot.json')['version'] = 1
        })
        story.refresh(refused('5.4.3.2', [1, 2, null, 2]))
      },
    ),
  ]
}
