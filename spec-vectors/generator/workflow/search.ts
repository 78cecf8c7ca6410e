/** 5.6.7: in which order delegated roles are searched, and where the search ends. */
import type { WorkflowOutcome, WorkflowVector } from '../../../src/vectors/format.js'
import { all, graph, last, visits, type Graph } from './graph.js'
import { absent, received, refused, type Versions } from './outcome.js'
import { workflow, type Terms } from './story.js'

const current: Versions = [1, 1, 1, 1]

/** Vectors of the family `workflow-delegations`. */
export function searchVectors(): readonly WorkflowVector[] {
  return [...order(), ...terminating(), ...cycles()]
}

/** One look for `file`. */
export function look(
  terms: Terms,
  id: string,
  title: string,
  given: Graph,
  outcome: WorkflowOutcome,
): WorkflowVector {
  return workflow(terms, `search-${id}`, title, (story) => {
    graph(story, given)
    story.download('file', outcome)
  })
}

function order(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.6.7-preorder'] }
  const priority: Terms = {
    requirements: ['5.6.7-preorder', '4.5-order'],
    tags: ['CVE-2024-47534'],
  }
  return [
    look(
      priority,
      'first-wins',
      'Of two roles that list a file, the one that is delegated to first counts',
      { edges: { targets: ['a', 'b'] }, files: { a: { file: 'of a' }, b: { file: 'of b' } } },
      received('of a', current, visits('a')),
    ),
    look(
      { ...priority, note: 'The order of the list counts, not that of the names.' },
      'order-of-list',
      'Delegations count in the order of the list, not of their names',
      { edges: { targets: ['z', 'a'] }, files: { a: { file: 'of a' }, z: { file: 'of z' } } },
      received('of z', current, visits('z')),
    ),
    look(
      terms,
      'second',
      'A role that does not list the file gives way to the next',
      { edges: { targets: ['a', 'b'] }, files: { a: { other: 'x' }, b: { file: 'of b' } } },
      received('of b', current, { ...visits('a', 'b'), roles: { a: 1, b: 1 } }),
    ),
    look(
      terms,
      'delegator-first',
      "A role's own targets count before those of its delegates",
      { edges: { targets: ['a'], a: ['b'] }, files: { a: { file: 'of a' }, b: { file: 'of b' } } },
      received('of a', current, visits('a')),
    ),
    look(
      terms,
      'top-first',
      'The targets of the targets role count before all others',
      { edges: { targets: ['a'] }, files: { targets: { file: 'top' }, a: { file: 'of a' } } },
      received('top', current, visits()),
    ),
    look(
      { ...terms, tags: ['CVE-2024-47534'] },
      'depth-first',
      'The delegates of the first role count before the second role',
      {
        edges: { targets: ['a', 'b'], a: ['c'], c: ['d'] },
        files: { d: { file: 'of d' }, b: { file: 'of b' } },
      },
      received('of d', current, visits('a', 'c', 'd')),
    ),
    look(
      { ...terms, tags: ['CVE-2024-47534'] },
      'backtrack',
      'After all delegates of a role come those beside it, level by level',
      {
        edges: { targets: ['a', 'f'], a: ['b', 'e'], b: ['c', 'd'] },
        files: { f: { file: 'of f' } },
      },
      received('of f', current, visits('a', 'b', 'c', 'd', 'e', 'f')),
    ),
    look(
      { requirements: ['5.7.2-absent', '5.6.7-preorder'] },
      'nowhere',
      'A file that no role lists is not found',
      { edges: { targets: ['a', 'b'], a: ['c'] }, files: { c: { other: 'x' } } },
      absent(current, visits('a', 'c', 'b')),
    ),
    look(
      { requirements: ['5.6.7-preorder', '4.5-paths'] },
      'only-matching',
      'Roles that may not speak for the path are not fetched',
      {
        edges: { targets: [{ name: 'a', paths: ['other'] }, 'b'] },
        files: { a: { file: 'of a' }, b: { file: 'of b' } },
      },
      received('of b', current, { ...visits('b'), roles: { a: null, b: 1 } }),
    ),
  ]
}

