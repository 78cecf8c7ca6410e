import { describe, expect, test } from '@jest/globals'
import { digestText } from '../../src/core/keys/hash.js'
import type { Edge } from '../../src/core/trust/phases.js'
import { searchTarget, type SearchResult } from '../../src/core/search/search.js'
import { acceptDelegated, readDelegated } from '../../src/core/trust/roles.js'
import { TufError } from '../../src/errors.js'
import {
  createRepository,
  ed25519Signer,
  type DelegateOptions,
  type TestRepository,
} from '../../src/testing/index.js'
import { newest, options, targetsOf } from '../support/phases.js'

interface Search extends SearchResult {
  /** `delegator > role`, in the order in which they were needed. */
  readonly edges: readonly string[]
  readonly error?: unknown
}

function search(
  repo: TestRepository,
  path: string,
  searchedRoles = 64,
  searchSteps?: number,
): Search {
  const edges: string[] = []
  const trust = targetsOf(repo)
  const walk = searchTarget(trust.targets, {
    path,
    pathDigest: () => digestText(path, options.cryptography),
    searchedRoles,
    ...(searchSteps !== undefined && { searchSteps }),
  })
  try {
    let step = walk.next()
    while (step.done !== true) {
      const edge: Edge = step.value
      const { name } = edge.role
      edges.push(`${edge.delegator.role} > ${name}`)
      const file = readDelegated(trust, name, newest(repo, name), options)
      step = walk.next(acceptDelegated(trust, edge, file, options))
    }
    return { ...step.value, edges }
  } catch (error) {
    if (!(error instanceof TufError)) throw error
    return { chain: [], visited: [], edges, error }
  }
}

type Delegation = string | ({ readonly name: string } & Partial<DelegateOptions>)

/** A repository of these delegations, in order of priority; `targets` comes first. */
function graph(
  delegations: Readonly<Record<string, readonly Delegation[]>>,
  lists: readonly string[] = [],
): TestRepository {
  const repo = createRepository()
  for (const [from, to] of Object.entries(delegations)) {
    for (const one of to) repo.delegate(from, typeof one === 'string' ? { name: one } : one)
  }
  for (const role of lists) repo.addTarget('file', `by ${role}`, { role })
  repo.publish()
  return repo
}

function end(name: string): Delegation {
  return { name, terminating: true }
}

/** The role that lists the found file; undefined when no role does. */
function foundIn({ target, chain }: SearchResult): string | undefined {
  return target && chain.at(-1)?.role
}

describe('5.6.7.1: pre-order, by the order of the list', () => {
  const tree = { targets: ['a', 'd'], a: ['b', 'c'], d: ['e'] }

  test('a target of the top level needs no delegation', () => {
    const found = search(graph(tree, ['targets', 'a']), 'file')
    expect(found.edges).toEqual([])
    expect(found.visited).toEqual(['targets'])
    expect(foundIn(found)).toBe('targets')
  })

  test('every role is asked before those that it delegates to, and those before its sisters', () => {
    const absent = search(graph(tree), 'file')
    expect(absent).toEqual({
      chain: [],
      visited: ['targets', 'a', 'b', 'c', 'd', 'e'],
      edges: ['targets > a', 'a > b', 'a > c', 'targets > d', 'd > e'],
    })
  })

  test('CVE-2024-47534: the first in that order decides, although a nearer one lists it too', () => {
    const found = search(graph(tree, ['c', 'd']), 'file')
    expect(foundIn(found)).toBe('c')
    expect(found.chain.map(({ role }) => role)).toEqual(['targets', 'a', 'c'])
    expect(found.edges).toEqual(['targets > a', 'a > b', 'a > c'])
  })

  test('the order is that of the list, not of names', () => {
    const repo = graph({ targets: ['10', '9', '__proto__', '1'] })
    expect(search(repo, 'file').visited).toEqual(['targets', '10', '9', '__proto__', '1'])
  })

  test('the chain is that of the edges that were taken', () => {
    const found = search(graph({ targets: ['a', 'x'], a: ['b'], x: ['y'] }, ['y']), 'file')
    expect(found.chain.map(({ role }) => role)).toEqual(['targets', 'x', 'y'])
    expect(found.visited).toEqual(['targets', 'a', 'b', 'x', 'y'])
  })
})

