/** The scanner against the exact road: the same files, the same verdicts, the same values. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { budget } from '../../src/core/budget.js'
import { edgesFor } from '../../src/core/search/delegation.js'
import { binsOf } from '../../src/core/metadata/delegations.js'
import { SlicedRows } from '../../src/core/json/fast/rows.js'
import type { Delegations, Targets } from '../../src/core/metadata/model.js'
import type { JsonValue } from '../../src/core/json/value.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { exactly, fileText, outcomeOf, type TableType } from '../support/proved-files.js'
import { runs } from '../support/runs.js'

const encoder = new TextEncoder()
const digest = 'ab'.repeat(32)
const awkward = ['__proto__', 'constructor', '', '0', '10', '9', 'a', 'a b', 'é', '\uE000', '😀']

function agree(bytes: Uint8Array, type: TableType): void {
  expect(outcomeOf(bytes, type)).toStrictEqual(outcomeOf(bytes, type, exactly))
}

function targetsOf(text: string, canonicalForm = exactly): Targets {
  return parseMetadata(encoder.encode(text), 'targets', 'bins', { canonicalForm }).signed
}

function proved(text: string): Targets {
  return parseMetadata(encoder.encode(text), 'targets', 'bins').signed
}

function bin(number: number, digits = 2): Record<string, JsonValue> {
  const prefix = number.toString(16).padStart(digits, '0')
  return {
    keyids: [digest],
    name: prefix,
    path_hash_prefixes: [prefix],
    terminating: true,
    threshold: 1,
  }
}

function withRoles(roles: JsonValue, indent = 0): string {
  return fileText('targets', { delegations: { keys: {}, roles }, targets: {} }, indent)
}

const targetRow: fc.Arbitrary<JsonValue> = fc.record(
  {
    custom: fc.oneof(fc.constant({ a: [1, { b: null }] }), fc.constantFrom<JsonValue>(null, 'x')),
    hashes: fc.oneof(
      fc.constantFrom<JsonValue>({ sha256: digest }, { sha256: 'AB', sha512: '00' }),
      fc.constantFrom<JsonValue>({}, [], null, { sha256: 'a' }, { x: 'zz' }, { x: '' }, { x: 1 }),
    ),
    length: fc.constantFrom<JsonValue>(0, 1, 999_999_999_999_999, 2 ** 53, -1, 1.5, '1', null),
    more: fc.constantFrom<JsonValue>(1, [], { hashes: 1 }),
  },
  { requiredKeys: ['hashes', 'length'] },
)
const metaRow: fc.Arbitrary<JsonValue> = fc.record(
  {
    hashes: fc.constantFrom<JsonValue>({ sha256: digest }, {}, null, { sha256: 'xy' }),
    length: fc.constantFrom<JsonValue>(0, 7, null, -1),
    version: fc.constantFrom<JsonValue>(1, 2, 3, 4, 5, 999_999_999_999_999, 0, '1', null, 1.5),
    x: fc.constant(null),
  },
  { requiredKeys: ['version'] },
)
const role: fc.Arbitrary<JsonValue> = fc.record(
  {
    keyids: fc.constantFrom<JsonValue>(['k'], ['k'], ['k', 'l'], [], ['k', 'k'], 'k', [1]),
    name: fc.constantFrom<JsonValue>('a', 'b', 'c', 'd', 'root', 'timestamp', 'é', 1),
    path_hash_prefixes: fc.oneof(
      fc.constantFrom<JsonValue>(['00'], ['01'], ['02', '03'], ['0a'], ['f'], []),
      fc.constantFrom<JsonValue>(['03', '02'], ['A0'], [''], [1], null, ['0'.repeat(65)]),
    ),
    paths: fc.constantFrom<JsonValue>(['*'], null),
    terminating: fc.constantFrom<JsonValue>(true, false, null, 1),
    threshold: fc.constantFrom<JsonValue>(1, 1, 2, 0, '1'),
  },
  { requiredKeys: ['keyids', 'name', 'path_hash_prefixes', 'threshold'] },
)
const names = fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary', maxLength: 6 }))
const file = fc.record({
  targets: fc.dictionary(names, targetRow, { maxKeys: 4 }),
  meta: fc.dictionary(names, metaRow, { maxKeys: 4 }),
  roles: fc.array(role, { maxLength: 4 }),
  indent: fc.constantFrom(0, 0, 1),
})

function textsOf({
  targets,
  meta,
  roles,
  indent,
}: typeof file extends fc.Arbitrary<infer T> ? T : never) {
  const delegations = { keys: {}, roles }
  return [
    ['targets', fileText('targets', { targets }, indent)],
    ['targets', fileText('targets', { delegations, targets }, indent)],
    ['snapshot', fileText('snapshot', { meta }, indent)],
  ] as const
}

describe('both roads say the same', () => {
  test('of files whose rows are right, wrong and rare', () => {
    fc.assert(
      fc.property(file, (made) => {
        for (const [type, text] of textsOf(made)) agree(encoder.encode(text), type)
      }),
      runs(300),
    )
  })

  test('of files that are damaged anywhere', () => {
    const damage = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255), fc.nat(2))
    fc.assert(
      fc.property(file, fc.array(damage, { minLength: 1, maxLength: 2 }), (made, damages) => {
        for (const [type, text] of textsOf(made)) {
          let bytes = encoder.encode(text)
          for (const [where, byte, removed] of damages) {
            const at = Math.floor(where * bytes.length)
            bytes = Uint8Array.of(...bytes.slice(0, at), byte, ...bytes.slice(at + removed))
          }
          agree(bytes, type)
        }
      }),
      runs(300),
    )
  })

  const small: [TableType, string][] = [
    [
      'snapshot',
      fileText('snapshot', { meta: { 'a.json': { version: 1 }, 'b.json': { version: 12 } } }),
    ],
    ['targets', withRoles([bin(1), bin(2)])],
    [
      'targets',
      fileText('targets', {
        targets: { a: { hashes: { x: 'ab' }, length: 1 }, é: { hashes: { x: 'AB' }, length: 0 } },
      }),
    ],
  ]

  test.each(small)('of a file of %s with any byte replaced, removed or added', (type, text) => {
    const bytes = encoder.encode(text)
    const others = encoder.encode('"\\{}[]:,0-1e. \n\tuaA\u0000\u007fé')
    for (let at = 0; at < bytes.length; at++) {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
      agree(Uint8Array.of(...before, ...after.subarray(1)), type)
      for (const other of [...others, 0xff, (bytes[at] ?? 0) ^ 1]) {
        agree(Uint8Array.of(...before, other, ...after.subarray(1)), type)
        agree(Uint8Array.of(...before, other, ...after), type)
      }
    }
  })

  test.each(small)('of a file of %s that ends anywhere', (type, text) => {
    const bytes = encoder.encode(text)
    for (let end = 0; end < bytes.length; end++) agree(bytes.subarray(0, end), type)
  })

  test('which role has a prefix of a digest', () => {
    const some = fc.uniqueArray(fc.nat(0xfff), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(some, fc.array(fc.nat(0xfff), { maxLength: 20 }), (numbers, asked) => {
        const text = withRoles(numbers.sort((a, b) => a - b).map((number) => bin(number, 3)))
        const [fast, exact] = [proved(text).delegations, targetsOf(text).delegations] as [
          Delegations,
          Delegations,
        ]
        expect(binsOf(fast)?.size).toBe(numbers.length)
        expect(binsOf(exact)).toBeUndefined()
        for (const number of [...numbers, ...asked]) {
          const digest = number.toString(16).padStart(3, '0').padEnd(64, '7')
          const [one, other] = [fast, exact].map((from) => edgesFor(from, 'x', () => digest))
          expect(one).toStrictEqual(other)
        }
      }),
      runs(50),
    )
  })
})

describe('a table as it stands in the file', () => {
  const rows = Object.fromEntries(
    awkward.map((name, length) => [name, { hashes: { x: 'ab' }, length }]),
  )
  Object.defineProperty(rows, '__proto__', {
    value: { hashes: { x: 'ab' }, length: 0 },
    enumerable: true,
  })

  test.each([0, 1])('is the map that the exact road makes, with an indent of %d', (indent) => {
    const text = fileText('targets', { targets: rows }, indent)
    const [{ targets: fast }, { targets: exact }] = [proved(text), targetsOf(text)]
    expect(fast).toBeInstanceOf(SlicedRows)
    expect(exact).toBeInstanceOf(Map)
    expect(fast.size).toBe(awkward.length)
    for (const name of [...awkward, 'b', 'a\u0000', 'a"', '\ud800', '\ufffd', 'toString', '~']) {
      expect([name, fast.has(name), fast.get(name)]).toStrictEqual([
        name,
        exact.has(name),
        exact.get(name),
      ])
    }
    expect([...fast.keys()]).toStrictEqual([...exact.keys()].sort(byCodePoint))
    expect([...fast.values()]).toStrictEqual([...fast.keys()].map((name) => exact.get(name)))
    expect([...fast.entries()]).toStrictEqual([...fast])
    const seen: unknown[] = []
    fast.forEach(function (this: unknown, value, name, table) {
      seen.push([this, name, value, table === fast])
    }, 'it')
    expect(seen).toStrictEqual([...fast].map(([name, value]) => ['it', name, value, true]))
  })

  test('does not have the replacement character where a lone surrogate is asked for', () => {
    const { targets } = proved(
      fileText('targets', { targets: { '\ufffd': { hashes: { x: 'ab' }, length: 0 } } }),
    )
    expect([targets.has('\ufffd'), targets.has('\ud800')]).toEqual([true, false])
  })

  test('gives the same frozen row each time', () => {
    const { targets } = proved(fileText('targets', { targets: rows }))
    const row = targets.get('a')
    expect(targets.get('a')).toBe(row)
    expect(Object.isFrozen(row)).toBe(true)
  })

  test('does not change when the bytes that were read do', () => {
    const bytes = encoder.encode(
      fileText('targets', { targets: rows, delegations: { keys: {}, roles: [bin(7)] } }),
    )
    const { signed, signedBytes } = parseMetadata(bytes, 'targets', 'bins')
    const before = Buffer.from(signedBytes).toString()
    bytes.fill(0x20)
    expect(signed.targets.get('a')?.length).toBe(awkward.indexOf('a'))
    expect(signed.delegations?.roles?.[0]?.name).toBe('07')
    expect(Buffer.from(signedBytes).toString()).toBe(before)
  })

  test('keeps nothing of a document that came before', () => {
    const first = proved(fileText('targets', { targets: rows }))
    proved(fileText('targets', { targets: { z: { hashes: { x: '00' }, length: 9 } } }))
    parseMetadata(
      encoder.encode(fileText('snapshot', { meta: { 'z.json': { version: 1 } } })),
      'snapshot',
      'snapshot',
    )
    expect([...first.targets.keys()]).toEqual([...awkward].sort(byCodePoint))
  })
})

describe('roles by hash', () => {
  test.each<[string, JsonValue]>([
    [
      'in no order of names',
      [
        { ...bin(1), name: 'b' },
        { ...bin(2), name: 'a' },
      ],
    ],
    [
      'in no order of prefixes',
      [
        { ...bin(2), name: 'a' },
        { ...bin(1), name: 'b' },
      ],
    ],
    ['with prefixes of two lengths', [bin(1, 2), { ...bin(2, 3), name: 'z' }]],
    ['with two keys', [{ ...bin(1), keyids: ['a', 'b'] }]],
    [
      'with patterns',
      [bin(1), { keyids: ['a'], name: 'z', paths: ['*'], terminating: true, threshold: 1 }],
    ],
    ['without prefixes', [{ ...bin(1), path_hash_prefixes: [] }]],
  ])('%s are values', (_, roles) => {
    const { delegations } = proved(withRoles(roles))
    expect(binsOf(delegations!)).toBeUndefined()
    expect(delegations).toStrictEqual(targetsOf(withRoles(roles)).delegations)
  })

  test('are values when they are asked for, and the same each time', () => {
    const { delegations } = proved(withRoles([bin(1), bin(2)]))
    expect(binsOf(delegations!)?.size).toBe(2)
    expect(delegations?.roles).toBe(delegations?.roles)
    expect(delegations?.roles).toStrictEqual(
      targetsOf(withRoles([bin(1), bin(2)])).delegations?.roles,
    )
  })

  test('of the same name as a top-level role are refused', () => {
    for (const name of ['root', 'timestamp', 'snapshot', 'targets']) {
      expect(() => proved(withRoles([{ ...bin(1), name }]))).toThrow(/top-level/)
    }
  })
})

test('the limits of the scanner are those of the budget', () => {
  const source = readFileSync('scanner/scanner.ts', 'utf8')
  const constant = (name: string): number =>
    Number(new RegExp(`const ${name}: u32 = ([\\d_]+)`).exec(source)?.[1]?.replaceAll('_', ''))
  expect(constant('MAX_DEPTH')).toBe(budget.jsonDepth)
  expect(constant('MAX_CONTAINERS')).toBe(budget.jsonContainers)
})

test('the code that is embedded was made of the source that is there', () => {
  const code = readFileSync('src/core/json/fast/scanner-code.ts', 'utf8')
  const source = readFileSync('scanner/scanner.ts')
  expect(code).toContain(createHash('sha256').update(source).digest('hex'))
})

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
