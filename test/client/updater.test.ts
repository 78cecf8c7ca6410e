import { describe, expect, jest, test } from '@jest/globals'
import { Updater, type UpdaterEvent } from '../../src/index.js'
import {
  createPep458Repository,
  createRepository,
  type TestRepository,
} from '../../src/testing/index.js'
import { clientOf, notedStore } from '../support/client.js'
import { publishedWith } from '../support/published.js'

const metadataUrl = 'https://repository.test/metadata/'

function published(): TestRepository {
  return publishedWith({ 'a.txt': 'hello' })
}

describe('an updater lists its parts', () => {
  test('a URL that cannot be a base is a TypeError', () => {
    for (const url of ['', 'metadata', '/metadata', `${metadataUrl}?x`, `${metadataUrl}#x`]) {
      expect(() => new Updater({ metadataUrl: url })).toThrow(TypeError)
      expect(() => new Updater({ metadataUrl, targetsUrl: url })).toThrow(TypeError)
    }
  })

  test('a limit out of range is a RangeError', () => {
    expect(() => new Updater({ metadataUrl, limits: { rootLength: 0 } })).toThrow(RangeError)
  })

  test('a URL without a slash at its end gets one, and is otherwise used as it is', async () => {
    const repo = published()
    const url = 'https://repository.test/a%2Fb/..%2Fc'
    const fetcher = repo.fetcher({ metadataUrl: `${url}/` })
    const { updater } = clientOf(repo, { fetcher, metadataUrl: url })
    await updater.refresh()
    expect(fetcher.requests[0]?.url).toBe(`${url}/2.root.json`)
    expect(fetcher.requests.map(({ kind }) => kind)).toEqual(Array(4).fill('metadata'))
  })

  test('without a store, a clock or a listener it uses memory and the system clock', async () => {
    const repo = createRepository({ now: Date.now() })
    repo.publish()
    const fetcher = repo.fetcher()
    const updater = new Updater({ metadataUrl: fetcher.metadataUrl, root: repo.root(), fetcher })
    const before = Date.now()
    const { now } = await updater.refresh()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
    await updater.refresh()
    expect(fetcher.requested.slice(4)).toEqual(['2.root.json', 'timestamp.json'])
  })

  test('the files that a snapshot lists may be lost in a power failure; roots and floors may not', async () => {
    const repo = createPep458Repository({ bins: 16 })
    repo.addTarget('a.txt', 'hello')
    repo.publish()
    const store = notedStore()
    const lasting = new Map<string, boolean | undefined>()
    const { updater } = clientOf(repo, {
      store: {
        ...store,
        set(name, bytes, options) {
          lasting.set(name, options?.lasting ?? true)
          return store.set(name, bytes)
        },
      },
    })
    await (await updater.refresh()).find('a.txt')
    const kept = [...lasting].filter(([, last]) => last === true).map(([name]) => name)
    expect(kept.toSorted()).toEqual([
      'root.json',
      'root_history/1.root.json',
      'snapshot.json',
      'state/anchor',
      'state/clock',
      'timestamp.json',
    ])
    expect(lasting.size).toBe(kept.length + 3)
  })

  test('RSA PKCS#1 v1.5 counts only as an option', async () => {
    const repo = published()
    const key = { keytype: 'rsa', scheme: 'rsa-pkcs1v15-sha256', keyval: { public: 'no key' } }
    const rsa = { keyid: 'rsa', key, sign: () => new Uint8Array(256) }
    repo.rotate('timestamp', { add: [rsa], remove: 1 })
    for (const [pkcs1v15, verdict] of [
      [false, 'unsupported-key'],
      [true, 'broken-key'],
    ] as const) {
      const { updater } = clientOf(repo, { pkcs1v15 })
      await expect(updater.refresh()).rejects.toMatchObject({ keys: [{ keyid: 'rsa', verdict }] })
    }
  })
})

describe('events', () => {
  test('of a listener that throws become a warning that names the option', async () => {
    const emitted = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    try {
      const { updater } = clientOf(published(), {
        onEvent() {
          throw new RangeError('out of it')
        },
      })
      await updater.refresh()
      expect(new Set(emitted.mock.calls.map(([text]) => text))).toEqual(new Set(['onEvent threw']))
    } finally {
      emitted.mockRestore()
    }
  })

  test('each request, answer, decision and write, in order', async () => {
    const repo = published()
    const { updater, events, fetcher } = clientOf(repo)
    await updater.refresh()
    expect(events.map((event) => lineOf(event).replace(fetcher.metadataUrl, ''))).toEqual([
      'trusted root 1 of the anchor',
      'write state/anchor',
      'write root_history/1.root.json',
      'write root.json',
      'request 2.root.json',
      'absent 2.root.json',
      'request timestamp.json',
      `response timestamp.json`,
      'trusted timestamp 1 of the network',
      'write timestamp.json',
      'request 1.snapshot.json',
      'response 1.snapshot.json',
      'trusted snapshot 1 of the network',
      'write snapshot.json',
      'request 1.targets.json',
      'response 1.targets.json',
      'trusted targets 1 of the network',
      'write targets.json',
      'write state/clock',
    ])
    const lengths = events.flatMap((event) => (event.type === 'response' ? [event.length] : []))
    expect(lengths).toEqual(
      ['timestamp.json', '1.snapshot.json', '1.targets.json'].map((name) => repo.file(name).length),
    )
  })

  test('deleted files, unused files and the reasons', async () => {
    const repo = published()
    const { updater, events } = clientOf(repo)
    await updater.refresh()
    repo.rotate('timestamp')
    events.length = 0
    await updater.refresh()
    expect(events.map(lineOf)).toEqual(
      expect.arrayContaining([
        'not used: timestamp, ERR_TUF_THRESHOLD_NOT_MET',
        'delete snapshot.json',
        'delete timestamp.json',
      ]),
    )
  })
})

function lineOf(event: UpdaterEvent): string {
  switch (event.type) {
    case 'request':
    case 'response':
    case 'absent':
    case 'retry':
    case 'from-below':
      return `${event.type} ${event.url}`
    case 'write':
    case 'delete':
    case 'yield':
    case 'clock-ignored':
    case 'not-kept':
    case 'superseded':
      return `${event.type} ${event.entry}`
    case 'decision':
      if (event.verdict === 'limit-reached') return `stops at root ${event.version}`
      return event.verdict === 'trusted'
        ? `trusted ${event.role} ${event.version} of the ${event.from}`
        : `not used: ${event.role}, ${event.error.code}`
    case 'cache-miss':
    case 'restart':
    case 'below-not-used':
      return `${event.type} ${event.error.code}`
  }
}