describe('5.6.7.2.1: a terminating delegation ends the whole search', () => {
  test('GHSA-j8x2-777p-23fc: at the top level', () => {
    const absent = search(graph({ targets: [end('a'), 'b'], a: ['c'] }, ['b']), 'file')
    expect(absent.visited).toEqual(['targets', 'a', 'c'])
    expect(absent.target).toBeUndefined()
  })

  test('CVE-2025-2886: further down, for the sisters of those above too', () => {
    const absent = search(graph({ targets: ['a', 'd'], a: [end('b'), 'c'] }, ['c', 'd']), 'file')
    expect(absent.visited).toEqual(['targets', 'a', 'b'])
    expect(absent.target).toBeUndefined()
  })

  test('roles before it in the list are searched', () => {
    const repo = graph({ targets: ['a', 'd'], a: ['b', end('c'), 'x'] }, ['b', 'd', 'x'])
    expect(foundIn(search(repo, 'file'))).toBe('b')
  })

  test('its delegations are searched, to any depth', () => {
    const repo = graph({ targets: [end('a'), 'z'], a: ['b', 'c'], b: ['d'] }, ['c', 'z'])
    const found = search(repo, 'file')
    expect(found.visited).toEqual(['targets', 'a', 'b', 'd', 'c'])
    expect(foundIn(found)).toBe('c')
  })

  test('only when it may speak for the path', () => {
    const repo = graph({ targets: [{ name: 'a', paths: ['other'], terminating: true }, 'b'] }, [
      'b',
    ])
    expect(foundIn(search(repo, 'file'))).toBe('b')
  })

  test('also when the role was visited before', () => {
    const repo = graph({ targets: ['a', 'c'], a: ['b'], b: [end('a')] }, ['c'])
    const absent = search(repo, 'file')
    expect(absent.visited).toEqual(['targets', 'a', 'b'])
    expect(absent.target).toBeUndefined()
  })
})

describe('5.6.7.1: no role is visited twice', () => {
  test('a cycle ends', () => {
    const absent = search(graph({ targets: ['a'], a: ['b'], b: ['c'], c: ['a', 'b'] }), 'file')
    expect(absent.edges).toEqual(['targets > a', 'a > b', 'b > c'])
  })

  test('a role that delegates to itself is asked once', () => {
    expect(search(graph({ targets: ['a'], a: ['a', 'b'] }), 'file').edges).toEqual([
      'targets > a',
      'a > b',
    ])
  })

  test('a diamond asks its last role through the first edge that leads there', () => {
    const repo = graph({ targets: ['a', 'b'], a: ['shared'], b: ['shared'] }, ['shared'])
    const found = search(repo, 'file')
    expect(found.edges).toEqual(['targets > a', 'a > shared'])
    expect(found.chain.at(-1)?.report.delegator).toBe('a')
  })

  test('python-tuf#2977: a diamond with different keys is judged through the edge that is taken', () => {
    const [forA, forB] = [ed25519Signer('a'), ed25519Signer('b')]
    const paths = ['other']
    const repo = graph(
      {
        targets: ['a', 'b'],
        a: [{ name: 'shared', signers: [forA], paths }],
        b: [{ name: 'shared', signers: [forB] }],
      },
      ['shared'],
    )
    repo.edit('shared', { signers: [forA] })
    const refused = search(repo, 'file')
    expect(refused.edges).toEqual(['targets > a', 'targets > b', 'b > shared'])
    expect(refused.error).toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'shared',
      delegator: 'b',
    })
    repo.edit('shared', { signers: [forB] })
    expect(foundIn(search(repo, 'file'))).toBe('shared')
  })
})

