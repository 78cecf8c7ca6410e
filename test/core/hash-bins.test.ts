/** Many roles by hash prefixes of eight digits, found as one prefix after another would be. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { HashBins } from '../../src/core/json/fast/bins.js'
import { scan } from '../../src/core/json/fast/scanner.js'
import type { JsonValue } from '../../src/core/json/value.js'
import { binsOf } from '../../src/core/metadata/delegations.js'
import type { Delegations } from '../../src/core/metadata/model.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { edgesFor } from '../../src/core/search/delegation.js'
import { exactly, fileText } from '../support/proved-files.js'
import { runs } from '../support/runs.js'

// A smaller table would no longer be one of many roles.
const tenTimes = { ...runs(10), endOnFailure: true }

const digits = 8
const highest = 16 ** digits - 1

/** Roles, each with its prefixes, of which none has another role's. */
type Roles = readonly (readonly string[])[]

/** Neighbours without a gap, narrow gaps and wide ones, from the first prefix to the last. */
const prefixNumbers = fc
  .tuple(
    fc.constantFrom(0, 1, 0x7fff_ff00, 0xf000_0000),
    fc.array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 0x8_0000 })), {
      minLength: 4_096,
      maxLength: 4_500,
      size: 'max',
    }),
    fc.boolean(),
  )
  .map(([first, gaps, withLast]) => {
    const numbers: number[] = [first]
    for (const gap of gaps) {
      const next = numbers.at(-1)! + gap
      if (next < highest) numbers.push(next)
    }
    return withLast ? [...numbers, highest] : numbers
  })

const manyRoles: fc.Arbitrary<Roles> = fc
  .tuple(prefixNumbers, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }))
  .map(([numbers, sizes]) => {
    const roles: string[][] = []
    for (let at = 0; at < numbers.length; at += roles.at(-1)!.length) {
      const size = sizes[roles.length % sizes.length] ?? 1
      roles.push(numbers.slice(at, at + size).map(prefixOf))
    }
    return roles
  })
  .filter((roles) => roles.length >= 1_024)

function prefixOf(number: number): string {
  return number.toString(16).padStart(digits, '0')
}

function bytesOf(roles: Roles): Uint8Array {
  const table = roles.map((prefixes, index) => ({
    keyids: ['ab'.repeat(32)],
    name: nameOf(index),
    path_hash_prefixes: [...prefixes],
    terminating: true,
    threshold: 1,
  }))
  const text = fileText('targets', { delegations: { keys: {}, roles: table }, targets: {} }, 0)
  return new TextEncoder().encode(text)
}

function delegationsOf(roles: Roles, options = {}): Delegations {
  return parseMetadata(bytesOf(roles), 'targets', 'x', options).signed.delegations!
}

function nameOf(index: number): string {
  return `bin-${String(index).padStart(5, '0')}`
}

/** Each prefix and the two numbers beside it, with the lowest and the highest digest of each. */
function* digestsAround(roles: Roles): Generator<string> {
  const asked = new Set([0, highest])
  for (const prefix of roles.flat()) {
    const number = Number.parseInt(prefix, 16)
    for (const one of [number - 1, number, number + 1]) {
      if (one >= 0 && one <= highest) asked.add(one)
    }
  }
  for (const number of asked) {
    yield prefixOf(number).padEnd(64, '0')
    yield prefixOf(number).padEnd(64, 'f')
  }
}

describe('at least 1,024 roles by prefixes of eight digits', () => {
  test.each([
    ['that stand in the file', true],
    ['that are values', false],
  ])('%s: each digest has the role that a plain search finds', (_, inFile) => {
    fc.assert(
      fc.property(manyRoles, (roles) => {
        const delegations = delegationsOf(roles, inFile ? {} : { canonicalForm: exactly })
        expect(binsOf(delegations)?.size).toBe(inFile ? roles.length : undefined)
        const owners = new Map(
          roles.flatMap((prefixes, index) => prefixes.map((prefix) => [prefix, nameOf(index)])),
        )
        for (const digest of digestsAround(roles)) {
          const owner = owners.get(digest.slice(0, digits))
          const found = edgesFor(delegations, 'x', () => digest).map(({ name }) => name)
          if (found.length !== (owner === undefined ? 0 : 1) || found[0] !== owner) {
            expect([digest, found]).toEqual([digest, owner === undefined ? [] : [owner]])
          }
        }
      }),
      tenTimes,
    )
  })

  test('that share prefixes, and have longer and shorter ones, are all found in their order', () => {
    fc.assert(
      fc.property(manyRoles, fc.integer({ min: 1, max: 63 }), (roles, step) => {
        const shared = roles.map((prefixes, index) => [
          ...prefixes,
          roles[(index * step) % roles.length]![0]!,
          prefixes[0]!.slice(0, (index % 7) + 2),
          `${prefixes[0]!}${index % 2 === 0 ? '0' : 'f'}`,
        ])
        const delegations = delegationsOf(shared)
        expect(binsOf(delegations)).toBeUndefined()
        for (const prefix of [roles[0]![0]!, roles[step]![0]!, roles.at(-1)!.at(-1)!]) {
          for (const digest of [prefix.padEnd(64, '0'), prefix.padEnd(64, 'f')]) {
            const owners = shared.flatMap((prefixes, index) =>
              prefixes.some((one) => digest.startsWith(one)) ? [nameOf(index)] : [],
            )
            const found = edgesFor(delegations, 'x', () => digest).map(({ name }) => name)
            expect(found).toEqual(owners)
          }
        }
      }),
      tenTimes,
    )
  })
})

