/** Many roles by hash prefixes of eight digits, found as one prefix after another would be. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
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

function delegationsOf(roles: Roles, options = {}): Delegations {
  const table = roles.map((prefixes, index) => ({
    keyids: ['ab'.repeat(32)],
    name: nameOf(index),
    path_hash_prefixes: [...prefixes],
    terminating: true,
    threshold: 1,
  }))
  const text = fileText('targets', { delegations: { keys: {}, roles: table }, targets: {} }, 0)
  const { signed } = parseMetadata(new TextEncoder().encode(text), 'targets', 'x', options)
  return signed.delegations!
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
