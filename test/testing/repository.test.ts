import { describe, expect, test } from '@jest/globals'
import { hashes, verify } from '@noble/ed25519'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { encodeCanonical } from '../../src/core/json/canonical.js'
import { FetchNotFoundError } from '../../src/errors.js'
import {
  createRepository,
  ed25519Signer,
  withKeyid,
  type TestRepository,
} from '../../src/testing/index.js'
import { object, read, readAll, list, text } from './support.js'

hashes.sha512 = sha512

describe('a repository', () => {
  test('is the same to the byte for the same seed, and another for another', () => {
    const make = (seed: string): TestRepository => {
      const repo = createRepository({ seed })
      repo.addTarget('pkgs/a.whl', 'wheel')
      repo.delegate('targets', { name: 'dev', paths: ['dev/*'] })
      repo.publish()
      repo.rotate('timestamp')
      return repo
    }
    const a = make('one')
    const b = make('one')
    expect(a.fileNames()).toEqual([
      '1.root.json',
      '1.targets.json',
      '1.dev.json',
      '1.snapshot.json',
      'timestamp.json',
      '2.root.json',
    ])
    for (const name of a.fileNames()) expect(a.file(name)).toEqual(b.file(name))
    expect(make('two').root()).not.toEqual(a.root())
  })

  test('signs every role with the keys that its delegator names', () => {
    const repo = createRepository({
      keys: { root: { count: 2 }, targets: { count: 3, threshold: 2 } },
    })
    repo.delegate('targets', { name: 'dev', paths: ['dev/*'], count: 2 })
    repo.publish()
    const root = object(read(repo.root())['signed'])
    const targets = object(read(repo.file('1.targets.json'))['signed'])
    const delegations = object(targets['delegations'])
    const rolesOfRoot = object(root['roles'])
    const authorities: [string, unknown, unknown][] = [
      ['1.root.json', root['keys'], rolesOfRoot['root']],
      ['timestamp.json', root['keys'], rolesOfRoot['timestamp']],
      ['1.snapshot.json', root['keys'], rolesOfRoot['snapshot']],
      ['1.targets.json', root['keys'], rolesOfRoot['targets']],
      ['1.dev.json', delegations['keys'], list(delegations['roles'])[0]],
    ]
    const counts = authorities.map(([name, keys, role]) => {
      const signed = validSignatures(repo.file(name), object(keys))
      expect(signed).toEqual(object(role)['keyids'])
      return [name, signed.length, object(role)['threshold']]
    })
    expect(counts).toEqual([
      ['1.root.json', 2, 2],
      ['timestamp.json', 1, 1],
      ['1.snapshot.json', 1, 1],
      ['1.targets.json', 3, 2],
      ['1.dev.json', 2, 2],
    ])
  })

  test('gives a new version to changed roles and to roles that list them, and to no other', () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'dev' })
    repo.publish()
    repo.addTarget('x', 'x', { role: 'dev' })
    repo.publish()
    repo.publish()
    const versions = ['root', 'targets', 'dev', 'snapshot', 'timestamp'].map((r) => repo.version(r))
    expect(versions).toEqual([1, 1, 2, 2, 3])
    const snapshot = object(read(repo.file('2.snapshot.json'))['signed'])
    expect(snapshot['meta']).toEqual({ 'targets.json': { version: 1 }, 'dev.json': { version: 2 } })
    const timestamp = object(read(repo.file('timestamp.json'))['signed'])
    expect(timestamp['meta']).toEqual({ 'snapshot.json': { version: 2 } })
  })

  test('keeps every version of every file', () => {
    const repo = createRepository({ consistentSnapshot: false })
    repo.addTarget('a', 'one')
    const first = repo.publish()
    repo.addTarget('a', 'two')
    repo.publish()
    const versionAt = (publication: number): unknown =>
      object(read(repo.file('targets.json', 'metadata', publication))['signed'])['version']
    expect([versionAt(first), versionAt(repo.publication)]).toEqual([1, 2])
    expect(text(repo.file('a', 'target', first))).toBe('one')
    expect(text(repo.file('a', 'target'))).toBe('two')
  })

  test('serves targets under each of their digests', () => {
    const repo = createRepository()
    const content = utf8ToBytes('wheel')
    repo.addTarget('pkgs/a.whl', content, { hashes: ['sha256', 'blake2b-256'], custom: { n: 1 } })
    repo.publish()
    const targets = object(read(repo.file('1.targets.json'))['signed'])
    const entry = object(object(targets['targets'])['pkgs/a.whl'])
    expect(entry['length']).toBe(5)
    expect(entry['custom']).toEqual({ n: 1 })
    const digests = Object.values(object(entry['hashes']))
    expect(digests[1]).toBe(bytesToHex(sha256(content)))
    const names = digests.map((digest) => `pkgs/${String(digest)}.a.whl`)
    expect(new Set(repo.fileNames('target'))).toEqual(new Set(names))
  })

  test('lists lengths and hashes when asked to', () => {
    const repo = createRepository({ snapshotHashes: true, timestampHashes: true, indent: 1 })
    repo.publish()
    const targets = repo.file('1.targets.json')
    const snapshot = repo.file('1.snapshot.json')
    const listed = (bytes: Uint8Array): unknown => ({
      version: 1,
      length: bytes.length,
      hashes: { sha256: bytesToHex(sha256(bytes)) },
    })
    expect(object(read(snapshot)['signed'])['meta']).toEqual({ 'targets.json': listed(targets) })
    const timestamp = object(read(repo.file('timestamp.json'))['signed'])
    expect(timestamp['meta']).toEqual({ 'snapshot.json': listed(snapshot) })
  })

  test.each([
    [{ indent: 0 }, '{"signatures":[{"keyid":"'],
    [{ indent: 1 }, '{\n "signatures": [\n  {\n   "keyid": "'],
    [{ indent: 2, sorted: false }, '{\n  "signatures": [\n    {\n      "keyid": "'],
  ])('writes JSON as %j', (style, start) => {
    const repo = createRepository(style)
    repo.publish()
    expect(text(repo.root()).slice(0, start.length)).toBe(start)
    const signed = object(read(repo.root())['signed'])
    const names = Object.keys(signed)
    expect(names[1]).toBe('sorted' in style ? 'spec_version' : 'consistent_snapshot')
  })
})