describe('5.6.7.1: a limited number of roles', () => {
  const wide = { targets: Array.from({ length: 10 }, (_, index) => `r${index}`) }

  test('the search that needs one more is refused, and says so', () => {
    const refused = search(graph(wide), 'file', 10)
    expect(refused.error).toMatchObject({
      code: 'ERR_TUF_SEARCH_LIMIT',
      role: 'r9',
      step: '5.6.7.1',
      target: 'file',
      limit: 10,
    })
    expect(refused.edges).toHaveLength(9)
  })

  test('the search that ends with the last is not', () => {
    expect(search(graph(wide), 'file', 11).visited).toHaveLength(11)
    expect(foundIn(search(graph(wide, ['r8']), 'file', 10))).toBe('r8')
  })

  test('roles that were visited count once', () => {
    const repo = graph({ targets: ['a', 'b'], a: ['b', 'a'], b: ['a', 'b'] })
    expect(search(repo, 'file', 3).visited).toEqual(['targets', 'a', 'b'])
  })
})

describe('4.5: the roles that the search asks', () => {
  test('roles whose pattern matches', () => {
    const repo = graph({
      targets: [
        { name: 'a', paths: ['pkgs/*'] },
        { name: 'b', paths: ['*'] },
        { name: 'c', paths: ['x', 'pkgs/?.whl'] },
      ],
    })
    expect(search(repo, 'pkgs/a.whl').visited).toEqual(['targets', 'a', 'c'])
    expect(search(repo, 'file').visited).toEqual(['targets', 'b'])
  })

  test('roles whose hash prefix matches the path', () => {
    const digest = digestText('file', options.cryptography)
    const flipped = digest.startsWith('0') ? '1' : '0'
    const repo = graph({
      targets: [
        { name: 'a', pathHashPrefixes: [flipped] },
        { name: 'b', pathHashPrefixes: [flipped, digest.slice(0, 3)] },
        { name: 'c', pathHashPrefixes: [digest] },
      ],
    })
    expect(search(repo, 'file').visited).toEqual(['targets', 'b', 'c'])
  })

  test('TAP 15: the one bin of succinct roles', () => {
    const repo = createRepository()
    repo.delegateSuccinct('targets', { bitLength: 3 })
    repo.addTarget('file', 'x')
    repo.publish()
    const found = search(repo, 'file')
    expect(found.visited).toHaveLength(2)
    expect(found.visited[1]).toMatch(/^bins-[0-7]$/)
    expect(foundIn(found)).toBe(found.visited[1])
    expect(search(repo, 'absent').target).toBeUndefined()
  })

  test('CVE-2025-2886: a role that lists paths outside its delegation is not asked', () => {
    const repo = graph({ targets: [{ name: 'a', paths: ['pkgs/*'] }] }, ['a'])
    expect(search(repo, 'file')).toMatchObject({ visited: ['targets'], chain: [] })
  })
})

describe('5.6.7: a role that cannot be believed ends the search', () => {
  test('refused: no later role is asked', () => {
    const repo = graph({ targets: ['a', 'b'] }, ['b'])
    repo.edit('a', { signers: [] })
    const refused = search(repo, 'file')
    expect(refused.edges).toEqual(['targets > a'])
    expect(refused.error).toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'a',
      step: '5.6.3',
    })
  })

  test('not listed by the snapshot: the same', () => {
    const repo = graph({ targets: ['a', 'b'] }, ['b'])
    repo.edit('snapshot', (signed) => {
      signed['meta'] = { 'targets.json': { version: 1 }, 'b.json': { version: 1 } }
    })
    const refused = search(repo, 'file')
    expect(refused.edges).toEqual(['targets > a'])
    expect(refused.error).toMatchObject({ code: 'ERR_TUF_ROLE_NOT_LISTED', role: 'a' })
  })
})

test('a search that needs more steps than it may take ends at the role that it reads', () => {
  const repo = graph({ targets: [{ name: 'a', paths: ['*'] }], a: ['b'] }, ['b'])
  expect(search(repo, 'file', 64, 1_000).target?.path).toBe('file')
  expect(search(repo, 'file', 64, 0).error).toMatchObject({
    ...{ code: 'ERR_TUF_SEARCH_LIMIT', role: 'targets', step: '5.6.7.1' },
  })
})
