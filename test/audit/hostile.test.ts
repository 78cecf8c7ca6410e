import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { auditRepository } from '../../src/audit/index.js'
import { keyKinds } from '../../src/core/keys/keys.js'
import { isJsonObject, type JsonValue } from '../../src/core/json/value.js'
import type { Fetcher } from '../../src/index.js'
import { jcs } from '../../src/jcs.js'
import { nodeCryptography } from '../../src/node/index.js'
import type { MutableJson } from '../../src/testing/json-text.js'
import { createPep458Repository, type TestRepository } from '../../src/testing/index.js'
import { audit } from './audit.js'
import { goodRepository, hybridRepository } from './cases.js'

const offline = { count: 3, threshold: 2 }

/** Each delegates to all, itself too. */
function tangle(roles: number): TestRepository {
  const repository = goodRepository()
  const names = Array.from({ length: roles }, (_, number) => `t${number}`)
  for (const name of names) repository.delegate('targets', { name, paths: ['t/*'], ...offline })
  for (const from of names) {
    for (const name of names) repository.delegate(from, { name, paths: ['t/*'], threshold: 2 })
  }
  repository.publish()
  return repository
}

describe('an audit of a hostile repository', () => {
  test('ends when every role delegates to every role, and reads each once', async () => {
    const repository = tangle(12)
    const { complete, counts, totals } = await audit(repository)
    expect(complete).toBe(true)
    expect(counts).toMatchObject({ roles: 14, edges: 2 + 12 + 12 * 12 })
    // Root twice, timestamp, snapshot, targets, the roles, and two target files.
    expect(counts.requests).toBe(5 + 14 + 2)
    expect(totals['delegation-cycle']).toBeGreaterThanOrEqual(12)
  })

  test.each([
    ['edges', 20],
    ['roles', 5],
    ['requests', 8],
    ['bytes', 20_000],
    ['targets', 1],
    ['steps', 3],
    ['kept', 60_000],
  ] as const)('stops at its limit of %s, and keeps the rest of the report', async (limit, most) => {
    const { complete, counts, findings, roles } = await audit(tangle(12), {
      limits: { [limit]: most },
    })
    expect(complete).toBe(false)
    expect(findings.find(({ code }) => code === 'incomplete')?.message).toContain(`limit ${limit}`)
    if (limit === 'edges' || limit === 'roles' || limit === 'requests') {
      expect(counts[limit]).toBeLessThanOrEqual(most)
    }
    expect(roles.map(({ role }) => role)).toContain('targets')
  })

  test('follows roots without an end up to its limit', async () => {
    const repository = goodRepository()
    const bytes = repository.root()
    repository.intercept((_, name) => (/^\d+\.root\.json$/.test(name) ? bytes : undefined))
    const { complete, counts, totals } = await audit(repository, { limits: { roots: 50 } })
    expect(complete).toBe(false)
    expect(counts.roots).toBe(50)
    expect(totals['version-differs']).toBe(49)
  })

  test('stops in time', async () => {
    const repository = goodRepository()
    const inner = repository.fetcher()
    const fetcher: Fetcher = {
      async fetch(request) {
        await new Promise((resolve) => setTimeout(resolve, 30))
        return inner.fetch(request)
      },
    }
    const { findings, counts } = await audit(repository, { fetcher, limits: { time: 50 } })
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'incomplete',
        message: expect.stringContaining('limit time'),
      }),
    )
    expect(counts.requests).toBeLessThan(5)
  })

  test('ends a running request at its limit of time', async () => {
    const repository = goodRepository()
    const inner = repository.fetcher()
    const fetcher: Fetcher = {
      async fetch(request) {
        if (!request.url.endsWith('timestamp.json')) return inner.fetch(request)
        return new Promise((_, reject) => {
          request.signal.addEventListener('abort', () => reject(new Error('aborted')))
        })
      },
    }
    const start = performance.now()
    const { findings, complete } = await audit(repository, { fetcher, limits: { time: 100 } })
    expect(performance.now() - start).toBeLessThan(5_000)
    expect(complete).toBe(false)
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'incomplete',
        message: expect.stringContaining('limit time'),
      }),
    )
  })

  test.each([
    ['is missing', 'file-missing', () => 'missing' as const],
    ['is another', 'file-altered', (bytes: Uint8Array) => new Uint8Array([...bytes, 0x20])],
    ['cannot be read', 'file-invalid', () => new TextEncoder().encode('{')],
  ] as const)('notes a file that %s for the second of its delegators', async (_, code, answer) => {
    const repository = goodRepository()
    repository.delegate('more', {
      name: 'pkgs',
      paths: ['more/*'],
      signers: repository.signers('more'),
    })
    repository.publish()
    let asked = 0
    repository.intercept((_, name) => {
      if (!/^\d+\.pkgs\.json$/.test(name)) return undefined
      asked += 1
      return asked === 1 ? undefined : answer(repository.file(name))
    })
    const { totals } = await audit(repository)
    expect(asked).toBe(2)
    expect(totals[code]).toBe(1)
  })

  test('blames this runtime, not the repository, for keys that it lacks', async () => {
    const cryptography = { ...nodeCryptography, keyKinds }
    const { totals } = await audit(hybridRepository(), { cryptography })
    expect(totals['threshold-not-judged']).toBe(2)
    expect(totals['threshold-out-of-reach']).toBeUndefined()
    expect(totals['signatures-missing']).toBeUndefined()
    expect(totals['key-kind-unknown']).toBeUndefined()
  })

  test('cuts long texts', async () => {
    const repository = goodRepository()
    const long = 'x'.repeat(100_000)
    repository.edit('pkgs', (signed) => {
      signed['targets'] = { [`pkgs/${long} `]: { length: 3, hashes: { md5: '00'.repeat(16) } } }
    })
    repository.edit('timestamp', (signed) => {
      const meta = signed['meta'] as Record<string, unknown>
      meta[`${long}.json`] = { version: 1 }
    })
    const { findings } = await audit(repository)
    const listed = findings.find(({ code }) => code === 'timestamp-lists-more')
    expect(listed?.message).toContain('It lists 1 other file, such as "xxx')
    expect(findings.some(({ subject }) => subject?.endsWith('…'))).toBe(true)
    for (const { role, subject = '', message } of findings) {
      expect(Math.max(role.length, subject.length)).toBeLessThanOrEqual(1_025)
      expect(message.length).toBeLessThanOrEqual(4_097)
    }
  })

  test('says that a sampled file cannot be fetched, where its server fails', async () => {
    const repository = goodRepository()
    const inner = repository.fetcher()
    const fetcher: Fetcher = {
      async fetch(request) {
        if (request.kind === 'target') throw new Error('connect ECONNREFUSED')
        return inner.fetch(request)
      },
    }
    const { findings } = await audit(repository, { fetcher, sample: 1 })
    const found = findings.find(({ code }) => code === 'target-unreachable')
    expect(found?.message).toContain('cannot be fetched')
    expect(found?.message).not.toContain('not as listed')
  })

  test('keeps some findings of a kind, and counts all', async () => {
    const repository = goodRepository()
    for (let number = 0; number < 50; number++) {
      repository.addTarget(`pkgs/a b${number}`, 'space', { role: 'pkgs' })
    }
    repository.publish()
    const { findings, totals } = await audit(repository, { limits: { findings: 7 } })
    expect(findings.filter(({ code }) => code === 'target-name-disputed')).toHaveLength(7)
    expect(totals['target-name-disputed']).toBe(50)
  })

  test('counts four thousand million bins without making their names', async () => {
    const repository = createPep458Repository({ bins: 16, layout: 'succinct' })
    repository.publish()
    repository.edit('targets', (signed) => {
      const delegations = signed['delegations'] as Record<string, Record<string, number>>
      delegations['succinct_roles']!['bit_length'] = 32
    })
    const { totals, counts } = await audit(repository)
    expect(totals['role-unlisted']).toBe(2 ** 32)
    expect(counts.edges).toBe(0)
    expect(totals['role-unreached']).toBe(16)
  })

  test('asks for nothing beside the two base URLs', async () => {
    const repository = goodRepository()
    for (const name of ['../up', 'a/../../b', '//host/x', '\\\\host\\x', 'a\u0000b', '%2e%2e/x']) {
      repository.addTarget(`pkgs/${name}`, 'x', { role: 'pkgs' })
      repository.delegate('pkgs', { name, paths: ['pkgs/*'], ...offline })
    }
    repository.publish()
    const fetcher = repository.fetcher()
    const { metadataUrl, targetsUrl } = fetcher
    const { now } = repository
    await auditRepository({ metadataUrl, targetsUrl, fetcher, now, root: repository.root() })
    const urls = fetcher.requests.map(({ url }) => new URL(url).href)
    expect(urls.length).toBeGreaterThan(14)
    for (const url of urls) {
      expect(url.startsWith(metadataUrl) || url.startsWith(targetsUrl)).toBe(true)
    }
  })

  test('ends with the reason of its signal', async () => {
    const repository = goodRepository()
    const controller = new AbortController()
    const work = audit(repository, {
      signal: controller.signal,
      onRole: () => controller.abort(new Error('enough')),
    })
    await expect(work).rejects.toThrow('enough')
  })

  test('shows a role that only some of its delegators sign for', async () => {
    const repository = goodRepository()
    repository.delegate('more', {
      name: 'pkgs',
      paths: ['more/*'],
      signers: repository.signers('more'),
    })
    repository.publish()
    repository.signWith('pkgs', repository.delegatedSigners('targets', 'pkgs'))
    repository.publish('pkgs')
    const { findings } = await audit(repository)
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'signatures-missing', role: 'pkgs', subject: 'more' }),
    )
  })
})

