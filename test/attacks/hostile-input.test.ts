import { describe, expect, test } from '@jest/globals'
import { memoryStore } from '../../src/index.js'
import { NameUnsafeError } from '../../src/errors.js'
import { createRepository, type Edit, type TestRepository } from '../../src/testing/index.js'
import { clientOf, type TestClient } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { expectRefused, serveFork } from '../support/under-attack.js'
import { publishedWith } from '../support/published.js'

const invalid = 'ERR_TUF_METADATA_INVALID'

function published(): TestRepository {
  return publishedWith({ 'dev/a.txt': 'a' })
}

const find = { ask: async ({ updater }: TestClient) => (await updater.refresh()).find('dev/a.txt') }
const sections = { timestamp: '4.6', snapshot: '4.4', targets: '4.5', dev: '4.5', root: '4.3' }
const roles = Object.entries(sections)

async function refusedAs(role: string, step: string, edit: Edit): Promise<void> {
  await expectRefused(
    published(),
    (repo) => {
      const end = serveFork(repo, (fork) => fork.edit(role, edit))
      return { code: invalid, role, step, end }
    },
    find,
  )
}

function replaceBytes(bytes: Uint8Array): Edit {
  return { bytes: () => bytes }
}

describe('row 12: names are not paths', () => {
  const names = [
    '../x',
    '../../etc/passwd',
    '/x',
    '..',
    '.',
    'a/../../b',
    String.raw`C:\x`,
    'CON',
    'nul.json',
    'a\u0000b',
    '%2e%2e%2fx',
    'x'.repeat(300),
    'Targets',
    'a b?c#d',
    '',
  ]

  test.each(names)('CVE-2021-41131, CVE-2026-24686: a role called %j', async (name) => {
    const repo = createRepository()
    repo.delegate('targets', { name })
    repo.addTarget('file', 'x', { role: name })
    repo.publish()
    const client = clientOf(repo)
    const view = await client.updater.refresh()
    client.requested()
    client.written()
    expect(await view.find('file')).toBeDefined()
    const [asked] = client.requested()
    expect(asked).toMatch(/^1\.[A-Za-z0-9_.~%-]*\.json$/)
    expect(decodeURIComponent(asked ?? '')).toBe(`1.${name}.json`)
    const [entry] = client.written()
    expect(entry).toMatch(/^[A-Za-z0-9_.~%-]+\.json$/)
    expect(entry?.length).toBeLessThanOrEqual(255)
    expect(['root.json', 'timestamp.json', 'snapshot.json', 'targets.json']).not.toContain(entry)
    expect(await (await client.updater.refresh({ mode: 'offline' })).find('file')).toBeDefined()
  })

  test('CVE-2021-41131: half of a surrogate pair cannot be a name: refused at parse', async () => {
    await refusedAs('targets', '4.5', {
      bytes: (bytes) => {
        const text = new TextDecoder().decode(bytes)
        return new TextEncoder().encode(text.replace('"name":"dev"', String.raw`"name":"\ud800"`))
      },
    })
  })

  test.each(['../x', 'a/../b', '..', './x', 'a/.', '%2e%2e/x', 'a/%2E./b', '.%2e/x'])(
    'CVE-2021-41149, CVE-2026-6968: the target %j is found, and never requested',
    async (path) => {
      const repo = createRepository({ consistentSnapshot: false })
      repo.addTarget(path, 'x')
      repo.publish()
      const { updater, requested } = clientOf(repo)
      const view = await updater.refresh()
      requested()
      expect(await view.find(path)).toMatchObject({ path })
      await expect(view.read(path)).rejects.toThrow(NameUnsafeError)
      await expect(view.stream(path).next()).rejects.toThrow(NameUnsafeError)
      expect(requested()).toEqual([])
    },
  )

  test.each(['a b', 'C:\\x', 'ünïcode', 'a?b#c', 'x'.repeat(300), '~a'])(
    'CVE-2021-41150, CVE-2026-24137: the target %j gets one name in a target store',
    async (path) => {
      const repo = createRepository()
      repo.addTarget(path, 'content')
      repo.publish()
      const kept: string[] = []
      const memory = memoryStore()
      const targetStore = {
        ...memory,
        set: (name: string, bytes: Uint8Array) => {
          kept.push(name)
          return memory.set(name, bytes)
        },
      }
      const { updater, requested } = clientOf(repo, { targetStore })
      const view = await updater.refresh()
      requested()
      expect(new TextDecoder().decode(await view.read(path))).toBe('content')
      await view.read(path)
      expect(requested()).toHaveLength(1)
      expect(kept).toEqual([expect.stringMatching(/^targets\/[A-Za-z0-9_.~%-]{1,255}$/)])
    },
  )
})

