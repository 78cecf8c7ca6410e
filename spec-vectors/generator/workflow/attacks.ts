/** The attacks of 1.5.2, from beginning to end, and later weaknesses of clients. */
import type { TestRepository } from '../../../src/testing/index.js'
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import { workflowFamily } from '../write.js'
import { objectAt, replaced } from './edit.js'
import { graph, prefixed } from './graph.js'
import { accepted, received, refused, type Versions } from './outcome.js'
import { bodyOf, targetPath, workflow, type Story, type Terms } from './story.js'
import { weaknessVectors } from './weaknesses.js'

/** The family `workflow-attacks`. */
export function attacksFamily(): VectorFile {
  return workflowFamily(
    'workflow-attacks',
    'The attacks of section 1.5.2 from beginning to end, and known weaknesses of clients: the tags are their numbers.',
    [...mirrors(), ...stolenKeys(), ...weaknessVectors()],
  )
}

const tag = (name: string): Pick<Terms, 'tags'> => ({ tags: [`${name} attack`] })

/** Two publications, of which the client knows the second; `file` changes with each. */
function history(story: Story): TestRepository {
  const repo = story.repository()
  repo.addTarget('file', 'old')
  repo.publish()
  repo.addTarget('file', 'new')
  repo.publish()
  story.download('file', received('new', [1, 2, 2, 2]))
  return repo
}

/** Serves the files from right after a publication, but for targets. */
function replay(story: Story, repo: TestRepository, publication: number): void {
  for (const name of repo.fileNames('metadata')) {
    const there = repo.has(name, 'metadata', publication)
    story.serve(`metadata/${name}`, there ? bodyOf(repo.file(name, 'metadata', publication)) : null)
  }
}

function undo(story: Story, repo: TestRepository): void {
  for (const name of repo.fileNames('metadata')) story.serve(`metadata/${name}`, undefined)
}