/** What a delegate writes into its file. */
function withDelegations(keys: MutableJson, roles: MutableJson[]): TestRepository {
  const repository = goodRepository()
  repository.edit('pkgs', (signed) => {
    signed['delegations'] = { keys, roles }
  })
  return repository
}

describe('the delegations of a delegate', () => {
  const role = { keyids: [], threshold: 1, terminating: false }

  test('take no more steps than the audit allows', async () => {
    const paths = Array.from({ length: 200 }, () => 'a'.repeat(200))
    const roles = Array.from({ length: 50 }, (_, at) => ({ ...role, name: `r${at}`, paths }))
    const { complete, findings } = await audit(withDelegations({}, roles), {
      limits: { steps: 100_000 },
    })
    expect(complete).toBe(false)
    expect(findings.find(({ code }) => code === 'incomplete')?.message).toContain('limit steps')
  })

  const slow = Array.from({ length: 400 }, (_, at) => ({
    ...role,
    name: `r${at}`,
    paths: [`${'a*'.repeat(100)}${'a'.repeat(400)}${at}`],
  }))

  test('end with the time of the audit while they are compared', async () => {
    const limits = { time: 100 }
    const { findings } = await audit(withDelegations({}, slow), { limits })
    const incomplete = findings.filter(({ code }) => code === 'incomplete')
    expect(incomplete.map(({ message }) => message).join()).toContain('limit time')
  })

  test('do not hold up the signal', async () => {
    const controller = new AbortController()
    const work = audit(withDelegations({}, slow), {
      signal: controller.signal,
      onRole: (name) => {
        if (name === 'pkgs') setTimeout(() => controller.abort(new Error('enough')), 20)
      },
    })
    await expect(work).rejects.toThrow('enough')
  })

  test('are given up where one comparison takes longer than the search of a client', async () => {
    const paths = Array.from({ length: 30 }, (_, at) => `*${'a'.repeat(1_900)}b${at}`)
    const roles = [
      { ...role, name: 'first', paths },
      { ...role, name: 'second', paths: ['a'.repeat(4_000)] },
    ]
    const { complete, findings, totals } = await audit(withDelegations({}, roles))
    expect(complete).toBe(false)
    expect(findings.find(({ code }) => code === 'incomplete')?.message).toContain('given up')
    expect(totals['target-unfound']).toBeUndefined()
  })

  test('cover each other by position, when a prefix is listed twice', async () => {
    const bin = (name: string, ...prefixes: string[]) => ({
      ...role,
      name,
      path_hash_prefixes: prefixes,
    })
    const roles = [bin('a', 'ab', 'ab', 'c'), bin('b', 'ab1', 'c'), bin('c', 'd')]
    const { findings, totals } = await audit(withDelegations({}, roles))
    expect(totals['delegation-overlapped']).toBe(1)
    expect(findings.find(({ code }) => code === 'delegation-overlapped')?.message).toContain(
      '"a" comes before "b"',
    )
  })

  test('name a key of a megabyte often without its text being kept as often', async () => {
    const key = { keytype: 'x', scheme: 'x', keyval: { public: 'A'.repeat(1_000_000) } }
    const roles = Array.from({ length: 400 }, (_, at) => ({
      ...role,
      name: at === 399 ? 'more' : `r${at}`,
      keyids: ['k'],
      threshold: at + 1,
      paths: [`x/${at}`],
    }))
    const repository = withDelegations({ k: key }, roles)
    const inner = repository.fetcher()
    const heaps: number[] = []
    const fetcher: Fetcher = {
      fetch(request) {
        heaps.push(process.memoryUsage().heapUsed)
        return inner.fetch(request)
      },
    }
    const { totals } = await audit(repository, { fetcher })
    expect(totals['role-unlisted']).toBe(399)
    expect(Math.max(...heaps) - (heaps[0] ?? 0)).toBeLessThan(200_000_000)
  })

  test('judge a file again by a key of the same text with another scheme', async () => {
    const repository = goodRepository()
    repository.delegate('more', {
      name: 'pkgs',
      paths: ['more/*'],
      signers: repository.delegatedSigners('targets', 'pkgs'),
      threshold: 2,
    })
    repository.publish()
    expect((await audit(repository)).totals['signatures-missing']).toBeUndefined()
    repository.edit('more', (signed) => {
      const { keys } = signed['delegations'] as { keys: Record<string, { scheme: string }> }
      for (const key of Object.values(keys)) key.scheme = 'another'
    })
    expect((await audit(repository)).findings).toContainEqual(
      expect.objectContaining({ code: 'signatures-missing', role: 'pkgs', subject: 'more' }),
    )
  })
})

