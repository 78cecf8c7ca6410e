import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  delegatesAny,
  edgesFor,
  indexWeight,
  isSuccinctBin,
  succinctBinName,
} from '../../src/core/search/delegation.js'
import { binsOf } from '../../src/core/metadata/delegations.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { fileText } from '../support/proved-files.js'
import type { DelegatedRole, Delegations, SuccinctRoles } from '../../src/core/metadata/model.js'
import { matchesPathPattern } from '../../src/core/search/path-pattern.js'
import { runs } from '../support/runs.js'

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

function byPaths(name: string, ...paths: string[]): DelegatedRole {
  return { name, keyids: [`key of ${name}`], threshold: 1, terminating: false, paths }
}

function byHash(name: string, ...pathHashPrefixes: string[]): DelegatedRole {
  return { name, keyids: [`key of ${name}`], threshold: 1, terminating: false, pathHashPrefixes }
}

function delegationsTo(...roles: DelegatedRole[]): Delegations {
  return { keys: new Map(), roles }
}

function namesFor(delegations: Delegations, path: string, digest = digestOf(path)): string[] {
  return edgesFor(delegations, path, () => digest).map(({ name }) => name)
}

function succinctRoles(bitLength: number, namePrefix = 'bins'): SuccinctRoles {
  return { keyids: ['a', 'b'], threshold: 2, bitLength, namePrefix }
}

describe('roles by pattern', () => {
  test('speak for paths that one of their patterns matches', () => {
    const delegations = delegationsTo(byPaths('a', 'x/*', 'y'), byPaths('b', 'y'), byPaths('none'))
    expect(namesFor(delegations, 'x/1')).toEqual(['a'])
    expect(namesFor(delegations, 'y')).toEqual(['a', 'b'])
    expect(namesFor(delegations, 'x/1/2')).toEqual([])
  })

  test('are found without a digest', () => {
    const digest = (): string => {
      throw new Error('was asked for')
    }
    expect(edgesFor(delegationsTo(byPaths('a', '*')), 'x', digest)).toHaveLength(1)
  })
})

describe('roles by hash prefix', () => {
  const digest = `8a4f${'0'.repeat(60)}`

  test('speak for paths whose digest begins with one of their prefixes', () => {
    const delegations = delegationsTo(
      byHash('short', '8'),
      byHash('other', '9', '0'),
      byHash('second', '0', '8a4'),
      byHash('whole', digest),
      byHash('nearly', '8a4e'),
      byHash('none'),
    )
    expect(namesFor(delegations, 'x', digest)).toEqual(['short', 'second', 'whole'])
  })

  test('with the empty prefix speak for every path', () => {
    expect(namesFor(delegationsTo(byHash('all', '')), 'x')).toEqual(['all'])
  })

  test('with a prefix longer than any digest speak for no path', () => {
    expect(namesFor(delegationsTo(byHash('long', `${digest}0`)), 'x', digest)).toEqual([])
  })

  test('are listed once when several of their prefixes match', () => {
    const delegations = delegationsTo(byHash('a', '8', '8a', '8', '8a4f'), byHash('b', '8a'))
    expect(namesFor(delegations, 'x', digest)).toEqual(['a', 'b'])
  })

  test('share a prefix in the order of the list', () => {
    const delegations = delegationsTo(byHash('a', '8a'), byHash('b', '8a'), byHash('c', '8a'))
    expect(namesFor(delegations, 'x', digest)).toEqual(['a', 'b', 'c'])
  })

  test('ask for the digest once', () => {
    let asked = 0
    edgesFor(delegationsTo(byHash('a', '8'), byHash('b', '8a'), byHash('c', '8')), 'x', () => {
      asked += 1
      return digest
    })
    expect(asked).toBe(1)
  })

  test('cover every digest once in the shape of PyPI: 16,384 roles with four prefixes each', () => {
    const hex = (value: number): string => value.toString(16).padStart(4, '0')
    const roles = Array.from({ length: 16_384 }, (_, bin) => {
      const prefixes = [0, 1, 2, 3].map((i) => hex(4 * bin + i))
      return byHash(`${prefixes[0]!}-${prefixes[3]!}`, ...prefixes)
    })
    const delegations = delegationsTo(...roles)
    expect(namesFor(delegations, 'x', '0000'.repeat(16))).toEqual(['0000-0003'])
    expect(namesFor(delegations, 'x', '0004'.repeat(16))).toEqual(['0004-0007'])
    expect(namesFor(delegations, 'x', 'ffff'.repeat(16))).toEqual(['fffc-ffff'])
    expect(namesFor(delegations, 'x', '8a4f'.repeat(16))).toEqual(['8a4c-8a4f'])
  })

  test('are looked up, not searched: the second question reads no role that does not match', () => {
    let read = 0
    const roles = Array.from({ length: 65_536 }, (_, bin) => {
      const prefix = bin.toString(16).padStart(4, '0')
      return {
        ...byHash(prefix),
        get pathHashPrefixes() {
          read += 1
          return [prefix]
        },
      }
    })
    const delegations = delegationsTo(...roles)
    expect(namesFor(delegations, 'x', digest)).toEqual(['8a4f'])
    expect(read).toBeLessThanOrEqual(2 * 65_536)
    read = 0
    expect(namesFor(delegations, 'y', '00ff'.repeat(16))).toEqual(['00ff'])
    expect(read).toBeLessThan(10)
  })

  test('all with one prefix are found in linear time', () => {
    const roles = Array.from({ length: 65_536 }, (_, i) => byHash(String(i), '8a', '8', ''))
    expect(namesFor(delegationsTo(...roles), 'x', digest)).toHaveLength(65_536)
  })
})

