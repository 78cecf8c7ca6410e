import { describe, expect, test } from '@jest/globals'
import type { JsonObject, JsonValue } from '../../src/core/json/value.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { MetadataInvalidError, SpecVersionError } from '../../src/errors.js'
import { jsonText } from '../../src/testing/json-text.js'
import {
  authority,
  bytesOf,
  delegating,
  head,
  inherited,
  key,
  named,
  readRoot,
  readTargets,
  refusedAt,
  root,
  targets,
} from '../support/small-files.js'

describe('4.3: spec_version', () => {
  test.each(['1.0', '1.0.34', '1.9.0'])('%s is read', (version) => {
    expect(readTargets(targets({ spec_version: version })).specVersion).toBe(version)
  })

  test.each(['2.0.0', '1', 'abc', '', '0.9.0', '1.0.34.5', ' 1.0.34', '1.0.34-rc1', '01.0.0'])(
    '%j is another version, for every role',
    (version) => {
      const read = (): unknown => readTargets(targets({ spec_version: version }))
      expect(read).toThrow(SpecVersionError)
      expect(read).toThrow(
        expect.objectContaining({
          code: 'ERR_TUF_SPEC_VERSION_UNSUPPORTED',
          found: version,
          role: 'targets',
          step: '4.5',
        }),
      )
      expect(() => readRoot(root({ spec_version: version }))).toThrow(
        expect.objectContaining({ role: 'root', step: '4.3' }),
      )
    },
  )

  test('is judged before fields that another version may have changed', () => {
    const file = targets({ spec_version: '2.0.0', targets: null })
    expect(() => readTargets(file)).toThrow(SpecVersionError)
  })
})

describe('4.3: _type', () => {
  test.each(['root', 'timestamp', 'snapshot', 'Targets', '__proto__', ''])(
    '%j is not targets',
    (type) => {
      expect(refusedAt(() => readTargets(targets({ _type: type })))).toEqual({
        path: 'signed._type',
        reason: `must be "targets", is ${JSON.stringify(type)}`,
      })
    },
  )

  test('a refusal names the delegated role, and only the beginning of a long type', () => {
    const file = bytesOf(targets({ _type: 'x'.repeat(10_000) }))
    const read = (): unknown => parseMetadata(file, 'targets', 'dev/one')
    expect(read).toThrow(expect.objectContaining({ role: 'dev/one', step: '4.5' }))
    expect(refusedAt(read).reason).toHaveLength(`must be "targets", is "${'x'.repeat(40)}"`.length)
  })
})