describe('an entry of a delegate', () => {
  test.each([{ sample: 10 }, { sample: 10, hashPrefix: false }, { hashPrefix: false }])(
    'with unknown hash functions alone is a finding, with %j',
    async (options) => {
      const repository = goodRepository()
      repository.edit('pkgs', (signed) => {
        signed['targets'] = { 'pkgs/odd': { length: 3, hashes: { md5: '00'.repeat(16) } } }
      })
      const { findings, totals, counts, complete } = await audit(repository, options)
      expect(complete).toBe(true)
      const about = findings.filter(({ subject }) => subject === 'pkgs/odd')
      expect(about.map(({ code }) => code)).toEqual(['hash-unknown', 'hash-disputed'])
      expect(totals['target-altered']).toBeUndefined()
      expect(totals['target-unreachable']).toBeUndefined()
      expect(counts.read).toBe('sample' in options ? 1 : 0)
    },
  )

  test('with functions that the platform lacks is a finding, and not read', async () => {
    const { findings, counts } = await audit(goodRepository(), {
      sample: 10,
      hashPrefix: false,
      cryptography: { ...nodeCryptography, hashNames: ['sha512'] },
    })
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'hash-unknown', subject: 'pkgs/a.whl' }),
    )
    expect(counts.read).toBe(0)
  })
})

