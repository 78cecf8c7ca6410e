/** Files of every shape but the right one, and patterns that are dear to match. */
import type { VectorBody, WorkflowVector } from '../../../src/vectors/format.js'
import { objectAt } from './edit.js'
import { graph, visits } from './graph.js'
import { absent, received, refused, type Versions } from './outcome.js'
import { workflow, type Terms } from './story.js'

const current: Versions = [1, 1, 1, 1]
const untouched: Versions = [1, null, null, null]

/** Vectors of the family `workflow-attacks`. */
export function shapeVectors(): readonly WorkflowVector[] {
  return [...shapes(), ...cost()]
}

function shapes(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4.2.1-object'],
    tags: ['CVE-2026-23991'],
  }
  const missing: Terms = { ...terms, tags: ['CVE-2026-23991', 'go-tuf#739'] }
  const nested: Terms = { ...terms, tags: ['go-tuf#749'] }
  const plain: Terms = { requirements: terms.requirements }
  const timestamp = (
    id: string,
    title: string,
    body: VectorBody,
    on: Terms = terms,
  ): WorkflowVector =>
    workflow(on, `weakness-${id}`, title, (story) => {
      story.repository().publish()
      story.serve('metadata/timestamp.json', body)
      story.refresh(refused('4.6', untouched))
    })
  return [
    timestamp('null', 'A file that is null is refused', 'null'),
    timestamp('list', 'A file that is a list is refused', '[]'),
    timestamp('number', 'A file that is a number is refused', '7'),
    timestamp('text', 'A file that is a text is refused', '"timestamp"'),
    timestamp('empty-object', 'A file that is an empty object is refused', '{}', missing),
    timestamp(
      'signed-null',
      'A file whose signed is null is refused',
      '{"signatures":[],"signed":null}',
    ),
    timestamp(
      'signed-list',
      'A file whose signed is a list is refused',
      '{"signatures":[],"signed":[]}',
    ),
    timestamp(
      'no-signatures',
      'A file without signatures is refused',
      '{"signed":{"_type":"timestamp"}}',
      missing,
    ),
    timestamp(
      'deep',
      'Thirty thousand nested lists are refused and do no harm',
      { repeat: '[', length: 30_000 },
      nested,
    ),
    timestamp(
      'zero-bytes',
      'A file of zero bytes is refused',
      { base64: 'AAAAAAAAAAAAAAAA' },
      plain,
    ),
    timestamp(
      'bad-utf8',
      'A file that is not UTF-8 is refused',
      { base64: 'eyJhIjoi//4ifQ==' },
      plain,
    ),
    workflow(
      { requirements: ['4.5-delegations'], tags: ['CVE-2026-23991'] },
      'weakness-delegation-null',
      'A delegation that is null makes the file malformed',
      (story) => {
        const repo = graph(story, { edges: { targets: ['a'] } })
        repo.editInPlace('targets', (value) => {
          objectAt(value, 'delegations')['roles'] = [null]
        })
        story.download('file', refused('4.5', [1, 1, 1, null]))
      },
    ),
  ]
}

function cost(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4.5-paths'],
    tags: ['CVE-2026-26996'],
    note: 'A matcher that tries every way would not end in this world’s time.',
  }
  const stars = `${'a*'.repeat(40)}b`
  const glob: Terms = {
    requirements: ['4.5-paths'],
    profile: 'tuffet',
    note: '4.5 names glob and the two wildcards; the rest follows CPython’s fnmatch, on every system.',
  }
  const minimatch: Terms = { ...glob, tags: ['GHSA-pmwq-pjrm-6p5r'] }
  const matched = (
    on: Terms,
    id: string,
    title: string,
    pattern: string,
    path: string,
    matches: boolean,
  ): WorkflowVector =>
    workflow(on, `weakness-${id}`, title, (story) => {
      graph(story, {
        edges: { targets: [{ name: 'a', paths: [pattern] }] },
        files: { a: { [path]: 'of a' } },
      })
      story.download(
        path,
        matches ? received('of a', current, visits('a')) : absent(current, visits()),
      )
    })
  return [
    matched(
      terms,
      'many-stars',
      'A pattern with forty stars is tried in reasonable time',
      stars,
      'a'.repeat(120),
      false,
    ),
    matched(
      { ...terms, tags: [] },
      'many-stars-match',
      'A pattern with forty stars matches a path that fits',
      stars,
      `${'a'.repeat(119)}b`,
      true,
    ),
    matched(minimatch, 'braces', 'Braces are literal', '{a,b}', 'a', false),
    matched(minimatch, 'two-stars', 'Two stars are as good as one', 'a/**', 'a/b/c', false),
    matched(
      minimatch,
      'hidden',
      'A star matches a name that begins with a dot',
      '*',
      '.hidden',
      true,
    ),
    matched(glob, 'class', 'A class matches one of its characters', 'file-[a-c]', 'file-b', true),
    matched(
      glob,
      'negated-class',
      'An exclamation mark negates a class',
      'file-[!a-c]',
      'file-b',
      false,
    ),
  ]
}
