/** TAP 12: keyids are names, each in the table that declares it. */
import { type TestRepository, ed25519Signer, withKeyid } from '../../../src/testing/index.js'
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import { workflowFamily } from '../write.js'
import { graph } from './graph.js'
import { accepted, received, refused, type Versions } from './outcome.js'
import { workflow, type Story, type Terms } from './story.js'

/** The family `workflow-tap12`. */
export function tap12Family(): VectorFile {
  return workflowFamily(
    'workflow-tap12',
    'TAP 12: a keyid is any name that is unique in the table that declares it; a threshold counts ' +
      'keys, whatever their names.',
    [...names(), ...scopes()],
  )
}

const current: Versions = [1, 1, 1, 1]
const terms: Terms = { requirements: ['tap12-keyids'], profile: 'tap12' }
const once: Terms = {
  requirements: ['tap12-keyids'],
  profile: 'tap12',
  tags: ['GMS-2022-4197', 'go-tuf#733'],
}
const key = ed25519Signer('a key')
const other = ed25519Signer('another key')

function names(): readonly WorkflowVector[] {
  const published = (
    story: Story,
    signers: readonly (typeof key)[],
    threshold: number,
  ): TestRepository => {
    const repo = story.repository({ keys: { timestamp: { signers, threshold } } })
    repo.publish()
    return repo
  }
  const no = refused('5.4.2', [1, null, null, null])
  return [
    workflow(
      { ...terms, tags: ['sigstore/root-signing#1431'] },
      'tap12-other-hash',
      'A keyid may be another hash than that of the key',
      (story) => {
        published(story, [withKeyid(key, 'ab'.repeat(32))], 1)
        story.refresh(accepted(current))
      },
    ),
    workflow(terms, 'tap12-word', 'A keyid may be a word', (story) => {
      published(story, [withKeyid(key, 'the key of the timestamp')], 1)
      story.refresh(accepted(current))
    }),
    workflow(terms, 'tap12-empty', 'A keyid may be of any length, also empty', (story) => {
      published(story, [withKeyid(key, '')], 1)
      story.refresh(accepted(current))
    }),
    workflow(terms, 'tap12-other-case', 'Keyids that differ by case are two keyids', (story) => {
      const repo = published(story, [withKeyid(key, 'AB')], 1)
      repo.editInPlace('timestamp', { signers: [withKeyid(key, 'ab')] })
      story.refresh(no)
    }),
    workflow(
      once,
      'tap12-two-names-one-key',
      'One key under two keyids of one table counts once',
      (story) => {
        published(story, [withKeyid(key, 'one'), withKeyid(key, 'two')], 2)
        story.refresh(no)
      },
    ),
    workflow(
      terms,
      'tap12-two-names-two-keys',
      'Two keys with names of their own count twice',
      (story) => {
        published(story, [withKeyid(key, 'one'), withKeyid(other, 'two')], 2)
        story.refresh(accepted(current))
      },
    ),
    workflow(
      terms,
      'tap12-either-name',
      'A key that goes by two keyids may sign under either',
      (story) => {
        const repo = published(story, [withKeyid(key, 'one'), withKeyid(key, 'two')], 1)
        repo.editInPlace('timestamp', { signers: [withKeyid(key, 'two')] })
        story.refresh(accepted(current))
      },
    ),
    workflow(
      terms,
      'tap12-undeclared-name',
      'The right key under a foreign name cannot sign',
      (story) => {
        const repo = published(story, [withKeyid(key, 'one')], 1)
        repo.editInPlace('timestamp', { signers: [key] })
        story.refresh(no)
      },
    ),
    workflow(terms, 'tap12-renamed', 'A new root may give a key another keyid', (story) => {
      const repo = published(story, [withKeyid(key, 'old name')], 1)
      story.refresh(accepted(current))
      repo.rotate('timestamp', { add: [withKeyid(key, 'new name')], remove: 1 })
      story.refresh(accepted([2, 2, 1, 1]))
    }),
    workflow(
      terms,
      'tap12-renamed-root-key',
      'A root that renames its key is signed under both names',
      (story) => {
        const repo = story.repository({ keys: { root: { signers: [withKeyid(key, 'old name')] } } })
        repo.publish()
        repo.rotate('root', { add: [withKeyid(key, 'new name')], remove: 1 })
        story.refresh(accepted([2, 1, 1, 1]))
      },
    ),
    workflow(
      terms,
      'tap12-renamed-root-key-once',
      'A root signed under the new name alone is not signed by the previous root',
      (story) => {
        const repo = story.repository({ keys: { root: { signers: [withKeyid(key, 'old name')] } } })
        repo.publish()
        repo.signWith('root', [withKeyid(key, 'new name')])
        repo.rotate('root', { add: [withKeyid(key, 'new name')], remove: 1 })
        story.refresh(refused('5.3.4', [1, null, null, null]))
      },
    ),
  ]
}

