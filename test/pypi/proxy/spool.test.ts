import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Spool, type SpoolOptions, type SpoolSource } from '../../../src/pypi/proxy/spool.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { gate } from '../../support/client.js'

const large = 3_000_000
/** A byte for each place, again and again. */
const pattern = Buffer.from(Array.from({ length: 256 }, (_, at) => at))

let folder: string
let spools: Spool[] = []
beforeEach(() => {
  folder = temporaryFolder('spool')
})
afterEach(async () => {
  await Promise.all(spools.map((spool) => spool.close()))
  spools = []
  expect(await readdir(folder)).toEqual([])
})

function open(options: SpoolOptions = {}): Spool {
  const spool = new Spool({ folder, ...options })
  spools.push(spool)
  return spool
}

interface Counted extends SpoolSource {
  downloads: number
}

/** Counts its downloads; its bytes are its name's first letter. */
function sourceOf(name: string, length: number, more: Partial<SpoolSource> = {}): Counted {
  const source: Counted = {
    key: name,
    filename: name,
    length,
    downloads: 0,
    async *download() {
      source.downloads++
      for (let at = 0; at < length; at += 100_000) {
        yield Buffer.alloc(Math.min(100_000, length - at), name)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    ...more,
  }
  return source
}

async function bytesOf(spool: Spool, source: SpoolSource): Promise<Buffer> {
  return spool.use(source, async (file) => {
    const chunks = []
    for await (const chunk of file.read(0, file.length)) chunks.push(chunk)
    return Buffer.concat(chunks)
  })
}

describe.each([
  ['in memory', 1_000],
  ['on disk', large],
])('a file %s', (_, length) => {
  test('is downloaded once for all who ask for it, at once and later', async () => {
    const spool = open()
    const source = sourceOf('x', length)
    const all = await Promise.all([1, 2, 3].map(() => bytesOf(spool, source)))
    all.push(await bytesOf(spool, source))
    for (const bytes of all) expect(bytes.equals(Buffer.alloc(length, 'x'))).toBe(true)
    expect(source.downloads).toBe(1)
  })

  test('that fails is shown to no reader, and tried again by the next one', async () => {
    const spool = open()
    let fails = true
    const good = sourceOf('x', length)
    const source: SpoolSource = {
      ...good,
      async *download(options) {
        yield* good.download(options)
        if (fails) throw new Error('another file')
      },
    }
    const used: unknown[] = []
    const asked = [1, 2].map(() => spool.use(source, async (file) => used.push(file)))
    for (const one of await Promise.allSettled(asked)) expect(one.status).toBe('rejected')
    expect([used, good.downloads]).toEqual([[], 1])
    fails = false
    expect((await bytesOf(spool, source)).length).toBe(length)
  })

  test('that begins again drops the earlier bytes', async () => {
    const spool = open()
    const source = sourceOf('x', length, {
      async *download({ onRestart }) {
        yield Buffer.alloc(length, 'a')
        await onRestart()
        yield Buffer.alloc(length - 1, 'b')
      },
    })
    const bytes = await bytesOf(spool, source)
    expect(bytes.equals(Buffer.alloc(length - 1, 'b'))).toBe(true)
  })

  test('is read in parts', async () => {
    const spool = open()
    const source = sourceOf('x', 0, {
      length,
      async *download() {
        yield Buffer.alloc(length, pattern)
      },
    })
    const part = await spool.use(source, async (file) => {
      const chunks = []
      for await (const chunk of file.read(length - 7, length - 2)) chunks.push(chunk)
      return Buffer.concat(chunks)
    })
    expect([...part]).toEqual([7, 6, 5, 4, 3].map((back) => (length - back) & 255))
  })
})

test('a file of unknown length goes to disk when it turns out to be long', async () => {
  const spool = open({ maxBytes: large })
  const source = sourceOf('x', large, { length: undefined })
  expect((await bytesOf(spool, source)).length).toBe(large)
  const longer = sourceOf('y', large + 1, { length: undefined })
  await expect(bytesOf(spool, longer)).rejects.toMatchObject({ status: 507 })
})

test('the bytes on disk are bounded: unused files make room', async () => {
  const spool = open({ maxBytes: 2 * large })
  const [a, b, c] = ['a', 'b', 'c'].map((name) => sourceOf(name, large))
  await bytesOf(spool, a!)
  await bytesOf(spool, b!)
  await bytesOf(spool, a!)
  await bytesOf(spool, c!)
  await bytesOf(spool, a!)
  // The least recently used one was removed.
  await bytesOf(spool, b!)
  expect([a!.downloads, b!.downloads, c!.downloads]).toEqual([1, 2, 1])
})

test('the bytes on disk are bounded: a file in use stays, and the next is refused', async () => {
  const spool = open({ maxBytes: 2 * large - 1 })
  const a = sourceOf('a', large)
  const b = sourceOf('b', large)
  await spool.use(a, async () => {
    await expect(bytesOf(spool, b)).rejects.toMatchObject({
      status: 507,
      message: expect.stringContaining('b: temporary files are limited to 5999999 bytes'),
    })
    expect(b.downloads).toBe(0)
  })
  expect((await bytesOf(spool, b)).length).toBe(large)
})

test('a file that is read while it makes room is read to its end', async () => {
  const spool = open({ maxBytes: 2 * large })
  const a = sourceOf('a', large)
  await spool.use(a, async (file) => {
    const chunks = file.read(0, file.length)
    await chunks.next()
    await bytesOf(spool, sourceOf('b', large))
    await bytesOf(spool, sourceOf('c', large))
    let rest = 0
    for await (const chunk of chunks) rest += chunk.length
    expect(rest).toBe(large - 262_144)
  })
})

test('a limited number of downloads run at once', async () => {
  const spool = open({ maxDownloads: 3 })
  let running = 0
  let most = 0
  const sources = Array.from({ length: 20 }, (_, at) =>
    sourceOf(`f${at}`, 10, {
      async *download() {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setImmediate(resolve))
        running--
        yield Buffer.alloc(10)
      },
    }),
  )
  await Promise.all(sources.map((source) => bytesOf(spool, source)))
  expect(most).toBe(3)
})

test('a download that waits for its turn does not begin after all have left', async () => {
  const spool = open({ maxDownloads: 1 })
  const [begun, last] = [gate(), gate()]
  const first = sourceOf('first', 10, {
    async *download() {
      begun.open()
      await last.opened
      yield Buffer.alloc(10)
    },
  })
  const [leaving, staying] = [new AbortController(), new AbortController()]
  const ask = (source: SpoolSource, { signal }: AbortController): Promise<unknown> =>
    spool.use(source, async ({ length }) => length, signal).catch((error: unknown) => error)
  const running = ask(first, leaving)
  await begun.opened
  const [deserted, shared, again] = ['deserted', 'shared', 'again'].map((name) =>
    sourceOf(name, 10),
  )
  const answers = [
    ask(deserted!, leaving),
    ask(shared!, leaving),
    ask(shared!, staying),
    ask(again!, leaving),
  ]
  leaving.abort()
  // As if nobody had asked before.
  answers.push(ask(again!, staying))
  const late = ask(deserted!, leaving)
  last.open()
  const { reason } = leaving.signal as { reason: unknown }
  expect(await Promise.all([running, ...answers, late])).toEqual([
    ...[10, reason, 10, 10, reason, 10, reason],
  ])
  expect([deserted, shared, again].map((one) => one?.downloads)).toEqual([0, 1, 1])
})

test('small unused files are kept up to a number of bytes', async () => {
  const spool = open()
  const small = Array.from({ length: 1_000 }, (_, at) => sourceOf(`f${at}`, 10))
  for (const source of [...small, ...small]) await bytesOf(spool, source)
  expect(small.every(({ downloads }) => downloads === 1)).toBe(true)
  const larger = Array.from({ length: 68 }, (_, at) => sourceOf(`g${at}`, 1_000_000))
  for (const source of larger) await bytesOf(spool, source)
  await bytesOf(spool, larger[67]!)
  await bytesOf(spool, larger[0]!)
  expect([larger[67]!.downloads, larger[0]!.downloads]).toEqual([1, 2])
})

test('closing ends downloads that run', async () => {
  const begun = gate()
  const spool = open()
  const source = sourceOf('x', large, {
    async *download({ signal }) {
      yield Buffer.alloc(2_000_000)
      begun.open()
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    },
  })
  const asked = bytesOf(spool, source).catch((error: unknown) => error)
  await begun.opened
  await spool.close()
  expect(await asked).toBe(spool.signal.reason)
  await expect(bytesOf(spool, sourceOf('y', 1))).rejects.toBe(spool.signal.reason)
})

test.each([{ maxBytes: -1 }, { maxBytes: NaN }, { maxDownloads: 0 }])(
  'limits are within a range: %p',
  (options) => {
    expect(() => new Spool(options)).toThrow(RangeError)
  },
)