describe('a few roles as they stand in the file', () => {
  interface Bin {
    readonly name: JsonValue
    readonly pathHashPrefixes: readonly string[]
  }

  function binOf(role: JsonValue): Bin {
    const { name = null, path_hash_prefixes: prefixes } = role as Record<string, JsonValue>
    return { name, pathHashPrefixes: prefixes as readonly string[] }
  }

  /** And how many of them were made values. */
  function binsIn(roles: Roles): { readonly bins: HashBins<Bin>; readonly made: () => number } {
    const { roles: slice, prefixLength = 0 } = scan(bytesOf(roles), 'targets') ?? {}
    let made = 0
    const bins = new HashBins<Bin>(slice!, prefixLength, {
      one: (role) => {
        made += 1
        return binOf(role)
      },
      all: (roles) => (roles as readonly JsonValue[]).map(binOf),
    })
    return { bins, made: () => made }
  }

  const long = (digit: string): string => digit.padStart(64, '4')

  test.each<[string, Roles]>([
    ['of one prefix', [['5']]],
    ['of many prefixes', [['1', '3', '5', '7', '9', 'b', 'd']]],
    ['with gaps', [['01', '03'], ['05'], ['07', '09', '0b'], ['80'], ['fd', 'fe']]],
    ['without gaps', ['0', '1', '2', '3', '4', '5', '6', '7'].map((digit) => [digit])],
    ['of whole digests', [[long('1')], [long('3'), long('5')], [long('7')]]],
  ])('%s: a digest has the role with its prefix, or none', (_, roles) => {
    const length = roles[0]![0]!.length
    const last = length > 2 ? long : (digit: string) => digit.padStart(length, '0')
    const digits = Array.from({ length: length === 2 ? 256 : 16 }, (_, i) => i.toString(16))
    const { bins } = binsIn(roles)
    expect([bins.size, bins.weight]).toEqual([roles.length, 12 * roles.length])
    for (const prefix of digits.map(last)) {
      const index = roles.findIndex((prefixes) => prefixes.includes(prefix))
      for (const digest of [prefix.padEnd(64, '0'), prefix.padEnd(64, 'f')]) {
        expect([digest, bins.roleFor(digest)?.name]).toEqual([
          digest,
          index < 0 ? undefined : nameOf(index),
        ])
      }
    }
  })

  test('are made values only where they are asked for, and once', () => {
    const { bins, made } = binsIn([['10', '11'], ['20'], ['30']])
    const role = bins.roleFor('20'.padEnd(64, '7'))
    expect(role).toEqual({ name: nameOf(1), pathHashPrefixes: ['20'] })
    expect(made()).toBe(1)
    expect(bins.roleFor('20'.padEnd(64, '8'))).toBe(role)
    expect(made()).toBe(1)
    expect(bins.roleFor('0f'.padEnd(64, '8'))).toBeUndefined()
    expect(made()).toBe(1)
    expect(bins.all()).toHaveLength(3)
    expect(bins.all()).toBe(bins.all())
  })
})

test.each(['\ufeff0', '\ufffd0'])(
  'a prefix of %j, as long as the others, hides none of them',
  (prefix) => {
    const prefixes = ['0000', 'aaaa', prefix]
    const table = prefixes.map((one, index) => ({
      keyids: ['ab'.repeat(32)],
      name: nameOf(index),
      path_hash_prefixes: [one],
      terminating: false,
      threshold: 1,
    }))
    const file = { delegations: { keys: {}, roles: table }, targets: {} }
    const bytes = new TextEncoder().encode(fileText('targets', file, 0))
    const delegations = parseMetadata(bytes, 'targets', 'x').signed.delegations!
    expect(binsOf(delegations)?.size).toBe(3)
    for (const [index, digit] of ['0', 'a'].entries()) {
      const found = edgesFor(delegations, 'x', () => digit.repeat(64))
      expect(found.map(({ name }) => name)).toEqual([nameOf(index)])
    }
  },
)
