/** 5.2 and 5.3: from the root that came with the client to the newest one. */
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import type { TestRepository } from '../../../src/testing/index.js'
import { workflowFamily } from '../write.js'
import { accepted, refused, type Versions } from './outcome.js'
import { rootFileVectors } from './root-files.js'
import { published, rootSignatureVectors } from './root-signatures.js'
import { bodyOf, workflow, type Terms } from './story.js'

/** The family `workflow-root`. */
export function rootFamily(): VectorFile {
  return workflowFamily(
    'workflow-root',
    'Updating root (5.2, 5.3): from the root that came with the client, one version after the ' +
      'other, to the newest.',
    [...chain(), ...rootSignatureVectors(), ...versions(), ...expiry(), ...rootFileVectors()],
  )
}

const untouched: Versions = [1, null, null, null]
const firstFiles = ['timestamp.json', '1.snapshot.json', '1.targets.json']

function chain(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.3.1-intermediate'] }
  return [
    workflow(
      { requirements: ['5.3.1-intermediate', '4.2.1-type'] },
      'root-none-newer',
      'Without a newer root the current one is used',
      (story) => {
        published(story)
        story.refresh(accepted([1, 1, 1, 1], { requests: ['2.root.json', ...firstFiles] }))
      },
    ),
    workflow(
      terms,
      'root-one-newer',
      'A newer root is fetched first, then the next is requested',
      (story) => {
        published(story).rotate('root')
        const requests = ['2.root.json', '3.root.json', ...firstFiles]
        story.refresh(accepted([2, 1, 1, 1], { requests }))
      },
    ),
    workflow(terms, 'root-five-newer', 'Every root in between is fetched, in order', (story) => {
      const repo = published(story)
      for (let version = 2; version <= 6; version++) repo.rotate('root')
      const roots = [2, 3, 4, 5, 6, 7].map((version) => `${version}.root.json`)
      story.refresh(accepted([6, 1, 1, 1], { requests: [...roots, ...firstFiles] }))
    }),
    workflow(
      terms,
      'root-later-anchor',
      'A client that comes with root 3 begins with root 4',
      (story) => {
        const repo = published(story)
        for (let version = 2; version <= 4; version++) repo.rotate('root')
        story.anchorVersion = 3
        const requests = ['4.root.json', '5.root.json', ...firstFiles]
        story.refresh(accepted([4, 1, 1, 1], { requests }))
      },
    ),
    workflow(
      { requirements: ['5.3.1-intermediate', '5.3.8-persist'] },
      'root-remembered',
      'The next cycle begins with the root that the last one reached',
      (story) => {
        const repo = published(story)
        repo.rotate('root')
        story.refresh(accepted([2, 1, 1, 1]))
        repo.rotate('root')
        repo.publish('targets')
        const requests = ['3.root.json', '4.root.json', 'timestamp.json', '2.snapshot.json']
        story.refresh(accepted([3, 2, 2, 2], { requests: [...requests, '2.targets.json'] }))
      },
    ),
    workflow(
      { requirements: ['5.3.3-unavailable'] },
      'root-gap',
      'The walk ends where a root is missing, though later ones exist',
      (story) => {
        const repo = published(story)
        repo.rotate('root')
        repo.rotate('root')
        story.serve('metadata/2.root.json', null)
        story.refresh(accepted([1, 1, 1, 1], { requests: ['2.root.json', ...firstFiles] }))
      },
    ),
    workflow(
      { requirements: ['5.3.8-persist'] },
      'root-kept-when-timestamp-fails',
      'A new root stays when the cycle fails after it',
      (story) => {
        const repo = published(story)
        repo.rotate('root')
        story.serve('metadata/timestamp.json', null)
        story.refresh(refused('5.4.1', [2, null, null, null]))
        story.serve('metadata/timestamp.json', undefined)
        const requests = ['3.root.json', ...firstFiles]
        story.refresh(accepted([2, 1, 1, 1], { requests }))
      },
    ),
  ]
}