function mirrors(): readonly WorkflowVector[] {
  return [
    workflow(
      {
        requirements: ['5.4.3.1-rollback', '5-recover'],
        tags: ['rollback attack', 'CVE-2022-29173'],
      },
      'attack-rollback',
      'A mirror that serves the repository of yesterday gets nowhere',
      (story) => {
        const repo = history(story)
        replay(story, repo, 1)
        story.download('file', refused('5.4.3.1', [1, 2, 2, 2]))
        undo(story, repo)
        repo.addTarget('file', 'newest')
        repo.publish()
        story.download('file', received('newest', [1, 3, 3, 3]))
      },
    ),
    workflow(
      { requirements: ['5.4.4-expiry', '5-recover'], ...tag('indefinite freeze') },
      'attack-freeze',
      'A mirror that stands still is noticed when the timestamp expires',
      (story) => {
        const repo = history(story)
        story.time = '2026-01-01T23:00:00Z'
        story.download('file', received('new', [1, 2, 2, 2]))
        story.time = '2026-01-02T01:00:00Z'
        story.download('file', refused('5.4.4', [1, 2, 2, 2]))
        repo.advance(1)
        repo.publish()
        story.download('file', received('new', [1, 3, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.5.4-version', '5.6.4-version'], ...tag('mix-and-match') },
      'attack-mix-and-match',
      'Files of two moments under the names of one are refused',
      (story) => {
        const repo = history(story)
        repo.addTarget('file', 'newest')
        repo.publish()
        story.serve('metadata/3.snapshot.json', bodyOf(repo.file('2.snapshot.json')))
        story.download('file', refused('5.5.4', [1, 3, 2, 2]))
        story.serve('metadata/3.snapshot.json', undefined)
        repo.publish()
        story.serve('metadata/3.targets.json', bodyOf(repo.file('2.targets.json')))
        story.download('file', refused('5.6.4', [1, 4, 3, 2]))
        story.serve('metadata/3.targets.json', undefined)
        repo.publish()
        story.download('file', received('newest', [1, 5, 3, 3]))
      },
    ),
    workflow(
      { requirements: ['5.5.2-hashes', '5.5.4-version'], ...tag('mix-and-match') },
      'attack-mix-and-match-hashes',
      'Files of two repositories with the same keys and versions are told apart by hashes',
      (story) => {
        const repo = story.repository({ timestampHashes: true, snapshotHashes: true })
        const twin = repo.fork()
        repo.addTarget('file', 'here')
        repo.publish()
        twin.addTarget('file', 'there')
        twin.publish()
        for (const name of ['1.snapshot.json', '1.targets.json']) {
          story.serve(`metadata/${name}`, bodyOf(twin.file(name)))
        }
        story.download('file', refused('5.5.2', [1, 1, null, null]))
        story.serve('metadata/1.snapshot.json', undefined)
        repo.publish()
        story.download('file', refused('5.6.2', [1, 2, 1, null]))
      },
    ),
    workflow(
      { requirements: ['5.7.3-hashes'], ...tag('arbitrary installation') },
      'attack-arbitrary-installation',
      'A file that only the mirror knows is not installed',
      (story) => {
        history(story)
        story.serve(targetPath(prefixed('file', 'new')), 'bad')
        story.download('file', refused('5.7.3', [1, 2, 2, 2]))
        story.serve(targetPath(prefixed('file', 'new')), undefined)
        story.download('file', received('new', [1, 2, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.6.3-threshold', '4-unknown-fields'], ...tag('extraneous dependencies') },
      'attack-extraneous-dependencies',
      'A dependency that was added to a target’s custom object is noticed',
      (story) => {
        const repo = story.repository()
        repo.addTarget('file', 'content', { custom: { dependencies: [] } })
        repo.publish()
        repo.editInPlace('targets', {
          bytes: (bytes) => replaced(bytes, '"dependencies":[]', '"dependencies":["malware"]'),
        })
        story.download('file', refused('5.6.3', [1, 1, 1, null]))
      },
    ),
    workflow(
      { requirements: ['5.7.3-hashes', '5.7.2-absent'], tags: ['wrong software installation'] },
      'attack-wrong-software',
      'Two targets that changed their places are both refused',
      (story) => {
        const repo = story.repository()
        repo.addTarget('one', 'aaaa')
        repo.addTarget('two', 'bbbb')
        repo.publish()
        story.serve(targetPath(prefixed('one', 'aaaa')), 'bbbb')
        story.serve(targetPath(prefixed('two', 'bbbb')), 'aaaa')
        story.download('one', refused('5.7.3', [1, 1, 1, 1]))
        story.download('two', refused('5.7.3', [1, 1, 1, 1]))
      },
    ),
    workflow(
      {
        requirements: ['5.4.1-download', '5-recover'],
        tags: ['malicious mirrors preventing updates'],
      },
      'attack-mirror-refuses',
      'A mirror that sends no file is noticed and does no lasting harm',
      (story) => {
        const repo = history(story)
        repo.publish()
        for (const name of repo.fileNames('metadata')) story.serve(`metadata/${name}`, null)
        story.download('file', refused('5.4.1', [1, 2, 2, 2]))
        undo(story, repo)
        story.download('file', received('new', [1, 3, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.4.1-length', '5.7.3-length', '5-recover'], ...tag('endless data') },
      'attack-endless-data',
      'Files without end are given up, and the next cycle is fine',
      (story) => {
        const repo = history(story)
        repo.publish()
        story.serve('metadata/timestamp.json', { repeat: '[', length: 10_000_000 })
        story.download('file', refused('5.4.1', [1, 2, 2, 2]))
        story.serve('metadata/timestamp.json', undefined)
        story.serve(targetPath(prefixed('file', 'new')), { repeat: 'new', length: 10_000_000 })
        story.download('file', refused('5.7.3', [1, 3, 2, 2]))
        story.serve(targetPath(prefixed('file', 'new')), undefined)
        story.download('file', received('new', [1, 3, 2, 2]))
      },
    ),
  ]
}

function stolenKeys(): readonly WorkflowVector[] {
  const compromise: Pick<Terms, 'tags'> = { tags: ['vulnerability to key compromises'] }
  const twoOfTwo = { count: 2, threshold: 2 }
  const known: Versions = [1, 1, 1, 1]
  return [
    workflow(
      { requirements: ['5.6.3-threshold', '5.6.3-unique'], ...compromise },
      'attack-one-key-of-two',
      'An attacker with one key of two cannot sign targets, nor by signing twice',
      (story) => {
        const repo = story.repository({ keys: { targets: twoOfTwo } })
        repo.addTarget('file', 'good')
        repo.publish()
        story.download('file', received('good', known))
        const fork = repo.fork()
        fork.addTarget('file', 'evil')
        fork.edit('targets', { signers: repo.signers('targets').slice(0, 1) })
        story.serveFrom(fork)
        story.download('file', refused('5.6.3', [1, 2, 2, 1]))
      },
    ),
    workflow(
      { requirements: ['5.6.3-threshold', '5.4.2-threshold', '5.5.3-threshold'], ...compromise },
      'attack-online-keys',
      'An attacker with the keys of timestamp and snapshot cannot list other targets',
      (story) => {
        const repo = story.repository()
        repo.addTarget('file', 'good')
        repo.publish()
        story.download('file', received('good', known))
        const fork = repo.fork()
        fork.addTarget('file', 'evil')
        fork.edit('targets', {
          signers: [...repo.signers('snapshot'), ...repo.signers('timestamp')],
        })
        story.serveFrom(fork)
        story.download('file', refused('5.6.3', [1, 2, 2, 1]))
      },
    ),
    workflow(
      { requirements: ['5.3.11-rotation', '5.3.4-old-threshold'], ...compromise },
      'attack-and-recovery',
      'After all online keys were stolen, used and replaced, the client follows the repository',
      (story) => {
        const repo = story.repository()
        repo.addTarget('file', 'good')
        repo.publish()
        story.download('file', received('good', known))
        const fork = repo.fork()
        fork.setNextVersion('timestamp', 500)
        fork.setNextVersion('snapshot', 500)
        fork.publish('snapshot')
        story.serveFrom(fork)
        story.download('file', received('good', [1, 500, 500, 1]))
        story.serveFrom(repo)
        repo.rotate('timestamp')
        repo.rotate('snapshot')
        story.download('file', received('good', [3, 3, 2, 1]))
        story.serve('metadata/timestamp.json', bodyOf(fork.file('timestamp.json')))
        story.download('file', refused('5.4.2', [3, 3, 2, 1]))
      },
    ),
    workflow(
      { requirements: ['4.5-paths', '5.7.2-absent'], ...compromise },
      'attack-delegated-key',
      'An attacker with the key of a delegated role cannot replace the files of another',
      (story) => {
        const repo = graph(story, {
          edges: {
            targets: [
              { name: 'b', paths: ['b/*'] },
              { name: 'a', paths: ['a/*'] },
            ],
          },
          files: { a: { 'a/file': 'good' } },
        })
        story.download('a/file', received('good', known))
        repo.addTarget('a/file', 'evil', { role: 'b' })
        repo.publish()
        story.download('a/file', received('good', [1, 2, 2, 1], { roles: { b: null } }))
      },
    ),
    workflow(
      {
        requirements: ['5.4.3.2-rollback', '5.5.5-rollback'],
        tags: ['rollback attack', 'CVE-2022-29173', 'CVE-2025-2888'],
      },
      'attack-rollback-with-keys',
      'An attacker with the timestamp key cannot bring back an earlier snapshot',
      (story) => {
        const repo = history(story)
        const fork = repo.fork()
        fork.edit('timestamp', (signed) => {
          objectAt(signed, 'meta', 'snapshot.json')['version'] = 1
        })
        story.serveFrom(fork)
        story.download('file', refused('5.4.3.2', [1, 2, 2, 2]))
        story.serveFrom(repo)
        repo.publish()
        story.refresh(accepted([1, 3, 2, 2]))
      },
    ),
  ]
}