describe('CVE-2026-23991: whatever the bytes are, the answer is an error of its own', () => {
  const anywhere = [
    '',
    ' ',
    'null',
    '1',
    '"x"',
    '[]',
    '{',
    '{}',
    'nul',
    '{"signed":{}}x',
    '\ufeff{}',
  ]

  test.each(anywhere)('%j is not metadata', (text) => {
    expect(() => readTargets(text)).toThrow(MetadataInvalidError)
    expect(() => readRoot(text)).toThrow(MetadataInvalidError)
  })

  test('5 MB of brackets, and 100,000 containers within each other, are refused', () => {
    expect(refusedAt(() => readTargets('['.repeat(5_000_000))).reason).toMatch(/deep/)
    expect(refusedAt(() => readTargets('{"a":'.repeat(1_000_000))).reason).toMatch(/deep/)
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const file = jsonText(targets({ custom: 0 })).replace('"custom":0', `"custom":${deep}`)
    expect(refusedAt(() => readTargets(file)).reason).toMatch(/deep/)
  })

  test('bytes that are not UTF-8 are refused, in a name and in a text', () => {
    for (const place of ['targets', '1.0.34']) {
      const bytes = bytesOf(targets())
      const at = new TextDecoder().decode(bytes).indexOf(place)
      for (const bad of [0xff, 0xc0, 0x80, 0xed]) {
        const broken = Uint8Array.from(bytes)
        broken[at] = bad
        expect(refusedAt(() => readTargets(broken))).toEqual({ path: '', reason: 'not UTF-8' })
      }
    }
  })

  test('half of a surrogate pair is refused', () => {
    const file = jsonText(targets({ x: 1 })).replace('"x":1', String.raw`"x":"\ud83d"`)
    expect(refusedAt(() => readTargets(file)).path).toBe('signed.x')
  })

  test('a name that occurs twice is refused at its place', () => {
    const twice = (text: string, name: string): string =>
      text.replace(`"${name}":`, `"${name}":null,"${name}":`)
    const text = jsonText(targets({ targets: { a: { length: 1, hashes: { sha256: 'ab' } } } }))
    expect(refusedAt(() => readTargets(twice(text, 'signed'))).path).toBe('signed')
    expect(refusedAt(() => readTargets(twice(text, 'version'))).path).toBe('signed.version')
    expect(refusedAt(() => readTargets(twice(text, 'a'))).path).toBe('signed.targets.a')
    const escaped = text.replace('"version":', String.raw`"\u0076ersion":2,"version":`)
    expect(refusedAt(() => readTargets(escaped)).path).toBe('signed.version')
  })

  test('a name of any length makes no endless message', () => {
    const file = targets({ targets: { ['x'.repeat(100_000)]: 1 } })
    expect(refusedAt(() => readTargets(file)).path.length).toBeLessThan(200)
  })
})