describe('row 13: the parser is total', () => {
  test.each(roles)(
    'CVE-2026-23991: %s that is null, a list, a number or a text',
    async (role, step) => {
      for (const text of ['null', '[]', '1', '"x"', '', '{}', '{"signed":null,"signatures":[]}']) {
        await refusedAs(role, step, replaceBytes(new TextEncoder().encode(text)))
      }
    },
  )

  test.each(roles)('go-tuf#739: %s without its fields', async (role, step) => {
    for (const name of ['_type', 'spec_version', 'version', 'expires']) {
      await refusedAs(role, step, {
        signed: (signed) =>
          Object.fromEntries(Object.entries(signed).filter(([field]) => field !== name)),
      })
    }
  })

  test.each(roles)('go-tuf#749: %s nested too deep', async (role, step) => {
    const deep = new TextEncoder().encode('['.repeat(60_000))
    await refusedAs(role, step, replaceBytes(deep))
  })

  test('CVE-2026-23991: names of JavaScript’s own properties are ordinary names in the whole client', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const repo = createRepository()
    for (const name of names) repo.delegate('targets', { name, paths: [`${name}*`] })
    for (const name of names) repo.addTarget(`${name}.whl`, name, { role: name })
    for (const name of names) repo.addTarget(name, 'top')
    repo.publish()
    const client = clientOf(repo)
    const view = await client.updater.refresh()
    for (const name of names) {
      expect((await view.find(name))?.length).toBe(3)
      expect((await view.find(`${name}.whl`))?.length).toBe(name.length)
    }
    expect(await view.find('valueOf')).toBeUndefined()
    expect(await view.find('__proto__.absent')).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('CVE-2026-23991: the shape is judged before any signature', async () => {
    await expectRefused(published(), (repo) => {
      const end = serveFork(repo, (fork) =>
        fork.edit('timestamp', {
          signed: (signed) => ({ ...signed, version: 0 }),
          signers: [],
        }),
      )
      return { code: invalid, role: 'timestamp', step: '4.6', end }
    })
  })

  test('1.5.2: one role’s file in another’s place', async () => {
    await expectRefused(published(), (repo) => repo.attack.roleConfusion())
  })

  test.each(['timestamp', 'snapshot', 'targets'])('half of %s', async (role) => {
    await expectRefused(published(), (repo) => repo.attack.truncated(role), {
      ...find,
      fresh: true,
    })
  })
})

describe('row 14: the cost is linear', () => {
  // Exponential or quadratic work would not come to an end here.
  test('CVE-2026-26996, CVE-2026-27903: patterns that make others backtrack', async () => {
    const repo = createRepository()
    const stars = `${'*a'.repeat(1000)}b`
    const paths = [stars, `${'[a-z]*'.repeat(600)}!`, `${'?*'.repeat(1900)}!`, '*'.repeat(4000)]
    repo.delegate('targets', { name: 'dev', paths })
    repo.publish()
    const view = await clientOf(repo).updater.refresh()
    const { searched } = await view.explain('a'.repeat(4000))
    expect(searched).toEqual(['targets', 'dev'])
    expect(await view.find(`${'a'.repeat(4000)}\n/x`)).toBeUndefined()
  })

  test('CVE-2026-27904: a pattern of 10,000 characters does not hang', async () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'dev', paths: ['*a'.repeat(5000)] })
    repo.publish()
    const view = await clientOf(repo).updater.refresh()
    expect(await view.find('a'.repeat(10_000))).toBeUndefined()
    expect(await view.find('a'.repeat(4096))).toBeUndefined()
  })

  test('a role with 100,000 keyids, the last one twice, that nobody signed', async () => {
    const names = Array.from({ length: 100_000 }, (_, index) => String(index))
    await expectRefused(
      published(),
      (repo) => {
        const end = serveFork(repo, (fork) =>
          fork.edit('targets', {
            signed: (signed) => ({
              ...signed,
              delegations: {
                keys: {},
                roles: [{ name: 'dev', keyids: [...names, '99999'], threshold: 1, paths: [] }],
              },
            }),
            signers: [],
          }),
        )
        return { code: invalid, role: 'targets', step: '4.5', end }
      },
      find,
    )
  })

  test.each(['{}', '[]', '{"a":{}}'])(
    'a file full of %s that nobody signed: a budget bounds the memory',
    async (unit) => {
      const bytes = new TextEncoder().encode(
        `{"signatures":[],"signed":{"x":[${`${unit},`.repeat(1_000_000)}${unit}]}}`,
      )
      await expectRefused(
        published(),
        (repo) => {
          const end = serveFork(repo, (fork) => fork.edit('targets', replaceBytes(bytes)))
          return { code: invalid, role: 'targets', step: '4.5', end }
        },
        find,
      )
    },
  )

  test('tuf-js Targets.fromJSON: 30,000 targets in one role', async () => {
    const repo = createRepository()
    const hashes = { sha256: '00'.repeat(32) }
    for (let i = 0; i < 30_000; i++) repo.addTargetEntry(`pkgs/${i}`, { length: i, hashes })
    repo.publish()
    const view = await clientOf(repo).updater.refresh()
    expect(view.targets.targets.size).toBe(30_000)
    expect((await view.find('pkgs/29999'))?.length).toBe(29_999)
  })
})

