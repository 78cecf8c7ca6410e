import { describe, expect, test } from '@jest/globals'
import { JsonSyntaxError, type JsonObject, type JsonValue } from '../../src/core/json/value.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { checkedTarget } from '../../src/core/metadata/target-file.js'
import { MetadataInvalidError } from '../../src/errors.js'
import type { TargetFile } from '../../src/index.js'
import { jcs } from '../../src/jcs.js'
import { refusedAt } from '../support/small-files.js'

const digest = 'ab'.repeat(32)

/** A targets file with one field that is written as JSON. */
function bytesOf(fields: Readonly<Record<string, string>>): Uint8Array {
  const all = {
    _type: '"targets"',
    expires: '"2030-01-01T00:00:00Z"',
    spec_version: '"1.0.34"',
    targets: '{}',
    version: '1',
    ...fields,
  }
  const members = Object.entries(all)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, text]) => `"${name}":${text}`)
  return new TextEncoder().encode(`{"signatures":[],"signed":{${members.join(',')}}}`)
}

/** One target of a file, as it is read. */
function targetOf(entry: JsonObject): TargetFile | undefined {
  const bytes = bytesOf({ targets: JSON.stringify({ 'a.txt': entry }) })
  return parseMetadata(bytes, 'targets', 'targets').signed.targets.get('a.txt')
}

describe('a field that is refused is named with the value that it has', () => {
  const integer = 'must be an integer from 1 to 2^53 - 1'
  test.each([
    ['null', 'null'],
    ['true', 'true'],
    ['false', 'false'],
    ['0', 'the number 0'],
    ['-1', 'the number -1'],
    ['9007199254740992', 'the number 9007199254740992'],
    ['"1"', 'the string "1"'],
    [JSON.stringify('x'.repeat(41)), `the string "${'x'.repeat(40)}"`],
    ['[]', 'an array'],
    ['{}', 'an object'],
  ])('%s', (version, described) => {
    expect(() => parseMetadata(bytesOf({ version }), 'targets', 'targets')).toThrow(
      expect.objectContaining({
        path: 'signed.version',
        reason: `${integer}, is ${described}`,
      }),
    )
  })

  const role = { keyids: ['k'], name: 'a', paths: ['*'], terminating: true, threshold: 1 }
  const withRole = (change: JsonObject): string =>
    JSON.stringify({ keys: {}, roles: [{ ...role, ...change }] })

  const bins = { bit_length: 33, keyids: ['k'], name_prefix: 'bin', threshold: 1 }

  test.each([
    [{ spec_version: '1' }, 'signed.spec_version', 'must be a string, is the number 1'],
    [{ targets: '[]' }, 'signed.targets', 'must be an object, is an array'],
    [{ delegations: '1' }, 'signed.delegations', 'must be an object, is the number 1'],
    [
      { delegations: withRole({ terminating: 1 }) },
      'signed.delegations.roles[0].terminating',
      'must be a boolean, is the number 1',
    ],
    [
      { delegations: withRole({ keyids: 'k' }) },
      'signed.delegations.roles[0].keyids',
      'must be an array, is the string "k"',
    ],
    [
      { delegations: withRole({ keyids: ['k', 1] }) },
      'signed.delegations.roles[0].keyids[1]',
      'must be a string, is the number 1',
    ],
    [
      { delegations: withRole({ paths: ['*', null] }) },
      'signed.delegations.roles[0].paths[1]',
      'must be a string, is null',
    ],
    [
      { targets: JSON.stringify({ 'a.txt': { hashes: { sha256: digest }, length: -1 } }) },
      'signed.targets.a.txt.length',
      'must be an integer from 0 to 2^53 - 1, is the number -1',
    ],
    [
      { targets: JSON.stringify({ 'a.txt': { hashes: { sha256: 'no' }, length: 1 } }) },
      'signed.targets.a.txt.hashes.sha256',
      'must be a hexadecimal digest',
    ],
    [
      { delegations: JSON.stringify({ keys: {}, succinct_roles: bins }) },
      'signed.delegations.succinct_roles.bit_length',
      'must be an integer from 1 to 32, is the number 33',
    ],
    [{ expires: '"2030"' }, 'signed.expires', 'must be an RFC 3339 date-time'],
  ] as const)('%j', (fields, path, reason) => {
    expect(() => parseMetadata(bytesOf(fields), 'targets', 'targets')).toThrow(
      expect.objectContaining({ path, reason }),
    )
  })
})

test('a fraction is not a version, also in a form that has fractions', () => {
  const read = (version: string): number =>
    parseMetadata(bytesOf({ version }), 'targets', 'targets', { canonicalForm: jcs }).signed.version
  expect(read('2.0')).toBe(2)
  expect(() => read('1.5')).toThrow(
    expect.objectContaining({
      path: 'signed.version',
      reason: 'must be an integer from 1 to 2^53 - 1, is the number 1.5',
    }),
  )
})

