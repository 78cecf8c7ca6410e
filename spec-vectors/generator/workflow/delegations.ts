/** 4.5 and 5.6.7: the roles that may speak for a file. */
import type { VectorFile, WorkflowVector } from '../../../src/vectors/format.js'
import { ed25519Signer, withKeyid } from '../../../src/testing/index.js'
import { workflowFamily } from '../write.js'
import { arrayAt, recordOf } from './edit.js'
import { all, graph, visits } from './graph.js'
import { listedVectors } from './listed-files.js'
import { absent, received, refused, type Versions } from './outcome.js'
import { roleVectors } from './role-checks.js'
import { scopeVectors } from './delegation-scope.js'
import { searchEndVectors } from './search-ends.js'
import { searchVectors } from './search.js'
import { workflow, type Terms } from './story.js'

/** The family `workflow-delegations`. */
export function delegationsFamily(): VectorFile {
  return workflowFamily(
    'workflow-delegations',
    'Delegated roles (4.5, 5.6): the roles that are searched, their order, the paths they may speak for, and trust through the delegator.',
    [
      ...searchVectors(),
      ...searchEndVectors(),
      ...scopeVectors(),
      ...edges(),
      ...changes(),
      ...roleVectors('project'),
      ...listedVectors('project'),
    ],
  )
}

const current: Versions = [1, 1, 1, 1]

function edges(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['5.6.3-threshold', '5.6.7-preorder'],
    note: '4.5: the keys of a delegated role are those that its delegator lists for it.',
  }
  const otherBranch = ['python-tuf#2977', 'TOB-SIGSTORE-14', 'rust-tuf#279']
  return [
    workflow(
      { requirements: ['5.6.3-threshold'] },
      'edges-delegator-key',
      'The delegator cannot sign for the role it delegates to',
      (story) => {
        const repo = graph(story, { edges: { targets: ['a'] }, files: { a: { file: 'x' } } })
        repo.editInPlace('a', { signers: repo.signers('targets') })
        story.download('file', refused('5.6.3', current, { role: 'a', roles: { a: null } }))
      },
    ),
    workflow(
      { requirements: ['5.6.3-threshold'] },
      'edges-sibling-key',
      'The keys of another role of the same delegator do not count',
      (story) => {
        const repo = graph(story, { edges: { targets: ['a', 'b'] }, files: { a: { file: 'x' } } })
        repo.editInPlace('a', { signers: repo.signers('b') })
        story.download('file', refused('5.6.3', current, { role: 'a', roles: { a: null } }))
      },
    ),
    workflow(
      { requirements: ['5.6.3-threshold'] },
      'edges-unlisted-key',
      'A keyid without a key of the delegator does not count',
      (story) => {
        const repo = graph(story, { edges: { targets: ['a'] }, files: { a: { file: 'x' } } })
        repo.editInPlace('targets', (signed) => {
          recordOf(signed['delegations'])['keys'] = {}
        })
        const { result, trusted } = refused('5.6.3', [1, 1, 1, undefined], { roles: { a: null } })
        // A client may refuse such a targets file at once.
        story.download('file', { result, ...(trusted && { trusted }) })
      },
    ),
    workflow(
      terms,
      'edges-two-delegators',
      'A role that two roles delegate to is believed through the first that leads to it',
      (story) => {
        const shared = { paths: ['*'], count: 1 }
        graph(story, {
          edges: {
            targets: ['a', 'b'],
            a: [{ name: 'c', ...shared }],
            b: [{ name: 'c', ...shared }],
          },
          files: { c: { file: 'of c' } },
        })
        story.download('file', received('of c', current, visits('a', 'c')))
      },
    ),
    workflow(
      terms,
      'edges-foreign-delegator',
      'A role that is signed for its second delegator is refused through its first',
      (story) => {
        const shared = { paths: ['*'], count: 1 }
        const repo = graph(story, {
          edges: {
            targets: ['a', 'b'],
            a: [{ name: 'c', ...shared }],
            b: [{ name: 'c', ...shared }],
          },
          files: { c: { file: 'of c' } },
        })
        repo.editInPlace('c', { signers: repo.delegatedSigners('b', 'c') })
        story.download(
          'file',
          refused('5.6.3', current, {
            role: 'c',
            roles: { b: null, c: null },
            ...visits('a', 'c'),
          }),
        )
      },
    ),
    workflow(
      { ...terms, tags: otherBranch },
      'edges-stored-for-another',
      'A stored role is not believed through a delegator whose keys did not sign it',
      (story) => {
        const repo = graph(story, {
          edges: {
            targets: [
              { name: 'a', paths: ['a/*'] },
              { name: 'b', paths: ['b/*'] },
            ],
            a: [{ name: 'c', paths: ['a/*'], count: 1 }],
            b: [{ name: 'c', paths: ['b/*'], count: 1 }],
          },
          files: { c: { 'a/file': 'for a', 'b/file': 'for b' } },
        })
        repo.editInPlace('c', { signers: repo.delegatedSigners('a', 'c') })
        story.download('a/file', received('for a', current, { roles: { c: 1 } }))
        story.download('b/file', refused('5.6.3', current, { role: 'c' }))
        story.download('a/file', received('for a', current, { roles: { c: 1 } }))
      },
    ),
    workflow(
      { ...terms, tags: otherBranch },
      'edges-other-threshold',
      'Each delegator sets its own threshold',
      (story) => {
        const signers = ['one', 'two'].map((name) => ed25519Signer(name))
        const repo = graph(story, {
          edges: {
            targets: [
              { name: 'a', paths: ['a/*'] },
              { name: 'b', paths: ['b/*'] },
            ],
            a: [{ name: 'c', paths: ['a/*'], signers, threshold: 1 }],
            b: [{ name: 'c', paths: ['b/*'], signers, threshold: 2 }],
          },
          files: { c: { 'a/file': 'for a', 'b/file': 'for b' } },
        })
        repo.editInPlace('c', { signers: signers.slice(0, 1) })
        story.download('a/file', received('for a', current))
        story.download('b/file', refused('5.6.3', current, { role: 'c' }))
      },
    ),
    workflow(
      { requirements: ['5.6.3-threshold'], tags: ['vulnerability to key compromises'] },
      'edges-forged-under-keyid',
      'A signature by another key under the right keyid does not count',
      (story) => {
        const repo = graph(story, { edges: { targets: ['a'] }, files: { a: { file: 'x' } } })
        const forged = repo
          .signers('a')
          .map(({ keyid }) => withKeyid(ed25519Signer('mallory'), keyid))
        repo.editInPlace('a', { signers: forged })
        story.download('file', refused('5.6.3', current, { role: 'a', roles: { a: null } }))
      },
    ),
  ]
}

