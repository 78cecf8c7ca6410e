/** All that the scanner says of a document: what is signed, and where its tables are. */
import { describe, expect, test } from '@jest/globals'
import { olpc } from '../../src/core/json/canonical.js'
import { scan, type Schema, type Slice } from '../../src/core/json/fast/scanner.js'
import { readFile } from '../../src/core/json/read.js'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

const row = (version: number): string => `{"version":${version}}`
const snapshot = (indent = ''): string =>
  `{${indent}"signatures":[],"signed":{"_type":"snapshot","meta":{"a.json":${row(1)},"é.json":${row(22)}},"version":1}}`
const role = (name: string, prefixes: string): string =>
  `{"keyids":["k"],"name":"${name}","path_hash_prefixes":[${prefixes}],"terminating":true,"threshold":1}`
const roles = `[${role('a', '"00","01"')},${role('b', '"0a"')}]`
const target = '"a.txt":{"hashes":{"sha256":"ab"},"length":1}'
const targets = `{"signatures":[],"signed":{"delegations":{"keys":{},"roles":${roles}},"targets":{${target}}}}`

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && decoder.decode(bytes)
}

function shares(part: Uint8Array | undefined, whole: Uint8Array): boolean {
  return part?.buffer === whole.buffer
}

/** The table, and the texts that `numbers` of its positions stand for. */
function readTable(text: string, table: Slice | undefined, numbers: number): unknown {
  if (table === undefined) return undefined
  const rows = Array.from({ length: table.rows.length / numbers }, (_, i) =>
    table.rows.subarray(numbers * i, numbers * (i + 1)),
  )
  expect(textOf(encoder.encode(text).subarray(table.start, table.end))).toBe(textOf(table.bytes))
  return rows.map(([start = 0, end, third]) => [
    textOf(table.bytes.subarray(start, end)),
    ...(third === undefined ? [] : [textOf(table.bytes.subarray(third, third + 2))]),
  ])
}

describe.each([true, false])('where the bytes may change: %s', (mayChange) => {
  const scanned = (text: string, schema: Schema) => scan(encoder.encode(text), schema, mayChange)

  test('the table of a snapshot is found, with its rows', () => {
    const found = scanned(snapshot(), 'snapshot')
    expect(textOf(found?.table?.bytes)).toBe(`{"a.json":${row(1)},"é.json":${row(22)}}`)
    expect(readTable(snapshot(), found?.table, 2)).toEqual([
      [`a.json":${row(1)}`],
      [`é.json":${row(22)}`],
    ])
    expect(found?.roles).toBeUndefined()
  })

  test('the tables of targets are found, with the first prefix of each role', () => {
    const found = scanned(targets, 'targets')
    expect(readTable(targets, found?.table, 2)).toEqual([[target.slice(1)]])
    expect(textOf(found?.roles?.bytes)).toBe(roles)
    expect(readTable(targets, found?.roles, 3)).toEqual([
      [role('a', '"00","01"'), '00'],
      [role('b', '"0a"'), '0a'],
    ])
    expect(found?.prefixLength).toBe(2)
  })

  test.each<[Schema, string]>([
    ['none', snapshot()],
    ['none', targets],
    ['snapshot', targets],
    ['targets', snapshot()],
    ['snapshot', '{"signed":{"meta":{}}}'],
    ['targets', '{"signed":{"delegations":{"keys":{},"roles":[]},"targets":{}}}'],
  ])('a look for the tables of %s finds none in %s', (schema, text) => {
    const found = scanned(text, schema)
    expect(found).toBeDefined()
    expect([found?.table, found?.roles]).toEqual([undefined, undefined])
  })

  test.each([
    ['{"a":1,"signed":{"b":2},"z":3}', '{"b":2}'],
    ['{"a":1,"signed":{"b":2}}', '{"b":2}'],
    ['{"a": 1,"signed":{"b":2}}', '{"b":2}'],
    ['{"signed":{"b": "\\n"}}', '{"b":"\n"}'],
    ['{"signed":[ ] ,"z":3}', '[]'],
    ['{"signatures":[]}', undefined],
    ['[1]', undefined],
  ])('the signed part of %s is given in its canonical form', (text, signed) => {
    expect(textOf(scanned(text, 'none')?.signedBytes)).toBe(signed)
  })
})