describe('a key of a delegate', () => {
  const declared = { keytype: 'x', scheme: 'x', keyval: { public: 'x' }, weight: 1.5 }

  function withKey(keyid: string): TestRepository {
    const repository = goodRepository()
    repository.edit('pkgs', (signed) => {
      const roles = [{ name: 'b', keyids: [keyid], threshold: 1, paths: ['*'], terminating: false }]
      signed['delegations'] = { keys: { [keyid]: declared }, roles }
    })
    return repository
  }

  test('has its keyid in the form of the repository', async () => {
    const keyid = createHash('sha256').update(jcs.encode(declared)).digest('hex')
    const right = await audit(withKey(keyid), { canonicalForm: jcs })
    expect(right.totals['keyid-differs']).toBeUndefined()
    const wrong = await audit(withKey('k'), { canonicalForm: jcs })
    expect(wrong.totals['keyid-differs']).toBe(1)
  })

  test('that its form cannot write is a finding', async () => {
    const encode = (value: JsonValue): Uint8Array => {
      if (isJsonObject(value) && 'weight' in value) throw new TypeError('a weight')
      return jcs.encode(value)
    }
    const { totals, complete } = await audit(withKey('k'), { canonicalForm: { ...jcs, encode } })
    expect(complete).toBe(true)
    expect(totals['keyid-differs']).toBe(1)
  })
})

