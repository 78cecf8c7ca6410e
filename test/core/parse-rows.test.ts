import { describe, expect, test } from '@jest/globals'
import { SlicedRows } from '../../src/core/json/fast/rows.js'
import type { JsonObject, JsonValue } from '../../src/core/json/value.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { sortedText } from '../support/proved-files.js'

const digest = 'ab'.repeat(32)
const bin = {
  keyids: ['k'],
  name: '00-07',
  path_hash_prefixes: ['00', '01'],
  terminating: true,
  threshold: 1,
}
const target = { hashes: { sha256: digest }, length: 5 }

/** None of these is a string, an integer from 0, a boolean, or a list or an object of such. */
const wrong: readonly JsonValue[] = [null, -1, 0.5, 2 ** 53, [1], [null], { a: 1 }, [[]], {}]

function bytesOf(signed: JsonObject): Uint8Array {
  const common = { expires: '2030-01-01T00:00:00Z', spec_version: '1.0.34', version: 1 }
  return new TextEncoder().encode(sortedText({ signatures: [], signed: { ...signed, ...common } }))
}

function withRole(role: JsonValue): Uint8Array {
  return bytesOf({ _type: 'targets', delegations: { keys: {}, roles: [role] }, targets: {} })
}

function withTarget(entry: JsonValue): Uint8Array {
  return bytesOf({ _type: 'targets', targets: { 'a.txt': entry } })
}

function withMeta(entry: JsonValue): Uint8Array {
  return bytesOf({ _type: 'snapshot', meta: { 'a.json': entry } })
}

describe('a row as PyPI lists thousands of them', () => {
  test('is read as any other', () => {
    const { delegations } = parseMetadata(withRole(bin), 'targets', 'bins').signed
    const role = {
      name: '00-07',
      keyids: ['k'],
      threshold: 1,
      terminating: true,
      pathHashPrefixes: ['00', '01'],
    }
    expect(delegations?.roles).toStrictEqual([role])
    // Two keys are for the reader of all rows.
    const twoKeys = { ...bin, keyids: ['k', 'l'] }
    const other = parseMetadata(withRole(twoKeys), 'targets', 'bins').signed
    expect(other.delegations?.roles).toStrictEqual([{ ...role, keyids: ['k', 'l'] }])

    const hashes = new Map([['sha256', digest]])
    const file = { path: 'a.txt', length: 5, hashes }
    const { targets } = parseMetadata(withTarget(target), 'targets', '00').signed
    expect(targets.get('a.txt')).toStrictEqual(file)
    const capitals = { ...target, hashes: { sha256: digest.toUpperCase() } }
    const lowered = parseMetadata(withTarget(capitals), 'targets', '00').signed
    expect(lowered.targets.get('a.txt')).toStrictEqual(file)

    const { meta } = parseMetadata(withMeta({ version: 3, x: [] }), 'snapshot', 'snapshot').signed
    expect(meta.get('a.json')).toStrictEqual({ version: 3 })
  })

  test('stays as it stands in the file until it is asked for', () => {
    const { meta } = parseMetadata(withMeta({ version: 3 }), 'snapshot', 'snapshot').signed
    const { targets } = parseMetadata(withTarget(target), 'targets', '00').signed
    for (const table of [meta, targets]) expect(table).toBeInstanceOf(SlicedRows)
  })

  test.each([...wrong, '', 'x', true, 1, []])('is left to the reader that reports: %j', (value) => {
    const place = expect.objectContaining({ code: 'ERR_TUF_METADATA_INVALID' })
    expect(() => parseMetadata(withMeta(value), 'snapshot', 'snapshot')).toThrow(place)
    expect(() => parseMetadata(withTarget(value), 'targets', '00')).toThrow(place)
    expect(() => parseMetadata(withRole(value), 'targets', 'bins')).toThrow(place)
  })

  test.each(Object.keys(bin))('with anything wrong in %s is refused there', (name) => {
    for (const value of [...wrong, ...(name === 'threshold' ? [0, '1', true] : [1])]) {
      const role = { ...bin, [name]: value }
      expect(() => parseMetadata(withRole(role), 'targets', 'bins')).toThrow(
        expect.objectContaining({
          path: expect.stringMatching(`^signed\\.delegations\\.roles\\[0\\]\\.${name}`),
        }),
      )
    }
  })

  test('with both kinds of paths is refused', () => {
    const role = { ...bin, paths: ['*'] }
    expect(() => parseMetadata(withRole(role), 'targets', 'bins')).toThrow(/exactly one of paths/)
  })

  test.each([
    ...wrong.map((length) => ['length', { ...target, length }] as const),
    ...wrong.map((hashes) => ['hashes', { ...target, hashes }] as const),
    ...[...wrong, '', 'a', 'xy', 'ab '].map(
      (sha256) => ['hashes.sha256', { ...target, hashes: { sha256 } }] as const,
    ),
    ['custom', { ...target, custom: [] }] as const,
    ['custom', { ...target, custom: null }] as const,
  ])('of a target is refused at %s: %j', (path, entry) => {
    expect(() => parseMetadata(withTarget(entry), 'targets', '00')).toThrow(
      expect.objectContaining({ path: expect.stringContaining(`signed.targets.a.txt.${path}`) }),
    )
  })

  test.each([...wrong, 0, '1'])('of a snapshot is refused with the version %j', (version) => {
    expect(() => parseMetadata(withMeta({ version }), 'snapshot', 'snapshot')).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_METADATA_INVALID' }),
    )
  })
})