describe('the order of roles', () => {
  test('is that of the list, whatever kind they are', () => {
    const digest = `8a4f${'0'.repeat(60)}`
    const delegations = delegationsTo(
      byPaths('1', 'a/*'),
      byHash('2', '8a4'),
      byPaths('no', 'b/*'),
      byHash('3', '8'),
      byPaths('4', '*/x'),
      byHash('5', '0', '8a4f'),
      byHash('6', '8a4'),
    )
    expect(namesFor(delegations, 'a/x', digest)).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  test('is kept beyond ten roles', () => {
    const roles = Array.from({ length: 30 }, (_, i) => byHash(String(i), i % 2 === 0 ? '8' : '8a'))
    expect(namesFor(delegationsTo(...roles), 'x', '8a'.repeat(32))).toEqual(
      roles.map(({ name }) => name),
    )
  })

  test('is not that of another list with the same names', () => {
    const [a, b] = [byPaths('a', '*'), byPaths('b', '*')]
    expect(namesFor(delegationsTo(a, b), 'x')).toEqual(['a', 'b'])
    expect(namesFor(delegationsTo(b, a), 'x')).toEqual(['b', 'a'])
  })

  test('and the choice are those of trying one role after another', () => {
    const role = fc.oneof(
      fc
        .array(fc.string({ unit: fc.constantFrom('0', '1', '2'), maxLength: 3 }), { maxLength: 4 })
        .map((prefixes) => byHash('', ...prefixes)),
      fc
        .array(fc.string({ unit: fc.constantFrom('a', '*', '/'), maxLength: 3 }), { maxLength: 2 })
        .map((paths) => byPaths('', ...paths)),
    )
    const digests = fc.string({
      unit: fc.constantFrom('0', '1', '2'),
      minLength: 64,
      maxLength: 64,
    })
    const paths = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 3 })
    fc.assert(
      fc.property(fc.array(role), paths, digests, (unnamed, path, digest) => {
        const roles = unnamed.map((one, i) => ({ ...one, name: String(i) }))
        const expected = roles.filter(
          (one) =>
            one.paths?.some((pattern) => matchesPathPattern(pattern, path)) ??
            one.pathHashPrefixes?.some((prefix) => digest.startsWith(prefix)),
        )
        expect(namesFor(delegationsTo(...roles), path, digest)).toEqual(
          expected.map(({ name }) => name),
        )
      }),
      runs(1000),
    )
  })
})

describe('an edge', () => {
  test('carries the keys, threshold and terminating flag of its delegation', () => {
    const role = { ...byPaths('a', '*'), keyids: ['k1', 'k2'], threshold: 2, terminating: true }
    expect(edgesFor(delegationsTo(role), 'x', () => '')).toEqual([role])
  })

  test('matches no path when there are no roles', () => {
    expect(edgesFor(delegationsTo(), 'x', () => digestOf('x'))).toEqual([])
    expect(edgesFor({ keys: new Map() }, 'x', () => digestOf('x'))).toEqual([])
  })
})