describe('an audit that cannot go on', () => {
  test.each([
    ['timestamp.json', ['root']],
    ['1.snapshot.json', ['root', 'timestamp']],
  ])('without %s reports the roles above', async (name, above) => {
    const repository = goodRepository()
    repository.serve(name, 'missing')
    const { complete, roles, totals } = await audit(repository)
    expect(complete).toBe(false)
    expect(roles.map(({ role }) => role)).toEqual(above)
    expect(totals['file-missing']).toBe(1)
    expect(totals.incomplete).toBe(1)
  })

  test('refuses a given root that is not one', async () => {
    const repository = goodRepository()
    const root = repository.file('timestamp.json')
    const { metadataUrl } = repository.fetcher()
    await expect(
      auditRepository({ metadataUrl, fetcher: repository.fetcher(), root }),
    ).rejects.toMatchObject({ code: 'ERR_TUF_METADATA_INVALID', origin: { from: 'given' } })
  })

  test.each([
    [{ sample: -1 }, 'sample'],
    [{ concurrency: 0 }, 'concurrency'],
    [{ limits: { roles: 0.5 } }, 'roles'],
    [{ limits: Object.fromEntries([['rolls', 5]]) }, 'rolls'],
    [{ days: Number.NaN }, 'days'],
  ])('refuses the option %j', async (options, name) => {
    await expect(audit(goodRepository(), options)).rejects.toThrow(RangeError)
    await expect(audit(goodRepository(), options)).rejects.toThrow(name)
  })
})

describe('faults do not hide each other', () => {
  test('an expired timestamp, a wrong signature and a missing file are three findings', async () => {
    const repository = goodRepository()
    repository.edit('more', { signers: repository.signers('pkgs') })
    repository.expire('timestamp')
    repository.serve(repository.targetNames('pkgs/a.whl')[0]!, 'missing', 'target')
    const { totals, complete } = await audit(repository)
    expect(complete).toBe(true)
    expect(totals).toMatchObject({ expired: 1, 'signatures-missing': 1, 'target-missing': 1 })
  })

  test('bins after a broken one are read', async () => {
    const repository = createPep458Repository({ bins: 16 })
    repository.addTarget('a', 'a file')
    repository.publish()
    repository.serve('1.0-0.json', 'missing')
    repository.serve(
      repository.fileNames().find((name) => name.includes('.1'))!,
      'missing',
    )
    const { counts, totals } = await audit(repository, { days: 0, limits: { findings: 1 } })
    expect(counts.roles).toBe(17)
    expect(totals['file-missing']).toBeGreaterThanOrEqual(1)
  })
})