describe('rotation', () => {
  test('signs the next root by the old keys and the new', () => {
    const repo = createRepository()
    repo.publish()
    const old = repo.signers('root').map((signer) => signer.keyid)
    repo.rotate('root')
    const next = read(repo.root(2))
    const keyids = list(next['signatures']).map((signature) => object(signature)['keyid'])
    const named = object(object(object(next['signed'])['roles'])['root'])['keyids']
    expect(keyids).toEqual([...old, ...list(named)])
    expect(named).not.toEqual(old)
    repo.rotate('timestamp')
    expect(list(read(repo.root(3))['signatures'])).toHaveLength(1)
    expect(repo.version('timestamp')).toBe(2)
  })

  test('adds and removes keys, and changes thresholds', () => {
    const repo = createRepository()
    repo.publish()
    const [first] = repo.signers('root')
    repo.rotate('root', { add: 2, threshold: 2 })
    const three = rootRole(repo, 2)
    repo.rotate('root', { remove: [first?.keyid ?? ''] })
    const two = rootRole(repo, 3)
    expect([list(three['keyids']).length, three['threshold']]).toEqual([3, 2])
    expect([list(two['keyids']).length, two['threshold']]).toEqual([2, 2])
    expect(two['keyids']).toEqual(list(three['keyids']).slice(1))
  })

  test('of a delegated role changes every delegator that names it', () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a' })
    repo.delegate('targets', { name: 'b' })
    repo.delegate('a', { name: 'c' })
    repo.delegate('b', { name: 'c' })
    repo.publish()
    const before = repo.signers('c')[0]?.keyid
    repo.rotate('c')
    const after = repo.signers('c')[0]?.keyid
    expect(after).not.toBe(before)
    for (const file of ['2.a.json', '2.b.json']) {
      const delegations = object(object(read(repo.file(file))['signed'])['delegations'])
      expect(Object.keys(object(delegations['keys']))).toEqual([after])
    }
    expect(repo.version('targets')).toBe(1)
    expect(repo.version('c')).toBe(2)
  })
})