function versions(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.3.5-version'], tags: ['CVE-2025-2885'] }
  const no = refused('5.3.5', untouched)
  return [
    workflow(
      terms,
      'root-same-version',
      'The same root under the next name is refused',
      (story) => {
        const repo = published(story)
        story.serve('metadata/2.root.json', bodyOf(repo.root(1)))
        story.refresh(no)
      },
    ),
    workflow(
      terms,
      'root-version-skipped',
      'Root 3 under the name of root 2 is refused',
      (story) => {
        const repo = published(story)
        repo.publish('root')
        repo.publish('root')
        story.serve('metadata/2.root.json', bodyOf(repo.root(3)))
        story.refresh(no)
      },
    ),
    workflow(terms, 'root-older-version', 'Root 2 under the name of root 4 is refused', (story) => {
      const repo = published(story)
      repo.publish('root')
      repo.publish('root')
      story.serve('metadata/4.root.json', bodyOf(repo.root(2)))
      story.refresh(refused('5.3.5', [3, null, null, null]))
    }),
    workflow(
      terms,
      'root-version-far-ahead',
      'A root that jumps as far as it can is refused',
      (story) => {
        const repo = published(story)
        repo.edit('root', (signed) => {
          signed['version'] = 9_007_199_254_740_991
        })
        story.refresh(no)
      },
    ),
    workflow(
      { requirements: ['5.3.5-version'] },
      'root-version-next',
      'A root that changes only its version is accepted',
      (story) => {
        published(story).publish('root')
        story.refresh(accepted([2, 2, 1, 1]))
      },
    ),
  ]
}

function expiry(): readonly WorkflowVector[] {
  const anchor: Terms = { requirements: ['5.2-anchor-expiry'] }
  const between: Terms = { requirements: ['5.3.6-intermediate-expiry'] }
  const final: Terms = { requirements: ['5.3.10-expiry', '4.3-expires'] }
  const notChecked = { tags: ['CVE-2015-9259'] }
  const expires = (repo: TestRepository, text: string): void => {
    repo.edit('root', (signed) => {
      signed['expires'] = text
    })
  }
  return [
    workflow(
      anchor,
      'root-anchor-expired',
      'An expired root that came with the client leads to a newer one',
      (story) => {
        const repo = published(story, { lifetimes: { root: 0 } })
        expires(repo, '2027-01-01T00:00:00Z')
        story.refresh(accepted([2, 1, 1, 1]))
      },
    ),
    workflow(
      {
        ...final,
        ...notChecked,
        note: '5.3.10 aborts the cycle before 5.4.1 asks for the timestamp.',
      },
      'root-anchor-expired-alone',
      'An expired root without a newer one ends the cycle',
      (story) => {
        published(story, { lifetimes: { root: 0 } })
        story.refresh(refused('5.3.10', untouched, { requests: ['2.root.json'] }))
      },
    ),
    workflow(
      between,
      'root-expired-between',
      'An expired root between others does not matter',
      (story) => {
        const repo = published(story)
        expires(repo, '2025-12-31T00:00:00Z')
        repo.rotate('root')
        story.refresh(accepted([3, 1, 1, 1]))
      },
    ),
    workflow(
      {
        ...notChecked,
        requirements: ['5.3.10-expiry', '5.3.8-persist', '5-recover'],
        note: '5.3.10 aborts the cycle before 5.4.1 asks for the timestamp.',
      },
      'root-expired-then-good',
      'An expired newest root is kept and ends the cycle, and the next one is accepted',
      (story) => {
        const repo = published(story)
        story.refresh(accepted([1, 1, 1, 1]))
        expires(repo, '2025-12-31T00:00:00Z')
        const requests = ['2.root.json', '3.root.json']
        story.refresh(refused('5.3.10', [2, 1, 1, 1], { requests }))
        repo.publish('root', 'targets')
        story.refresh(accepted([3, 2, 2, 2]))
      },
    ),
    workflow(
      {
        ...final,
        ...notChecked,
        note: 'The expiration must be higher than the fixed time; equal is not.',
      },
      'root-expires-now',
      'A root that expires at the fixed time ends the cycle',
      (story) => {
        expires(published(story), '2026-01-01T12:00:00Z')
        story.refresh(refused('5.3.10', [2, null, null, null]))
      },
    ),
    workflow(
      final,
      'root-expires-soon',
      'A root that expires in two minutes is accepted',
      (story) => {
        expires(published(story), '2026-01-01T12:02:00Z')
        story.refresh(accepted([2, 1, 1, 1]))
      },
    ),
  ]
}
