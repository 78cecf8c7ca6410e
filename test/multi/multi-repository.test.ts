import { describe, expect, jest, test } from '@jest/globals'
import { withoutRetries } from '../../src/client/retry.js'
import { streamTarget } from '../../src/client/download.js'
import { memoryStore, retrying, type Fetcher } from '../../src/index.js'
import {
  MultiUpdater,
  parseMap,
  type MultiEvent,
  type MultiRepository,
} from '../../src/multi/index.js'
import { pagesLayout, PypiView, writePageJson } from '../../src/pypi/index.js'
import { createRepository, type Answer, type TestRepository } from '../../src/testing/index.js'
import { FetchFailedError, FetchNotFoundError } from '../../src/errors.js'

const path = 'pkgs/a.whl'

interface Mirror {
  readonly repo: TestRepository
  /** Sent instead of the repository's own answer. */
  instead?: ((name: string) => Answer | undefined) | undefined
}

/** Repositories by name, each with mirrors `https://NAME.test/` and `https://NAME.test/2/`. */
class World {
  readonly mirrors = new Map<string, Mirror>()
  readonly asked: string[] = []
  readonly events: MultiEvent[] = []
  readonly #updater: MultiUpdater
  readonly #first: TestRepository

  constructor(
    contents: Readonly<Record<string, string | undefined>>,
    mapping: readonly object[],
    onAside: () => void = () => undefined,
  ) {
    const names = Object.keys(contents)
    const repos = names.map((name) => {
      const repo = createRepository({ seed: name })
      const content = contents[name]
      if (content !== undefined) repo.addTarget(path, content)
      repo.publish()
      this.mirrors.set(`https://${name}.test/1/`, { repo })
      this.mirrors.set(`https://${name}.test/2/`, { repo })
      return [name, repo] as const
    })
    const [[, first]] = repos as [(typeof repos)[number]]
    this.#first = first
    const urls = names.map((name) => [name, [`https://${name}.test/1/`, `https://${name}.test/2/`]])
    const map = { repositories: Object.fromEntries(urls), mapping }
    const byName = new Map(repos)
    this.#updater = new MultiUpdater({
      map: parseMap(Buffer.from(JSON.stringify(map))),
      repository: (name) => ({
        root: byName.get(name)?.root(),
        store: memoryStore(),
        fetcher: this.#fetcher(),
        retries: 0,
      }),
      now: () => first.now,
      onEvent: (event) => {
        this.events.push(event)
        if (event.type === 'mirror-aside') onAside()
      },
    })
  }

  refresh(): MultiRepository {
    return this.#updater.refresh()
  }

  get now(): number {
    return this.#first.now
  }

  mirror(url: string): Mirror {
    const mirror = this.mirrors.get(url)
    if (!mirror) throw new RangeError(url)
    return mirror
  }

  hosts(): string[] {
    return [...new Set(this.asked.map((url) => new URL(url).hostname.replace('.test', '')))]
  }

  #fetcher(): Fetcher {
    return {
      fetch: ({ url, kind }) => {
        this.asked.push(url)
        const found = [...this.mirrors].find(([base]) => url.startsWith(base))
        if (!found) throw new RangeError(url)
        const [base, { repo, instead }] = found
        const name = decodeURIComponent(url.slice(base.length).replace(/^(metadata|targets)\//, ''))
        const answer = instead?.(name) ?? repo.answer(kind, name)
        if (answer === 'missing') return Promise.reject(new FetchNotFoundError(url, 404))
        if (!(answer instanceof Uint8Array)) {
          return Promise.reject(
            new FetchFailedError(url, 'connection refused', { transient: true }),
          )
        }
        return Promise.resolve({ offset: 0, body: once(answer) })
      },
    }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const down = { status: 503 }
const both = [{ paths: ['*'], repositories: ['one', 'two'], threshold: 2, terminating: true }]
const dependency = [
  { paths: ['pkgs/*'], repositories: ['internal'], threshold: 1, terminating: true },
  { paths: ['*'], repositories: ['public'], threshold: 1, terminating: true },
]

describe('several repositories', () => {
  test('a file that both list is found, read and verified', async () => {
    const world = new World({ one: 'wheel', two: 'wheel' }, both)
    const view = world.refresh()
    expect((await view.find(path))?.length).toBe(5)
    expect(Buffer.from(await view.read(path)).toString()).toBe('wheel')
    await view.verify(path, Buffer.from('wheel'))
    await expect(view.verify(path, Buffer.from('whee1'))).rejects.toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
    })
  })

  test('a disagreement names who said what', async () => {
    const view = new World({ one: 'wheel', two: 'other' }, both).refresh()
    await expect(view.find(path)).rejects.toMatchObject({
      code: 'ERR_TUF_DISAGREEMENT',
      path,
      threshold: 2,
      statements: [
        { repository: 'one', listed: { length: 5 } },
        { repository: 'two', listed: { length: 5 } },
      ],
      message: expect.stringMatching(
        /^pkgs\/a\.whl: fewer than 2 .* one lists 5 bytes, sha256 .*; two lists 5/,
      ),
    })
    await expect(view.read(path)).rejects.toMatchObject({ code: 'ERR_TUF_DISAGREEMENT' })
  })

  test('a target of one repository alone is a disagreement, too', async () => {
    const view = new World({ one: 'wheel', two: undefined }, both).refresh()
    await expect(view.find(path)).rejects.toThrow('two does not list it')
  })

  test('a target of none is absent', async () => {
    const view = new World({ one: undefined, two: undefined }, both).refresh()
    expect(await view.find(path)).toBeUndefined()
    await expect(view.read(path)).rejects.toMatchObject({ code: 'ERR_TUF_TARGET_NOT_FOUND' })
  })

  test('a download from several repositories is repeated by its caller', async () => {
    const world = new World({ one: 'wheel', two: 'wheel' }, both)
    const view = world.refresh()
    const target = await view.find(path)
    if (!target) throw new Error('not found')
    let broken = 0
    world.mirror('https://one.test/1/').instead = (name) => {
      if (!name.endsWith('a.whl') || broken > 0) return undefined
      broken += 1
      return down
    }
    const chunks: Uint8Array[] = []
    const source = view.downloadSource(target)
    const { policy } = withoutRetries(source.fetcher)
    const fetcher = retrying(source.fetcher, { retries: 1, delay: 0 })
    for await (const chunk of streamTarget({ ...source, fetcher })) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('wheel')
    // The guard of the download knows how requests are repeated.
    expect(policy).toBeDefined()
  })

  test('an internal name does not reach the public repository', async () => {
    const world = new World({ internal: 'ours', public: 'theirs' }, dependency)
    const view = world.refresh()
    expect(Buffer.from(await view.read(path)).toString()).toBe('ours')
    expect(await view.find('pkgs/missing.whl')).toBeUndefined()
    expect(world.hosts()).toEqual(['internal'])
  })

  test('an internal repository that is blocked is not replaced by the public one', async () => {
    const open = dependency.map((row) => ({ ...row, terminating: false }))
    const world = new World({ internal: 'ours', public: 'theirs' }, open)
    for (const at of [1, 2]) world.mirror(`https://internal.test/${at}/`).instead = () => down
    await expect(world.refresh().find(path)).rejects.toMatchObject({
      code: 'ERR_TUF_MIRRORS_FAILED',
      repository: 'internal',
      failures: [{ url: 'https://internal.test/1/' }, { url: 'https://internal.test/2/' }],
    })
    expect(world.hosts()).toEqual(['internal'])
  })

  test('repositories that share a store are refused', () => {
    const store = memoryStore()
    const map = parseMap(
      Buffer.from('{"repositories":{"a":["https://a.test"],"b":["https://b.test"]},"mapping":[]}'),
    )
    expect(() => new MultiUpdater({ map, repository: () => ({ store }) })).toThrow(
      'b shares a store with another one',
    )
  })

  test('an explanation has the chain in each repository', async () => {
    const explained = await new World({ one: 'wheel', two: 'wheel' }, both).refresh().explain(path)
    expect(explained).toMatchObject({ path, mapping: 0, repositories: ['one', 'two'] })
    const chains = explained.statements.map(({ explanation }) =>
      explanation?.chain.map(({ role }) => role),
    )
    const roles = ['root', 'timestamp', 'snapshot', 'targets']
    expect(chains).toEqual([roles, roles])
  })

  test('an explanation shows a disagreement and a failure', async () => {
    const world = new World({ one: 'wheel', two: 'other' }, both)
    for (const at of [1, 2]) world.mirror(`https://two.test/${at}/`).instead = () => down
    const { target, statements } = await world.refresh().explain(path)
    expect(target).toBeUndefined()
    expect(statements.map(({ error }) => error?.code)).toEqual([
      undefined,
      'ERR_TUF_MIRRORS_FAILED',
    ])
  })

  test('a PyPI view stands on several repositories as on one', async () => {
    const world = new World({ one: 'wheel', two: 'wheel' }, both)
    const page = { apiVersion: '1.4', project: 'a', files: [], versions: [] }
    for (const name of ['one', 'two']) {
      const { repo } = world.mirror(`https://${name}.test/1/`)
      repo.addTarget(pagesLayout().pages('a')[0]?.path ?? '', writePageJson(page))
      repo.publish()
    }
    const view = new PypiView(world.refresh(), pagesLayout())
    expect(await view.project('a')).toMatchObject({ project: 'a' })
  })
})