describe('delegations', () => {
  test('that are taken back leave the role listed', () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'dev', paths: ['dev/*'], terminating: true })
    repo.publish()
    repo.revoke('targets', 'dev')
    repo.publish()
    const rolesIn = (name: string): unknown =>
      object(object(read(repo.file(name))['signed'])['delegations'])['roles']
    expect(rolesIn('1.targets.json')).toMatchObject([
      { name: 'dev', paths: ['dev/*'], terminating: true, threshold: 1 },
    ])
    expect(rolesIn('2.targets.json')).toEqual([])
    const meta = object(object(read(repo.file('2.snapshot.json'))['signed'])['meta'])
    expect(meta['dev.json']).toEqual({ version: 1 })
  })

  test('to a top-level name make no file', () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'snapshot' })
    repo.publish()
    expect(repo.roles()).toEqual(['targets'])
    expect(object(read(repo.file('1.snapshot.json'))['signed'])['_type']).toBe('snapshot')
  })

  test('give a role the next version that the test chooses', () => {
    const repo = createRepository()
    for (let i = 0; i < 3; i++) repo.publish('targets')
    repo.setNextVersion('targets', 2)
    repo.publish('targets')
    const meta = object(object(read(repo.file('4.snapshot.json'))['signed'])['meta'])
    expect(meta['targets.json']).toEqual({ version: 2 })
  })
})

describe('edits', () => {
  test('publish a consistent repository around any signed value', () => {
    const repo = createRepository({ snapshotHashes: true })
    repo.publish()
    repo.edit('targets', (signed) => {
      signed['targets'] = null
      signed['version'] = 1.5
    })
    const file = repo.file('2.targets.json')
    expect(object(read(file)['signed'])).toMatchObject({ targets: null, version: 1.5 })
    const meta = object(object(read(repo.file('2.snapshot.json'))['signed'])['meta'])
    expect(object(meta['targets.json'])).toMatchObject({ version: 2, length: file.length })
    repo.publish('targets')
    expect(object(read(repo.file('3.targets.json'))['signed'])['targets']).toEqual({})
  })

  test('can replace the value, touch the envelope and the bytes', () => {
    const repo = createRepository()
    repo.publish()
    repo.edit('timestamp', () => [1])
    expect(read(repo.file('timestamp.json'))['signed']).toEqual([1])
    repo.edit('timestamp', { envelope: (file) => void (file['signatures'] = []) })
    expect(read(repo.file('timestamp.json'))['signatures']).toEqual([])
    repo.edit('timestamp', { bytes: (bytes) => bytes.subarray(0, 10) })
    expect(repo.file('timestamp.json')).toHaveLength(10)
  })

  test('in place keep name and version, and sign again', () => {
    const repo = createRepository()
    repo.publish()
    repo.editInPlace('timestamp', (signed) => void (signed['x'] = 1))
    const file = read(repo.file('timestamp.json'))
    expect(object(file['signed'])).toMatchObject({ version: 1, x: 1 })
    const keys = object(object(read(repo.root())['signed'])['keys'])
    expect(validSignatures(repo.file('timestamp.json'), keys)).toHaveLength(1)
  })

  test('expire a role, until it is published again', () => {
    const repo = createRepository()
    repo.publish()
    const expires = (): unknown => object(read(repo.file('timestamp.json'))['signed'])['expires']
    expect(expires()).toBe('2026-01-02T00:00:00Z')
    repo.expire('timestamp')
    expect(expires()).toBe('2025-12-31T00:00:00Z')
    repo.advance(2)
    repo.publish()
    expect(expires()).toBe('2026-01-04T00:00:00Z')
  })

  test('names like __proto__ are names', () => {
    const repo = createRepository()
    repo.addTarget('__proto__', 'x')
    repo.delegate('targets', { name: '__proto__' })
    repo.edit('targets', (signed) => void (signed['y'] = 1))
    const signed = object(read(repo.file('1.targets.json'))['signed'])
    expect(Object.keys(object(signed['targets']))).toEqual(['__proto__'])
    expect(repo.file('1.__proto__.json').length).toBeGreaterThan(0)
  })

  test('keys sign under any name, and instead of others', () => {
    const repo = createRepository()
    repo.signWith('timestamp', [withKeyid(ed25519Signer('mallory'), 'x')])
    repo.publish()
    const signatures = list(read(repo.file('timestamp.json'))['signatures'])
    expect(signatures.map((signature) => object(signature)['keyid'])).toEqual(['x'])
  })
})