test('a file that lacks one of its two members is refused there', () => {
  const { signed } = JSON.parse(new TextDecoder().decode(bytesOf({}))) as { signed: JsonObject }
  for (const [file, path] of [
    [{ signatures: [] }, 'signed'],
    [{ signed }, 'signatures'],
  ] as const) {
    const bytes = new TextEncoder().encode(JSON.stringify(file))
    expect(refusedAt(() => parseMetadata(bytes, 'targets', 'targets'))).toEqual({
      path,
      reason: 'is missing',
    })
  }
})

test('the refusal of text that is not JSON tells the place in the text', () => {
  const read = () => parseMetadata(new TextEncoder().encode('{} '.repeat(2)), 'root', 'root')
  expect(read).toThrow(MetadataInvalidError)
  expect(read).toThrow(expect.objectContaining({ cause: expect.any(JsonSyntaxError) }))
  expect(read).toThrow(expect.objectContaining({ cause: expect.objectContaining({ offset: 3 }) }))
})

test('a wrong bound on signatures is refused by its name', () => {
  const read = () => parseMetadata(bytesOf({}), 'targets', 'targets', { signatures: -1 })
  expect(read).toThrow(RangeError)
  expect(read).toThrow('signatures is not an integer from 0')
})

test('custom fields of a target contain no object with a prototype', () => {
  const custom: JsonObject = { inner: { deep: {} }, list: [{}, [{}]] }
  const found = targetOf({ custom, hashes: { sha256: digest }, length: 5 })?.custom
  expect(JSON.parse(JSON.stringify(found))).toEqual(custom)
  const prototypes = (value: JsonValue | undefined): unknown[] =>
    typeof value === 'object' && value !== null
      ? [
          ...(Array.isArray(value) ? [] : [Object.getPrototypeOf(value)]),
          ...Object.values(value).flatMap(prototypes),
        ]
      : []
  expect(prototypes(found)).toEqual([null, null, null, null, null])
})

test('an entry of a snapshot is read with its length alone, its hashes alone, both or neither', () => {
  const entries: JsonObject = {
    'a.json': { version: 1 },
    'b.json': { length: 5, version: 2 },
    'c.json': { hashes: { sha256: digest }, version: 3 },
    'd.json': { hashes: { sha256: digest }, length: 6, version: 4 },
  }
  const bytes = new TextEncoder().encode(
    `{"signatures":[],"signed":{"_type":"snapshot","expires":"2030-01-01T00:00:00Z",` +
      `"meta":${JSON.stringify(entries)},"spec_version":"1.0.34","version":1}}`,
  )
  const hashes = new Map([['sha256', digest]])
  expect([...parseMetadata(bytes, 'snapshot', 'snapshot').signed.meta]).toStrictEqual([
    ['a.json', { version: 1 }],
    ['b.json', { version: 2, length: 5 }],
    ['c.json', { version: 3, hashes }],
    ['d.json', { version: 4, length: 6, hashes }],
  ])
})

describe('a target file that a program hands in', () => {
  const target: TargetFile = { path: 'a.txt', length: 0, hashes: new Map([['sha256', digest]]) }

  test('is copied with its hashes', () => {
    const copy = checkedTarget(target)
    expect(copy).toEqual(target)
    expect(copy.hashes).not.toBe(target.hashes)
  })

  test('is copied with the fields for the application', () => {
    const custom = { inner: 1 }
    const read = targetOf({ custom, hashes: { sha256: digest }, length: 5 })
    expect(Object.keys(read ?? {})).toEqual(['path', 'length', 'hashes', 'custom'])
    expect(read && checkedTarget(read).custom).toEqual(custom)
  })

  const length = 'the target file "a.txt" lacks a length in bytes'
  const hashes = 'the target file "a.txt" lacks a map of hashes'
  test.each<readonly [string, object, string]>([
    ['a path', { path: undefined }, 'the target file lacks a path'],
    ['a length', { length: undefined }, length],
    ['a whole length', { length: 0.5 }, length],
    ['a length from 0', { length: -1 }, length],
    ['hashes', { hashes: undefined }, hashes],
    ['a map of hashes', { hashes: { sha256: digest } }, hashes],
    ['pairs of hashes', { hashes: ['sha256'] }, hashes],
    ['names of hashes', { hashes: [[1, digest]] }, hashes],
    ['digests', { hashes: [['sha256', 1]] }, hashes],
    ['a digest', { hashes: [['sha256']] }, hashes],
  ])('and lacks %s is refused', (_what, change, message) => {
    expect(() => checkedTarget({ ...target, ...change })).toThrow(new TypeError(message))
  })
})