function changes(): readonly WorkflowVector[] {
  return [
    workflow(
      { requirements: ['5.6.3-threshold'] },
      'changes-rotated-key',
      'A stored role without signatures of the current keys is not used',
      (story) => {
        const repo = graph(story, { edges: { targets: ['a'] }, files: { a: { file: 'one' } } })
        story.download('file', received('one', current, { roles: { a: 1 } }))
        const old = repo.signers('a')
        repo.signWith('a', old)
        repo.rotate('a')
        story.download('file', refused('5.6.3', [1, 2, 2, 2], { role: 'a', roles: { a: 1 } }))
        repo.signWith('a', undefined)
        repo.publish('a')
        story.download('file', received('one', [1, 3, 3, 2], { roles: { a: 3 } }))
      },
    ),
    workflow(
      { requirements: ['5.6.7-preorder', '4.5-paths'] },
      'changes-revoked',
      'A role without a delegation no longer speaks for any path, though it is stored',
      (story) => {
        const repo = graph(story, { edges: { targets: ['a'] }, files: { a: { file: 'one' } } })
        story.download('file', received('one', current, { roles: { a: 1 } }))
        repo.revoke('targets', 'a')
        repo.publish()
        story.download('file', absent([1, 2, 2, 2]))
      },
    ),
    workflow(
      { requirements: ['5.6.7-preorder', '4.5-order'] },
      'changes-order',
      'A new order of the delegations counts from the next cycle on',
      (story) => {
        const repo = graph(story, {
          edges: { targets: ['a', 'b'] },
          files: { a: { file: 'of a' }, b: { file: 'of b' } },
        })
        story.download('file', received('of a', current))
        repo.edit('targets', (signed) => {
          arrayAt(signed, 'delegations', 'roles').reverse()
        })
        story.download('file', received('of b', [1, 2, 2, 2], { roles: { a: 1, b: 1 } }))
      },
    ),
    workflow(
      { requirements: ['5.6.4-version', '5.6.6-persist'] },
      'changes-newer-role',
      'A newer version of a stored role is fetched when the snapshot lists it',
      (story) => {
        const repo = graph(story, { edges: { targets: [all('a')] }, files: { a: { file: 'one' } } })
        story.download('file', received('one', current, { roles: { a: 1 } }))
        repo.addTarget('file', 'two', { role: 'a' })
        repo.publish()
        story.download('file', received('two', [1, 2, 2, 1], { roles: { a: 2 } }))
      },
    ),
  ]
}