describe('consistent snapshots', () => {
  test('can be switched off and on', () => {
    const repo = createRepository()
    repo.addTarget('a', 'x')
    repo.publish()
    repo.setConsistentSnapshot(false)
    expect(object(read(repo.root(2))['signed'])['consistent_snapshot']).toBe(false)
    expect(repo.file('targets.json')).toEqual(repo.file('1.targets.json'))
    expect(repo.has('snapshot.json')).toBe(true)
    expect(text(repo.file('a', 'target'))).toBe('x')
  })
})

describe('the fetcher', () => {
  test('serves percent-encoded names, notes requests, and names missing files', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a/b' })
    repo.addTarget('d/ü%41 x', 'content')
    repo.publish()
    const fetcher = repo.fetcher({ chunkSize: 2 })
    const { metadataUrl, targetsUrl } = fetcher
    expect(await readAll(fetcher, `${metadataUrl}1.a%2Fb.json`, 'metadata')).toEqual(
      repo.file('1.a/b.json'),
    )
    const [name = ''] = repo.fileNames('target')
    const url = `${targetsUrl}${name.replace('%', '%25').replace('ü', '%C3%BC')}`
    expect(text(await readAll(fetcher, url, 'target'))).toBe('content')
    for (const missing of ['1.a/b.json', '2.root.json', '']) {
      await expect(readAll(fetcher, metadataUrl + missing, 'metadata')).rejects.toThrow(
        FetchNotFoundError,
      )
    }
    expect(fetcher.requested.slice(2)).toEqual(['1.a/b.json', '2.root.json', ''])
  })

  test('resumes a file that it served before, and starts again when the file changed', async () => {
    const repo = createRepository({ consistentSnapshot: false })
    repo.addTarget('a', '0123456789')
    repo.publish()
    const fetcher = repo.fetcher()
    const url = `${fetcher.targetsUrl}a`
    const ask = { url, kind: 'target', signal: new AbortController().signal } as const
    const { validator = '' } = await fetcher.fetch(ask)
    expect((await fetcher.fetch({ ...ask, offset: 4, validator })).offset).toBe(4)
    expect(text(await readAll(fetcher, url, 'target', { offset: 4, validator }))).toBe('456789')
    repo.addTarget('a', 'changed')
    repo.publish()
    expect(text(await readAll(fetcher, url, 'target', { offset: 4, validator }))).toBe('changed')
  })

  test('ends when it is aborted, even if the body hangs', async () => {
    const repo = createRepository()
    repo.publish()
    repo.serve('timestamp.json', async function* () {
      yield new Uint8Array(1)
      await new Promise(() => undefined)
    })
    const fetcher = repo.fetcher()
    const controller = new AbortController()
    const url = `${fetcher.metadataUrl}timestamp.json`
    const response = await fetcher.fetch({ url, kind: 'metadata', signal: controller.signal })
    const reading = (async () => {
      for await (const piece of response.body) controller.abort(new Error(`after ${piece.length}`))
    })()
    await expect(reading).rejects.toThrow('after 1')
  })

  test('serves the replacement that a test chooses, until the test removes it', async () => {
    const repo = createRepository()
    repo.publish()
    const fetcher = repo.fetcher()
    const url = `${fetcher.metadataUrl}timestamp.json`
    repo.serve('timestamp.json', { status: 500 })
    await expect(readAll(fetcher, url, 'metadata')).rejects.toMatchObject({ status: 500 })
    repo.serve('timestamp.json', new Error('cut'))
    await expect(readAll(fetcher, url, 'metadata')).rejects.toThrow('cut')
    const stop = repo.intercept(() => utf8ToBytes('intercepted'))
    expect(text(await readAll(fetcher, url, 'metadata'))).toBe('intercepted')
    stop()
    repo.serve('timestamp.json', undefined)
    expect(await readAll(fetcher, url, 'metadata')).toEqual(repo.file('timestamp.json'))
  })
})