describe('mirrors', () => {
  const alone = [{ paths: ['*'], repositories: ['one'], threshold: 1, terminating: true }]

  test('the second serves while the first is out of reach, and the first is asked again later', async () => {
    const world = new World({ one: 'wheel' }, alone)
    const first = world.mirror('https://one.test/1/')
    first.instead = () => down
    const view = world.refresh()
    await view.read(path)
    await view.find('pkgs/b.whl')
    expect(world.events.filter(({ type }) => type === 'mirror-aside')).toMatchObject([
      { repository: 'one', url: 'https://one.test/1/', error: { code: 'ERR_TUF_FETCH_FAILED' } },
    ])
    first.instead = undefined
    world.asked.length = 0
    await world.refresh().find(path)
    expect(world.asked[0]).toMatch('https://one.test/1/')
  })

  test('one that lies is not asked again', async () => {
    const world = new World({ one: 'wheel' }, alone)
    world.mirror('https://one.test/1/').instead = (name) =>
      name === 'timestamp.json' ? Buffer.from('{"signed":{},"signatures":[]}') : undefined
    await world.refresh().find(path)
    world.asked.length = 0
    await world.refresh().find(path)
    expect(world.asked.filter((url) => url.startsWith('https://one.test/1/'))).toEqual([])
  })

  test('one that is behind cannot take the client back', async () => {
    const world = new World({ one: 'wheel' }, alone)
    const { repo } = world.mirror('https://one.test/1/')
    const old = repo.fork()
    repo.publish()
    await world.refresh().find(path)
    const first = world.mirror('https://one.test/1/')
    first.instead = (name) => old.answer('metadata', name)
    await world.refresh().find(path)
    expect(world.events).toContainEqual(
      expect.objectContaining({
        type: 'mirror-aside',
        error: expect.objectContaining({ code: 'ERR_TUF_ROLLBACK' }),
      }),
    )
  })

  test('one that is behind is asked again later', async () => {
    const world = new World({ one: 'wheel' }, alone)
    const first = world.mirror('https://one.test/1/')
    const old = first.repo.fork()
    first.repo.rotate('timestamp')
    first.repo.publish()
    await world.refresh().find(path)
    // Its files are older than those in the store, and the keys of its timestamp are no longer trusted.
    first.instead = (name) => old.answer('metadata', name)
    await world.refresh().find(path)
    first.instead = undefined
    world.asked.length = 0
    await world.refresh().find(path)
    expect(world.asked[0]).toMatch('https://one.test/1/')
  })

  test('one fails over to the next although the listener throws', async () => {
    const world = new World({ one: 'wheel' }, alone, () => {
      throw new Error('of the listener')
    })
    world.mirror('https://one.test/1/').instead = () => down
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    expect(await world.refresh().find(path)).toBeDefined()
    expect(warn).toHaveBeenCalledWith('onEvent threw', expect.anything())
    warn.mockRestore()
  })

  test('one that sends another file is replaced by the next', async () => {
    const world = new World({ one: 'wheel' }, alone)
    world.mirror('https://one.test/1/').instead = (name) =>
      name.endsWith('a.whl') ? Buffer.from('whee1') : undefined
    expect(Buffer.from(await world.refresh().read(path)).toString()).toBe('wheel')
  })

  test('the signal ends the search with its reason, and sets no mirror aside', async () => {
    const world = new World({ one: 'wheel' }, alone)
    const reason = new Error('enough')
    const view = world.refresh()
    await expect(view.find(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(world.events.filter(({ type }) => type === 'mirror-aside')).toEqual([])
    expect(await view.find(path)).toBeDefined()
  })

  test('the other repository sends a file that the first has lost', async () => {
    const world = new World({ one: 'wheel', two: 'wheel' }, both)
    for (const at of [1, 2]) {
      world.mirror(`https://one.test/${at}/`).instead = (name) =>
        name.endsWith('a.whl') ? 'missing' : undefined
    }
    expect(Buffer.from(await world.refresh().read(path)).toString()).toBe('wheel')
  })

  describe('that take the place of one which has lost the file, and list another file', () => {
    /** The first mirror stays at what `two` lists as well. */
    function replaced(): World {
      const world = new World({ one: 'wheel', two: 'wheel' }, both)
      const { repo } = world.mirror('https://one.test/1/')
      const agreed = repo.fork()
      repo.addTarget(path, 'other')
      repo.publish()
      world.mirror('https://one.test/1/').instead = (name) =>
        name.endsWith('a.whl') ? 'missing' : agreed.answer('metadata', name)
      return world
    }

    test('give no vote to that file: another repository sends the one that was agreed on', async () => {
      const view = replaced().refresh()
      expect(Buffer.from(await view.read(path)).toString()).toBe('wheel')
      await expect(view.read(path)).rejects.toMatchObject({ code: 'ERR_TUF_DISAGREEMENT' })
    })

    test('give no vote to that file where no other repository sends one', async () => {
      const world = replaced()
      for (const at of [1, 2]) {
        world.mirror(`https://two.test/${at}/`).instead = (name) =>
          name.endsWith('a.whl') ? 'missing' : undefined
      }
      await expect(world.refresh().read(path)).rejects.toMatchObject({
        code: 'ERR_TUF_DISAGREEMENT',
        statements: [{ repository: 'one', listed: { length: 5 } }],
      })
    })

    test('lend their chain to no statement of before', async () => {
      const view = replaced().refresh()
      const reading = view.read(path)
      const explaining = view.explain(path)
      await reading
      const { statements } = await explaining
      for (const { listed, explanation } of statements) {
        expect(explanation?.target?.hashes ?? listed?.hashes).toEqual(listed?.hashes)
      }
    })
  })
})
