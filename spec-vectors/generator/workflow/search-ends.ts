/** 5.6.7: the events that end a search early. */
import type { WorkflowOutcome, WorkflowVector } from '../../../src/vectors/format.js'
import { graph, visits, type Graph } from './graph.js'
import { received, refused, type Versions } from './outcome.js'
import { look } from './search.js'
import { metadataPath, workflow, type Terms } from './story.js'

const current: Versions = [1, 1, 1, 1]

/** Vectors of the family `workflow-delegations`. */
export function searchEndVectors(): readonly WorkflowVector[] {
  return [...failures(), ...limits()]
}

function failures(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['5.6.7-failure', '4.5-order'],
    note: '5.6.7: the search ends and the target cannot be found. The client must not go on to roles of less trust.',
  }
  const given: Graph = {
    edges: { targets: ['a', 'd'], a: ['b'], b: ['c'] },
    files: { d: { file: 'of d' } },
  }
  const no = (step: string): WorkflowOutcome =>
    refused(step, current, { role: 'c', roles: { a: 1, b: 1, c: null, d: null } })
  const broken = (
    id: string,
    title: string,
    step: string,
    change: (repo: ReturnType<typeof graph>) => void,
    tags?: readonly string[],
  ): WorkflowVector =>
    workflow({ ...terms, ...(tags && { tags }) }, `search-${id}`, title, (story) => {
      change(graph(story, given))
      story.download('file', no(step))
    })
  return [
    workflow(
      terms,
      'search-missing-role',
      'A role that the server lacks ends the search',
      (story) => {
        graph(story, given)
        story.serve(metadataPath('1.c.json'), null)
        story.download('file', no('5.6.1'))
      },
    ),
    workflow(
      terms,
      'search-unreachable-role',
      'A role that the server fails to give ends the search',
      (story) => {
        graph(story, given)
        story.serve(metadataPath('1.c.json'), { status: 503 })
        story.download('file', no('5.6.1'))
      },
    ),
    broken('unsigned-role', 'A role that nobody signed ends the search', '5.6.3', (repo) => {
      repo.editInPlace('c', { signers: [] })
    }),
    broken(
      'expired-role',
      'An expired role ends the search',
      '5.6.5',
      (repo) => {
        repo.editInPlace('c', (signed) => {
          signed['expires'] = '2025-12-31T00:00:00Z'
        })
      },
      ['CVE-2026-6967'],
    ),
    broken(
      'other-version-role',
      'A role of another version than listed ends the search',
      '5.6.4',
      (repo) => {
        repo.editInPlace('c', (signed) => {
          signed['version'] = 2
        })
      },
    ),
    broken(
      'other-hash-role',
      'A role of another hash than listed ends the search',
      '5.6.2',
      (repo) => {
        repo.editInPlace('snapshot', (signed) => {
          Object.assign(signed, {
            meta: {
              ...Object.fromEntries(
                ['targets', 'a', 'b', 'd'].map((name) => [`${name}.json`, { version: 1 }]),
              ),
              'c.json': { version: 1, hashes: { sha256: '0'.repeat(64) } },
            },
          })
        })
      },
      ['CVE-2026-6967'],
    ),
    workflow(
      { requirements: ['5.6.7-failure', '4.4-meta'] },
      'search-unlisted-role',
      'A role that the snapshot does not list ends the search and is not fetched',
      (story) => {
        const repo = graph(story, given)
        repo.editInPlace('snapshot', (signed) => {
          const names = ['targets', 'a', 'b', 'd']
          signed['meta'] = Object.fromEntries(names.map((name) => [`${name}.json`, { version: 1 }]))
        })
        story.download(
          'file',
          refused('5.6.1', current, { role: 'c', roles: { c: null }, ...visits('a', 'b') }),
        )
      },
    ),
    workflow(
      { requirements: ['5.6.7-failure'] },
      'search-broken-elsewhere',
      'A broken role that is not on the way does no harm',
      (story) => {
        const repo = graph(story, {
          edges: { targets: [{ name: 'a', paths: ['other/*'] }, 'b', 'c'] },
          files: { b: { file: 'of b' } },
        })
        repo.editInPlace('a', { signers: [] })
        story.serve(metadataPath('1.c.json'), null)
        story.download('file', received('of b', current, visits('b')))
      },
    ),
  ]
}

function limits(): readonly WorkflowVector[] {
  const chain = (length: number): Graph => {
    const names = Array.from({ length }, (_, index) => `r${index + 1}`)
    const edges: Record<string, string[]> = {}
    let from = 'targets'
    for (const name of names) {
      edges[from] = [name]
      from = name
    }
    return { edges, files: { [from]: { file: 'deep' } } }
  }
  const names = (length: number): string[] => Array.from({ length }, (_, index) => `r${index + 1}`)
  const cap: Terms = {
    requirements: ['5.6.7.1-cap'],
    profile: 'tuffet',
    note: '5.6.7.1: how many roles are visited is up to the client. Here it is 64, the top one counted.',
  }
  return [
    look(
      {
        requirements: ['5.6.7.1-cap'],
        note: 'Any client that supports delegations follows as many.',
      },
      'depth-8',
      'A file eight delegations deep is found',
      chain(8),
      received('deep', current, visits(...names(8))),
    ),
    look(
      cap,
      'depth-63',
      'A file 63 delegations deep is found',
      chain(63),
      received('deep', current, visits(...names(63))),
    ),
    look(
      {
        ...cap,
        note: '5.6.7.1 reports that the target does not exist. Silence would let a repository hide one after many roles.',
      },
      'depth-64',
      'A file 64 delegations deep is refused, not absent',
      chain(64),
      refused('5.6.7.1', current, { role: 'r64', ...visits(...names(63)) }),
    ),
  ]
}