describe('row 15: one glob on every platform', () => {
  test.each([
    ['GHSA-qp9x-wp8f-qgjj', '*.whl', 'dir/a.whl', false],
    ['GHSA-qp9x-wp8f-qgjj', 'dir/*', 'dir/sub/a.whl', false],
    ['GHSA-qp9x-wp8f-qgjj', String.raw`dir\*`, 'dir/a.whl', false],
    ['GHSA-qp9x-wp8f-qgjj', 'Dir/*', 'dir/a.whl', false],
    ['GHSA-pmwq-pjrm-6p5r', '{a,b}', 'a', false],
    ['GHSA-pmwq-pjrm-6p5r', '*', '.hidden', true],
    ['GHSA-pmwq-pjrm-6p5r', '**', 'dir/a', false],
    ['GHSA-pmwq-pjrm-6p5r', '!a', 'b', false],
    ['GHSA-pmwq-pjrm-6p5r', '[!a]', 'b', true],
    ['GHSA-pmwq-pjrm-6p5r', '?', '\u{1f600}', true],
  ])('%s: the pattern %j and the path %j: %s', async (_, pattern, path, speaks) => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'dev', paths: [pattern] })
    repo.addTarget(path, 'x', { role: 'dev' })
    repo.publish()
    const view = await clientOf(repo).updater.refresh()
    expect((await view.find(path)) !== undefined).toBe(speaks)
  })
})

describe('row 16: canonical JSON', () => {
  test('securesystemslib: line breaks are signed as they are, names by code point', async () => {
    const repo = createRepository({ sorted: false, indent: 2 })
    const custom = { pem: '-----BEGIN\nX\n-----', '\u{1f600}': 1, '\ue000': 2, quote: '"\\"' }
    repo.addTarget('file', 'x', { custom })
    repo.publish()
    const view = await clientOf(repo).updater.refresh()
    expect((await view.find('file'))?.custom).toEqual(custom)
  })

  test('tuf-js: integers beyond 2^53 are kept and signed exactly', async () => {
    const repo = createRepository()
    const big = 2n ** 53n + 1n
    repo.addTarget('file', 'x', { custom: { big } })
    repo.publish()
    const client = clientOf(repo)
    const view = await client.updater.refresh()
    expect((await view.find('file'))?.custom).toEqual({ big })
    const stored = new TextDecoder().decode(client.store.entries.get('targets.json'))
    const other = stored.replace(String(big), String(big - 1n))
    expect(other).not.toBe(stored)
    client.store.entries.set('targets.json', new TextEncoder().encode(other))
    expect(await refusalOfTask(client.updater.refresh({ mode: 'offline' }))).toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
    })
  })

  test.each(['1.0', '-0', '1e2', '1E400', '0.1'])(
    'tuf-js: %s is refused, in opaque fields too',
    async (number) => {
      await refusedAs('targets', '4.5', {
        bytes: (bytes) => {
          const text = new TextDecoder().decode(bytes)
          return new TextEncoder().encode(text.replace('"version":', `"x":${number},"version":`))
        },
      })
    },
  )
})