describe('bytes that never change', () => {
  test('are given out in part, and those that may change in copies', () => {
    for (const [text, schema] of [
      [snapshot(), 'snapshot'],
      [targets, 'targets'],
    ] as const) {
      for (const mayChange of [true, false]) {
        const bytes = encoder.encode(text)
        const { signedBytes, table } = scan(bytes, schema, mayChange) ?? {}
        expect([signedBytes, table?.bytes].map((part) => shares(part, bytes))).toEqual(
          mayChange ? [false, false] : [true, true],
        )
      }
    }
  })

  test('are taken for such that may, if nobody says so', () => {
    const bytes = encoder.encode(targets)
    const { signedBytes, table, roles } = scan(bytes, 'targets') ?? {}
    expect([signedBytes, table?.bytes, roles?.bytes].some((part) => shares(part, bytes))).toBe(
      false,
    )
  })

  test('are copied even if they are a Buffer, whose slices are parts of it', () => {
    const bytes = Buffer.from(targets)
    const found = scan(bytes, 'targets', true)
    bytes.fill(0)
    expect(textOf(found?.table?.bytes)).toBe(`{${target}}`)
    expect(textOf(found?.roles?.bytes)).toBe(roles)
  })

  test('give signed bytes in a copy where the canonical form is another text', () => {
    const bytes = encoder.encode('{"signed":{"b": 2}}')
    const { signedBytes } = scan(bytes, 'none', false) ?? {}
    expect(shares(signedBytes, bytes)).toBe(false)
    expect(textOf(bytes)).toBe('{"signed":{"b": 2}}')
    expect(textOf(signedBytes)).toBe('{"b":2}')
  })
})

describe('a document that follows another', () => {
  test.each(['1', '"a"', '{"a":1}', 'true', '[1]'])(
    'is proved as if it were the first: %s',
    (text) => {
      for (const before of [
        '12345678901234567890',
        `"${'a'.repeat(99)}"`,
        '}'.repeat(99),
        ' '.repeat(99),
      ]) {
        const bytes = encoder.encode(text)
        scan(encoder.encode(text + before), 'none')
        expect(scan(bytes, 'none')).toBeDefined()
        scan(encoder.encode(before + text + before), 'none')
        expect(scan(bytes, 'none')).toBeDefined()
      }
    },
  )

  test.each(['tru', '"a', '[1', '{"a":1', '-', '[1,'])(
    'is not finished by what is left of it: %s',
    (text) => {
      for (const rest of ['e', '"', ']', '}', '1', '1]']) {
        scan(encoder.encode(text + rest), 'none')
        expect(scan(encoder.encode(text), 'none')).toBeUndefined()
      }
    },
  )
})

describe('a file as it is read', () => {
  const form = { ...olpc }

  test('has empty tables where they were proved', () => {
    const { value, proved } = readFile(encoder.encode(targets), olpc, 'targets', true)
    expect(value).toEqual({
      signatures: [],
      signed: { delegations: { keys: {}, roles: [] }, targets: {} },
    })
    expect(proved?.table?.rows).toHaveLength(2)
    expect(proved?.roles?.rows).toHaveLength(6)
    const other = readFile(encoder.encode(snapshot(' ')), olpc, 'snapshot', true)
    expect(other.value).toEqual({
      signatures: [],
      signed: { _type: 'snapshot', meta: {}, version: 1 },
    })
  })

  test.each([
    ['targets', targets.replace('"sha256":"ab"', '"sha256":"abc"'), { roles: 0, targets: 1 }],
    ['roles', targets.replace('"k"', '"k","l"'), { roles: 2, targets: 0 }],
  ])('has the rows of %s where these were not proved', (_, text, counts) => {
    const { value } = readFile(encoder.encode(text), olpc, 'targets', true)
    const { signed } = value as { signed: { delegations: { roles: object }; targets: object } }
    const { roles, targets } = { ...signed, ...signed.delegations }
    expect({
      roles: Object.keys(roles).length,
      targets: Object.keys(targets).length,
    }).toEqual(counts)
  })

  test('has all of its rows where the form is not the one of the scanner', () => {
    for (const [text, schema] of [
      [snapshot(), 'snapshot'],
      [targets, 'targets'],
    ] as const) {
      const { value, signedBytes, proved } = readFile(encoder.encode(text), form, schema, true)
      expect(proved).toBeUndefined()
      expect(value).toEqual(JSON.parse(text))
      expect(signedBytes).toEqual(readFile(encoder.encode(text), olpc, schema, true).signedBytes)
    }
  })
})
