/** 4.5 and 5.6.7: who may speak for a file. */
import { createHash } from 'node:crypto'
import type { VectorFile, WorkflowVector } from '../../../src/testing/vectors/format.js'
import { ed25519Signer, withKeyid } from '../../../src/testing/index.js'
import { workflowFamily } from '../write.js'
import { arrayAt, recordOf } from './edit.js'
import { all, graph, visits } from './graph.js'
import { listedVectors } from './listed-files.js'
import { absent, received, refused, type Versions } from './outcome.js'
import { roleVectors } from './role-checks.js'
import { searchVectors } from './search.js'
import { workflow, type Terms } from './story.js'

/** The family `workflow-delegations`. */
export function delegationsFamily(): VectorFile {
  return workflowFamily(
    'workflow-delegations',
    'Delegated roles (4.5, 5.6): who is searched, in which order, who may speak for which path, ' +
      'and that a role is believed through its delegator.',
    [
      ...searchVectors(),
      ...paths(),
      ...prefixes(),
      ...edges(),
      ...changes(),
      ...roleVectors('project'),
      ...listedVectors('project'),
    ],
  )
}

const current: Versions = [1, 1, 1, 1]

function paths(): readonly WorkflowVector[] {
  const chain: Terms = { requirements: ['4.5-paths', '4.5-path-pattern'] }
  const wildcard: Terms = { requirements: ['4.5-wildcard', '4.5-path-pattern'] }
  const pattern = (
    terms: Terms,
    id: string,
    title: string,
    patterns: readonly string[],
    path: string,
    matches: boolean,
  ): WorkflowVector =>
    workflow(terms, `paths-${id}`, title, (story) => {
      graph(story, {
        edges: { targets: [{ name: 'a', paths: patterns }] },
        files: { a: { [path]: 'of a' } },
      })
      if (matches) story.download(path, received('of a', current, visits('a')))
      else story.download(path, absent(current, { ...visits(), roles: { a: null } }))
    })
  return [
    pattern(
      wildcard,
      'one-level',
      'A star stands for the rest of a name',
      ['dir/*.tgz'],
      'dir/foo.tgz',
      true,
    ),
    pattern(
      wildcard,
      'separator',
      'A star does not stand for a separator',
      ['*.tgz'],
      'dir/foo.tgz',
      false,
    ),
    pattern(
      wildcard,
      'separator-inside',
      'Nor does it between two others',
      ['a/*/c'],
      'a/b/b/c',
      false,
    ),
    pattern(
      wildcard,
      'question-separator',
      'A question mark does not stand for a separator',
      ['a?b'],
      'a/b',
      false,
    ),
    pattern(
      chain,
      'question',
      'A question mark stands for one character',
      ['foo-?.tgz'],
      'foo-a.tgz',
      true,
    ),
    pattern(
      chain,
      'question-many',
      'It does not stand for more than one',
      ['foo-?.tgz'],
      'foo-alpha.tgz',
      false,
    ),
    pattern(
      chain,
      'exact',
      'A pattern without wildcards is one path',
      ['foo.tgz'],
      'foo.tgz',
      true,
    ),
    pattern(chain, 'case', 'Case matters', ['Foo.tgz'], 'foo.tgz', false),
    pattern(chain, 'dot', 'A point is no wildcard', ['foo.tgz'], 'fooxtgz', false),
    pattern(chain, 'several', 'One pattern of several is enough', ['x/*', 'y/*'], 'y/file', true),
    pattern(chain, 'none', 'A role with no patterns speaks for nothing', [], 'file', false),
    pattern(
      chain,
      'prefix-only',
      'A directory does not stand for what is in it',
      ['dir'],
      'dir/file',
      false,
    ),
    workflow(
      { ...chain, tags: ['wrong software installation'] },
      'paths-foreign',
      'A file that a role lists outside its paths is not there',
      (story) => {
        graph(story, {
          edges: {
            targets: [
              { name: 'a', paths: ['a/*'] },
              { name: 'b', paths: ['b/*'] },
            ],
          },
          files: { a: { 'a/file': 'good', 'b/file': 'foreign' } },
        })
        story.download('a/file', received('good', current))
        story.download('b/file', absent(current, { roles: { b: 1 } }))
      },
    ),
    workflow(
      chain,
      'paths-chain-narrow',
      'A delegate of a role may not speak for more than the role itself',
      (story) => {
        graph(story, {
          edges: { targets: [{ name: 'a', paths: ['a/*'] }], a: [{ name: 'b', paths: ['*/*'] }] },
          files: { b: { 'a/file': 'good', 'c/file': 'foreign' } },
        })
        story.download('a/file', received('good', current, visits('a', 'b')))
        story.download('c/file', absent(current))
      },
    ),
    workflow(
      chain,
      'paths-chain-broad',
      'A delegate of a role speaks for its own paths only, though the role has more',
      (story) => {
        graph(story, {
          edges: { targets: [{ name: 'a', paths: ['*/*'] }], a: [{ name: 'b', paths: ['a/*'] }] },
          files: { b: { 'a/file': 'good', 'c/file': 'foreign' } },
        })
        story.download('a/file', received('good', current))
        story.download('c/file', absent(current))
      },
    ),
    workflow(
      { requirements: ['4.5-role-name-unique'] },
      'paths-role-twice',
      'A role that is delegated to twice in one list makes the file malformed',
      (story) => {
        graph(story, {
          edges: {
            targets: [
              { name: 'a', paths: ['a/*'] },
              { name: 'a', paths: ['b/*'] },
            ],
          },
          files: { a: { 'b/file': 'x' } },
        })
        story.download('b/file', refused('4.5', [1, 1, 1, null]))
      },
    ),
  ]
}