describe('CVE-2026-23991: no name is special', () => {
  test('as a target, as the name of a hash and in an opaque value', () => {
    const hashes = named(inherited, 'ab')
    const custom = { list: [named(inherited, { x: 1 })], ...named(inherited, 2) }
    const signed = readTargets(
      targets({ targets: named(inherited, { length: 1, hashes, custom }), ...named(inherited, 3) }),
    )
    expect([...signed.targets.keys()].sort()).toEqual([...inherited].sort())
    expect(signed.targets.get('isPrototypeOf')).toBeUndefined()
    const target = signed.targets.get('__proto__')
    expect(target?.path).toBe('__proto__')
    expect(new Set(target?.hashes.keys())).toEqual(new Set(inherited))
    expect(Object.keys(target?.custom ?? {}).sort()).toEqual([...inherited, 'list'].sort())
    expect(Object.getPrototypeOf(target?.custom)).toBeNull()
    const opaque = Object.entries(signed.unrecognized).sort()
    expect(opaque).toEqual(inherited.map((name) => [name, 3]).sort())
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  test('as a key, in a list of keyids and as a delegated role', () => {
    const roles = inherited.map((name) => ({
      name,
      keyids: inherited,
      threshold: 1,
      paths: [name],
    }))
    const { delegations } = readTargets(
      targets({ delegations: { keys: named(inherited, key), roles } }),
    )
    expect(delegations?.roles?.map(({ name }) => name)).toEqual(inherited)
    expect(delegations?.keys.get('__proto__')).toEqual({
      keyid: '__proto__',
      keytype: 'ed25519',
      scheme: 'ed25519',
      public: 'ab',
    })
    expect(delegations?.keys.get('propertyIsEnumerable')).toBeUndefined()
  })

  test('as a file that the snapshot lists', () => {
    const meta = named(inherited, { version: 5 })
    const file = { signatures: [], signed: { ...head, _type: 'snapshot', meta } }
    const { signed } = parseMetadata(bytesOf(file), 'snapshot', 'snapshot')
    expect(signed.meta.get('__proto__')).toEqual({ version: 5 })
    expect(signed.meta.get('isPrototypeOf')).toBeUndefined()
  })

  test('and none stands in for a field that is missing', () => {
    const { signed } = root()
    const text = jsonText({ signatures: [], signed: { ...(signed as JsonObject), roles: {} } })
    const planted = text.replace(
      '"roles":{}',
      `"roles":{"__proto__":${jsonText(named(['root', 'timestamp', 'snapshot', 'targets'], authority))}}`,
    )
    expect(refusedAt(() => readRoot(planted))).toEqual({
      path: 'signed.roles.root',
      reason: 'is missing',
    })
  })
})

describe('CVE-2026-23992: a threshold is an integer of at least 1', () => {
  const wrong = ['0', '-1', '0.5', '"1"', 'true', '1e400', 'null', '9007199254740993', '[1]']

  test.each(wrong)('%s is refused in root, in a delegation and for succinct roles', (threshold) => {
    const put = (file: JsonValue): string =>
      jsonText(file).replace('"threshold":1', `"threshold":${threshold}`)
    expect(refusedAt(() => readRoot(put(root()))).path).toBe('signed.roles.root.threshold')
    const role = { ...authority, name: 'dev', paths: [] }
    expect(refusedAt(() => readTargets(put(delegating([role])))).path).toBe(
      'signed.delegations.roles[0].threshold',
    )
    const succinct = { ...authority, bit_length: 4, name_prefix: 'bin' }
    const file = targets({ delegations: { keys: {}, succinct_roles: succinct } })
    expect(refusedAt(() => readTargets(put(file))).path).toBe(
      'signed.delegations.succinct_roles.threshold',
    )
  })

  test('one that the keys can never meet is read', () => {
    const roles = named(['root', 'timestamp', 'snapshot', 'targets'], {
      keyids: [],
      threshold: 2 ** 53 - 1,
    })
    expect(readRoot(root({ roles })).roles.root.threshold).toBe(Number.MAX_SAFE_INTEGER)
  })
})

describe('4.2.1: a keyid is listed once', () => {
  test('in signatures', () => {
    const signatures = ['a', 'b', 'a'].map((keyid, index) => ({ keyid, sig: `0${index}` }))
    expect(refusedAt(() => readTargets({ ...targets(), signatures }))).toEqual({
      path: 'signatures[2].keyid',
      reason: 'is repeated',
    })
  })

  test('in a role of root, in a delegated role and in succinct roles', () => {
    const twice = { keyids: ['a', 'K', 'b', 'K'], threshold: 1 }
    const roles = { ...named(['root', 'timestamp', 'targets'], authority), snapshot: twice }
    expect(refusedAt(() => readRoot(root({ roles })))).toEqual({
      path: 'signed.roles.snapshot.keyids[3]',
      reason: 'is repeated',
    })
    const role = { ...twice, name: 'dev', paths: [] }
    expect(refusedAt(() => readTargets(delegating([role]))).path).toBe(
      'signed.delegations.roles[0].keyids[3]',
    )
    const succinct = { ...twice, bit_length: 4, name_prefix: 'bin' }
    const file = targets({ delegations: { keys: {}, succinct_roles: succinct } })
    expect(refusedAt(() => readTargets(file)).path).toBe(
      'signed.delegations.succinct_roles.keyids[3]',
    )
  })
})

describe('CVE-2020-6173: a flood of signatures is refused at parse', () => {
  const flood = (count: number): JsonObject => ({
    ...targets(),
    signatures: Array.from({ length: count }, (_, index) => ({ keyid: String(index), sig: '' })),
  })

  test('1,024 are read and 1,025 are not', () => {
    expect(parseMetadata(bytesOf(flood(1024)), 'targets', 'targets').signatures).toHaveLength(1024)
    expect(refusedAt(() => readTargets(flood(1025)))).toEqual({
      path: 'signatures',
      reason: 'must contain at most 1024 entries',
    })
    expect(refusedAt(() => readTargets(flood(100_000))).path).toBe('signatures')
  })

  test('the cap is an option', () => {
    expect(readTargets(flood(2), { signatures: 2 }).version).toBe(1)
    expect(refusedAt(() => readTargets(flood(3), { signatures: 2 })).path).toBe('signatures')
  })
})