describe('succinct roles (TAP 15)', () => {
  test('give one bin, which terminates', () => {
    const delegations = { keys: new Map(), succinct: succinctRoles(14) }
    const edges = edgesFor(delegations, 'x', () => `ffff${'0'.repeat(60)}`)
    expect(edges).toEqual([
      { name: 'bins-3fff', keyids: ['a', 'b'], threshold: 2, terminating: true },
    ])
  })

  test('choose the bin by the SHA-256 of the path', () => {
    const path = 'simple/requests/index.html'
    const delegations = { keys: new Map(), succinct: succinctRoles(8) }
    expect(namesFor(delegations, path)).toEqual([`bins-${digestOf(path).slice(0, 2)}`])
  })

  test.each([
    [1, '7fffffff', '0'],
    [1, '80000000', '1'],
    [2, 'c0000000', '3'],
    [3, 'ffffffff', '7'],
    [4, 'a0000000', 'a'],
    [5, '08000000', '01'],
    [5, 'ffffffff', '1f'],
    [8, '0affffff', '0a'],
    [10, 'ffffffff', '3ff'],
    [10, '00bfffff', '002'],
    [14, '8a4f0000', '2293'],
    [16, '00010000', '0001'],
    [31, 'fffffffe', '7fffffff'],
    [31, '80000001', '40000000'],
    [32, '00000001', '00000001'],
    [32, '80000000', '80000000'],
    [32, 'ffffffff', 'ffffffff'],
  ])('with %d bits of %s choose the bin %s', (bitLength, start, suffix) => {
    const succinct = succinctRoles(bitLength)
    expect(succinctBinName(succinct, start.padEnd(64, '5'))).toBe(`bins-${suffix}`)
    expect(isSuccinctBin(succinct, `bins-${suffix}`)).toBe(true)
  })

  test('every name they give is one of theirs', () => {
    const digests = fc.string({
      unit: fc.constantFrom(...Array.from('0123456789abcdef')),
      minLength: 64,
      maxLength: 64,
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 32 }), fc.string(), digests, (bits, prefix, digest) => {
        const succinct = succinctRoles(bits, prefix)
        const name = succinctBinName(succinct, digest)
        const bin = BigInt(`0x${digest}`) >> BigInt(256 - bits)
        expect(BigInt(`0x${name.slice(prefix.length + 1)}`)).toBe(bin)
        expect(isSuccinctBin(succinct, name)).toBe(true)
      }),
    )
  })

  test('use exactly 2^bits names', () => {
    const succinct = succinctRoles(6, 'a-b')
    const names = Array.from({ length: 256 }, (_, i) => `a-b-${i.toString(16).padStart(2, '0')}`)
    expect(names.filter((name) => isSuccinctBin(succinct, name))).toEqual(names.slice(0, 64))
  })

  test.each([
    'bins',
    'bins-',
    'bins-0',
    'bins-000',
    'bins-40',
    'bins-3F',
    'bins-g0',
    'bins-0x',
    'bins-+1',
    'bins- 1',
    'bins-1\n',
    'bins_00',
    'Bins-00',
    'other-00',
    'bins-٠٠',
    'xbins-00',
    'bins-00x',
    '',
    '-00',
  ])('do not use the bin %j', (name) => {
    expect(isSuccinctBin(succinctRoles(6), name)).toBe(false)
  })
})

describe('steps', () => {
  /** Of a look-up. */
  function stepsFor(path: string, ...patterns: readonly string[]): number {
    const steps = { left: 1_000 }
    edgesFor(delegationsTo(byPaths('a', ...patterns)), path, () => digestOf(path), steps)
    return 1_000 - steps.left
  }

  test('are counted for each length of a fixed prefix, each pattern and each character', () => {
    expect(stepsFor('b/c', 'a/*')).toBe(1)
    expect(stepsFor('b/c', 'a/*', 'ab/*')).toBe(2)
    expect(stepsFor('a/b/c', 'a/*')).toBe(2)
    const once = stepsFor('a/c', 'a/*')
    expect(once).toBeGreaterThanOrEqual(2 + 'a/*'.length + 'a/c'.length)
    // The second pattern of an owner that is found already.
    expect(stepsFor('a/c', 'a/*', 'a/*')).toBe(once + 1)
    expect(stepsFor('a/cccccc', 'a/*')).toBeGreaterThan(once)
  })

  test('are one for a bin', () => {
    const steps = { left: 10 }
    expect(edgesFor(bins(), 'x', () => '8a'.repeat(32), steps)).toHaveLength(1)
    expect(steps.left).toBe(9)
    expect(edgesFor(bins(255), 'x', () => 'ff'.repeat(32))).toEqual([])
  })
})

/** Bins as they stand in a file. */
function bins(length = 256): Delegations {
  const table = Array.from({ length }, (_, bin) => {
    const prefix = bin.toString(16).padStart(2, '0')
    const common = { keyids: ['ab'.repeat(32)], terminating: true, threshold: 1 }
    return { ...common, name: `bin-${prefix}`, path_hash_prefixes: [prefix] }
  })
  const text = fileText('targets', { delegations: { keys: {}, roles: table }, targets: {} }, 0)
  const { signed } = parseMetadata(new TextEncoder().encode(text), 'targets', 'x')
  return signed.delegations!
}

test('delegations name a role when they list one, or bins', () => {
  expect(delegatesAny(undefined)).toBe(false)
  expect(delegatesAny({ keys: new Map() })).toBe(false)
  expect(delegatesAny(delegationsTo())).toBe(false)
  expect(delegatesAny(delegationsTo(byPaths('a')))).toBe(true)
  expect(delegatesAny({ keys: new Map(), succinct: succinctRoles(8) })).toBe(true)
  expect(binsOf(bins())).toBeDefined()
  expect(delegatesAny(bins())).toBe(true)
})

test('a role without paths takes no room in an index', () => {
  const { paths: _, ...role } = byPaths('a')
  expect(indexWeight(delegationsTo(role))).toBe(0)
})

test('bins take the room of their table: twelve bytes each', () => {
  expect(indexWeight(bins())).toBe(12 * 256)
})