function prefixes(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['4.5-hash-prefixes'] }
  const path = 'dir/file'
  // SHA-256 of the path itself, not of the file.
  const digest = createHash('sha256').update(path).digest('hex')
  const other = digest.startsWith('0') ? '1' : '0'
  const prefix = (
    on: Terms,
    id: string,
    title: string,
    hex: readonly string[],
    matches: boolean,
  ): WorkflowVector =>
    workflow(on, `prefixes-${id}`, title, (story) => {
      graph(story, {
        edges: { targets: [{ name: 'a', pathHashPrefixes: hex }] },
        files: { a: { [path]: 'of a' } },
      })
      if (matches) story.download(path, received('of a', current, visits('a')))
      else story.download(path, absent(current, visits()))
    })
  return [
    prefix(
      terms,
      'one-digit',
      'A role with the first digit of the path’s hash speaks for it',
      [digest.slice(0, 1)],
      true,
    ),
    prefix(terms, 'whole', 'So does one with the whole hash', [digest], true),
    prefix(
      terms,
      'several',
      'So does one with several prefixes, one of them right',
      [other, digest.slice(0, 3)],
      true,
    ),
    prefix(terms, 'other', 'A role with another prefix does not', [other], false),
    prefix(
      terms,
      'nearly',
      'A prefix whose last digit is wrong does not',
      [digest.slice(0, 7) + nextDigit(digest.slice(7, 8))],
      false,
    ),
    prefix(
      terms,
      'inside',
      'Digits from the middle of the hash are no prefix',
      [digest.slice(1, 6)],
      false,
    ),
    prefix(terms, 'none', 'A role without prefixes speaks for nothing', [], false),
    workflow(
      terms,
      'prefixes-bins',
      'Of sixteen bins the one with the first digit is asked for',
      (story) => {
        const names = '0123456789abcdef'.split('').map((digit) => `bin-${digit}`)
        const home = `bin-${digest.slice(0, 1)}`
        graph(story, {
          edges: {
            targets: names.map((name) => ({ name, pathHashPrefixes: [name.slice(-1)] })),
          },
          files: { [home]: { [path]: 'in its bin' } },
        })
        story.download(path, received('in its bin', current, visits(home)))
      },
    ),
    workflow(
      terms,
      'prefixes-wrong-bin',
      'A file that is listed in the wrong bin is not there',
      (story) => {
        graph(story, {
          edges: {
            targets: [
              { name: 'right', pathHashPrefixes: [digest.slice(0, 1)] },
              { name: 'wrong', pathHashPrefixes: [other] },
            ],
          },
          files: { wrong: { [path]: 'not here' } },
        })
        story.download(path, absent(current, visits('right')))
      },
    ),
  ]
}

function nextDigit(digit: string): string {
  return ((Number.parseInt(digit, 16) + 1) % 16).toString(16)
}

function edges(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['5.6.3-threshold', '5.6.7-preorder'],
    tags: ['python-tuf#2977', 'TOB-SIGSTORE-14', 'rust-tuf#279'],
    note: '4.5: the keys of a delegated role are those that its delegator lists for it.',
  }
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
      'A keyid that the delegator does not explain counts for nothing',
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
      terms,
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
    workflow(terms, 'edges-other-threshold', 'Each delegator has its own threshold', (story) => {
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
    }),
    workflow(
      { requirements: ['5.6.3-threshold'], tags: ['vulnerability to key compromises'] },
      'edges-forged-under-keyid',
      'A signature by another key under the right keyid counts for nothing',
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
      'A stored role that the keys of today did not sign is not used',
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
      'A role that is delegated to no longer speaks for nothing, though it is stored',
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
      'A newer version of a stored role is had when the snapshot lists it',
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