describe('a fork', () => {
  test('shares the keys and the past, and changes by itself', () => {
    const repo = createRepository()
    repo.addTarget('a', 'x')
    repo.publish()
    const fork = repo.fork()
    fork.addTarget('b', 'y')
    fork.publish()
    repo.addTarget('c', 'z')
    repo.publish()
    const targetsOf = (one: TestRepository): string[] =>
      Object.keys(object(object(read(one.file('2.targets.json'))['signed'])['targets']))
    expect(targetsOf(fork)).toEqual(['a', 'b'])
    expect(targetsOf(repo)).toEqual(['a', 'c'])
    expect(fork.root()).toEqual(repo.root())
    expect(fork.signers('root')).toEqual(repo.signers('root'))
  })
})

describe('hash bins', () => {
  test.each([
    ['succinct', 'bins-3'],
    ['prefixes', '3'],
  ])('made by %s take targets by the hash of their path', (kind, bin) => {
    const repo = createRepository()
    if (kind === 'succinct') repo.delegateSuccinct('targets', { bitLength: 4 })
    else repo.delegateHashBins('targets', { bins: 16 })
    const path = [...Array(100).keys()]
      .map((i) => `file-${i}`)
      .find((name) => bytesToHex(sha256(utf8ToBytes(name))).startsWith('3'))
    repo.addTarget(path ?? '', 'x')
    repo.publish()
    const targets = object(object(read(repo.file(`1.${bin}.json`))['signed'])['targets'])
    expect(Object.keys(targets)).toEqual([path])
    expect(repo.roles()).toHaveLength(17)
  })

  test('of TAP 15 are named with as many digits as the last needs', () => {
    const repo = createRepository()
    repo.delegateSuccinct('targets', { bitLength: 5, namePrefix: 'b' })
    expect(repo.roles().slice(0, 3)).toEqual(['targets', 'b-00', 'b-01'])
    expect(repo.roles().at(-1)).toBe('b-1f')
    repo.publish()
    const before = repo.signers('b-00')
    repo.rotate('b-00')
    expect(repo.signers('b-1f')).not.toEqual(before)
    expect(repo.version('b-1f')).toBe(2)
  })

  test('of PEP 458 share out the prefixes without a gap', () => {
    const repo = createRepository()
    repo.delegateHashBins('targets', { bins: 32 })
    repo.publish()
    const signed = object(read(repo.file('1.targets.json'))['signed'])
    const roles = list(object(signed['delegations'])['roles']).map(object)
    expect(roles[0]).toMatchObject({ name: '00-07', terminating: false })
    const prefixes = roles.flatMap((role) => list(role['path_hash_prefixes']))
    expect(prefixes).toHaveLength(256)
    expect([prefixes[0], prefixes[255]]).toEqual(['00', 'ff'])
    expect(new Set(prefixes).size).toBe(256)
  })
})

function validSignatures(bytes: Uint8Array, keys: Record<string, unknown>): string[] {
  const file = JSON.parse(text(bytes))
  const message = encodeCanonical(file.signed)
  return list(file.signatures).flatMap((signature) => {
    const { keyid, sig } = object(signature)
    const key = object(object(keys[String(keyid)])['keyval'])['public']
    return verify(hexToBytes(String(sig)), message, hexToBytes(String(key))) ? [String(keyid)] : []
  })
}

function rootRole(repo: TestRepository, version: number): Record<string, unknown> {
  return object(object(object(read(repo.root(version))['signed'])['roles'])['root'])
}