function terminating(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.6.7.2.1-terminating'] }
  return [
    look(
      { ...terms, tags: ['CVE-2025-2886'] },
      'terminating',
      'After a terminating delegation the search ends',
      { edges: { targets: [last('a'), 'b'] }, files: { b: { file: 'of b' } } },
      absent(current, { ...visits('a'), roles: { a: 1, b: null } }),
    ),
    look(
      terms,
      'terminating-found',
      'A terminating delegation gives the file it lists',
      { edges: { targets: [last('a'), 'b'] }, files: { a: { file: 'of a' }, b: { file: 'of b' } } },
      received('of a', current, visits('a')),
    ),
    look(
      terms,
      'terminating-descendants',
      'The delegates of a terminating role are searched',
      { edges: { targets: [last('a'), 'd'], a: ['b', 'c'] }, files: { c: { file: 'of c' } } },
      received('of c', current, visits('a', 'b', 'c')),
    ),
    look(
      { ...terms, tags: ['CVE-2025-2886', 'GHSA-j8x2-777p-23fc'] },
      'terminating-deep',
      'A terminating delegation further down ends the whole search',
      { edges: { targets: ['a', 'c'], a: [last('b')] }, files: { c: { file: 'of c' } } },
      absent(current, visits('a', 'b')),
    ),
    look(
      { ...terms, tags: ['CVE-2025-2886', 'GHSA-j8x2-777p-23fc'] },
      'terminating-siblings-deep',
      'Its siblings on every level above are skipped too',
      {
        edges: { targets: ['a', 'f'], a: ['b', 'e'], b: [last('c'), 'd'] },
        files: { d: { file: 'of d' }, e: { file: 'of e' }, f: { file: 'of f' } },
      },
      absent(current, visits('a', 'b', 'c')),
    ),
    look(
      { requirements: ['5.6.7.2.2-continue', '5.6.7.2.1-terminating'] },
      'terminating-elsewhere',
      'A terminating delegation of other paths does not end the search',
      {
        edges: { targets: [last('a', ['other']), 'b'] },
        files: { b: { file: 'of b' } },
      },
      received('of b', current, visits('b')),
    ),
    look(
      { requirements: ['5.6.7.2.2-continue', '5.6.7.2.1-terminating'] },
      'terminating-second',
      'Roles before a terminating delegation are searched as usual',
      {
        edges: { targets: ['a', last('c'), 'd'], a: ['b'] },
        files: { c: { file: 'of c' } },
      },
      received('of c', current, visits('a', 'b', 'c')),
    ),
    workflow(
      {
        ...terms,
        note: '4.5 names the field and its own example leaves it out.',
        profile: 'tuffet',
      },
      'search-terminating-left-out',
      'A delegation that does not say whether it terminates does not',
      (story) => {
        const repo = graph(story, {
          edges: { targets: ['a', 'b'] },
          files: { b: { file: 'of b' } },
        })
        repo.editInPlace('targets', {
          signed: (signed) => {
            const text = JSON.stringify(signed).replaceAll(',"terminating":false', '')
            const changed: typeof signed = JSON.parse(text) as typeof signed
            return changed
          },
        })
        story.download('file', received('of b', current, visits('a', 'b')))
      },
    ),
  ]
}

function cycles(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['5.6.7.1-visited'] }
  return [
    look(
      terms,
      'cycle',
      'Two roles that delegate to each other are visited once each',
      { edges: { targets: ['a'], a: ['b'], b: ['a'] } },
      absent(current, visits('a', 'b')),
    ),
    look(
      terms,
      'self',
      'A role that delegates to itself is visited once',
      { edges: { targets: ['a', 'b'], a: ['a'] }, files: { b: { file: 'of b' } } },
      received('of b', current, visits('a', 'b')),
    ),
    look(
      terms,
      'cycle-then-more',
      'After a cycle the search goes on with the remaining roles',
      { edges: { targets: ['a', 'c'], a: ['b'], b: ['a', 'd'] }, files: { c: { file: 'of c' } } },
      received('of c', current, visits('a', 'b', 'd', 'c')),
    ),
    look(
      terms,
      'diamond',
      'A role that two roles delegate to is visited once',
      { edges: { targets: ['a', 'b'], a: ['c'], b: ['c', 'd'] }, files: { d: { file: 'of d' } } },
      received('of d', current, visits('a', 'c', 'b', 'd')),
    ),
    look(
      {
        ...terms,
        note: '5.6.7.1 skips the role, which was visited. The text does not say whether 5.6.7.2.1 still ends the search then. Here it does: the delegation says that no later role speaks for the path, and its role was asked already.',
        profile: 'tuffet',
      },
      'visited-terminating',
      'A terminating delegation to a role that was visited ends the search all the same',
      {
        edges: { targets: ['a', last('a2'), 'b'], a: ['a2'] },
        files: { b: { file: 'of b' } },
      },
      absent(current, visits('a', 'a2')),
    ),
    workflow(
      {
        requirements: ['5.6.7.1-visited', '4.5-delegations'],
        profile: 'tuffet',
        note: 'The file of such a delegated role would be the top-level one: refused as in python-tuf.',
      },
      'search-delegation-to-targets',
      'A delegation to the name of a top-level role makes the file malformed',
      (story) => {
        graph(story, { edges: { targets: ['a', all('targets')] } })
        story.download('file', refused('4.5', [1, 1, 1, null]))
      },
    ),
  ]
}