function scopes(): readonly WorkflowVector[] {
  const scope: Terms = {
    requirements: ['tap12-scope'],
    profile: 'tap12',
  }
  const foreign: Terms = { ...scope, tags: ['rust-tuf#279'] }
  const named = withKeyid(key, 'K')
  const otherNamed = withKeyid(other, 'K')
  const two = (story: Story): TestRepository =>
    graph(story, {
      edges: {
        targets: [
          { name: 'a', paths: ['a/*'] },
          { name: 'b', paths: ['b/*'] },
        ],
        a: [{ name: 'a-leaf', paths: ['a/*'], signers: [named] }],
        b: [{ name: 'b-leaf', paths: ['b/*'], signers: [otherNamed] }],
      },
      files: { 'a-leaf': { 'a/file': 'of a' }, 'b-leaf': { 'b/file': 'of b' } },
    })
  return [
    workflow(
      scope,
      'tap12-one-name-two-keys',
      'Two delegators may give one keyid to two keys',
      (story) => {
        two(story)
        story.download('a/file', received('of a', current))
        story.download('b/file', received('of b', current))
      },
    ),
    workflow(
      foreign,
      'tap12-foreign-key-of-name',
      'The key of another delegator under the same keyid does not count',
      (story) => {
        two(story).editInPlace('b-leaf', { signers: [named] })
        story.download('a/file', received('of a', current))
        story.download('b/file', refused('5.6.3', current, { role: 'b-leaf' }))
      },
    ),
    workflow(
      foreign,
      'tap12-root-name',
      'A keyid of the root’s table is unknown in the table of targets',
      (story) => {
        const repo = story.repository({ keys: { snapshot: { signers: [named] } } })
        repo.delegate('targets', { name: 'a', paths: ['*'], signers: [otherNamed] })
        repo.addTarget('file', 'content', { role: 'a' })
        repo.publish()
        story.download('file', received('content', current))
        repo.edit('a', { signers: [named] })
        story.download('file', refused('5.6.3', [1, 2, 2, 1], { role: 'a', roles: { a: 1 } }))
      },
    ),
    workflow(
      { ...foreign, tags: ['python-tuf#2977'] },
      'tap12-two-delegators-two-names',
      'Two delegators may know one key by two keyids, and the role is signed under both',
      (story) => {
        const signers = [withKeyid(key, 'K'), withKeyid(key, 'L')]
        const repo = graph(story, {
          edges: {
            targets: [
              { name: 'a', paths: ['a/*'] },
              { name: 'b', paths: ['b/*'] },
            ],
            a: [{ name: 'leaf', paths: ['*/*'], signers: signers.slice(0, 1) }],
            b: [{ name: 'leaf', paths: ['*/*'], signers: signers.slice(1) }],
          },
          files: { leaf: { 'a/file': 'of a', 'b/file': 'of b' } },
        })
        story.download('a/file', received('of a', current))
        story.download('b/file', received('of b', current))
        repo.edit('leaf', { signers: signers.slice(0, 1) })
        story.download('a/file', received('of a', [1, 2, 2, 1]))
        story.download('b/file', refused('5.6.3', [1, 2, 2, 1], { role: 'leaf' }))
      },
    ),
  ]
}
