/** 4.5: the paths that a delegated role speaks for. */
import { createHash } from 'node:crypto'
import type { WorkflowVector } from '../../../src/vectors/format.js'
import { graph, visits } from './graph.js'
import { absent, received, refused, type Versions } from './outcome.js'
import { workflow, type Terms } from './story.js'

const current: Versions = [1, 1, 1, 1]

/** Vectors of the family `workflow-delegations`. */
export function scopeVectors(): readonly WorkflowVector[] {
  return [...paths(), ...prefixes()]
}

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
      'A star matches the rest of a name',
      ['dir/*.tgz'],
      'dir/foo.tgz',
      true,
    ),
    pattern(
      wildcard,
      'separator',
      'A star does not match a separator',
      ['*.tgz'],
      'dir/foo.tgz',
      false,
    ),
    pattern(
      wildcard,
      'separator-inside',
      'A star between two others does not match a separator',
      ['a/*/c'],
      'a/b/b/c',
      false,
    ),
    pattern(
      wildcard,
      'question-separator',
      'A question mark does not match a separator',
      ['a?b'],
      'a/b',
      false,
    ),
    pattern(
      chain,
      'question',
      'A question mark matches one character',
      ['foo-?.tgz'],
      'foo-a.tgz',
      true,
    ),
    pattern(
      chain,
      'question-many',
      'A question mark does not match more than one character',
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
    pattern(chain, 'dot', 'A dot is not a wildcard', ['foo.tgz'], 'fooxtgz', false),
    pattern(chain, 'several', 'One pattern of several is enough', ['x/*', 'y/*'], 'y/file', true),
    pattern(
      chain,
      'none',
      'A role with no patterns does not speak for any path',
      [],
      'file',
      false,
    ),
    pattern(
      chain,
      'prefix-only',
      'A directory does not stand for the files in it',
      ['dir'],
      'dir/file',
      false,
    ),
    workflow(
      { ...chain, tags: ['wrong software installation'] },
      'paths-foreign',
      'A file that a role lists outside its paths is not found',
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
      'A delegate of a role speaks for its own paths only, though the role speaks for more',
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
    prefix(terms, 'whole', 'A role with the whole hash of the path speaks for it', [digest], true),
    prefix(
      terms,
      'several',
      'A role with several prefixes, one of them right, speaks for the path',
      [other, digest.slice(0, 3)],
      true,
    ),
    prefix(terms, 'other', 'A role with another prefix does not', [other], false),
    prefix(
      terms,
      'nearly',
      'A role whose prefix ends in a wrong digit does not speak for the path',
      [digest.slice(0, 7) + nextDigit(digest.slice(7, 8))],
      false,
    ),
    prefix(
      terms,
      'inside',
      'Digits from the middle of the hash are not a prefix',
      [digest.slice(1, 6)],
      false,
    ),
    prefix(terms, 'none', 'A role without prefixes does not speak for any path', [], false),
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
      'A file that is listed in the wrong bin is not found',
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
