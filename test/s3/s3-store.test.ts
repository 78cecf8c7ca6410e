import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import type { Store } from '../../src/index.js'
import { s3Store, type S3Client } from '../../src/s3/index.js'
import { pack } from '../../src/s3/packed.js'
import { storeContract } from '../../src/testing/index.js'
import { published, updaterOf } from '../support/held-cycle.js'
import { failure, memoryS3 } from '../support/stores/memory-s3.js'

const one = Uint8Array.of(1)
const two = Uint8Array.of(2, 2)
const options = { bucket: 'bucket', prefix: 'p/' }

/** An S3 whose one method does something else. */
function spoilt(methods: Partial<S3Client>): S3Client {
  return { ...memoryS3(), ...methods }
}

describe('the contract', () => {
  const clients = new WeakMap<Store, S3Client>()
  const open = (client: S3Client): Store => {
    const store = s3Store(client, options)
    clients.set(store, client)
    return store
  }
  const reopen = (store: Store): Store => open(clients.get(store) ?? memoryS3())
  const subject = { open: () => open(memoryS3()), shared: { by: 'change' as const, reopen } }
  for (const { title, run } of storeContract(subject)) test(title, run)
})

test('an update cycle finds the state of the last one', async () => {
  const [client, repo] = [memoryS3(), published()]
  const refresh = async (): Promise<string[]> => {
    const fetcher = repo.fetcher()
    await updaterOf(repo, s3Store(client, options), fetcher).refresh()
    return fetcher.requested
  }
  expect(await refresh()).toHaveLength(4)
  expect(await refresh()).toEqual(['2.root.json', 'timestamp.json'])
  expect([...client.objects.keys()]).toEqual(['p/common'])
})

test('a file that may be lost is an object of its own, until it must last', async () => {
  const client = memoryS3()
  const store = s3Store(client, options)
  await store.set('a%2Fb.json', one, { lasting: false })
  expect([...client.objects.keys()]).toEqual(['p/files/a%2Fb.json'])
  await store.set('a%2Fb.json', two)
  expect(await store.get('a%2Fb.json')).toEqual(two)
  await store.set('a%2Fb.json', one, { lasting: false })
  expect(await s3Store(client, options).get('a%2Fb.json')).toEqual(one)
  await store.delete('a%2Fb.json')
  expect(await store.get('a%2Fb.json')).toBeUndefined()
  expect([...client.objects.keys()]).toEqual(['p/common'])
})

test('an unchanged object is not loaded again, and an absent root costs one request', async () => {
  const client = memoryS3()
  const store = s3Store(client, options)
  await store.set('root.json', one)
  client.requests.length = 0
  await store.get('root.json')
  await store.get('root_history/2.root.json')
  expect(client.requests).toEqual(['get p/common', 'get p/common'])
})

test.each(['IfMatch', 'IfNoneMatch'] as const)(
  'a storage that ignores %s is refused before anything is stored',
  async (condition) => {
    const client = memoryS3({ ignores: [condition] })
    const store = s3Store(client, options)
    await expect(store.set('timestamp.json', one)).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      cause: { message: 'the storage does not heed If-Match and If-None-Match when it writes' },
    })
    expect(client.objects.size).toBe(0)
  },
)

test('a storage whose ETags do not tell objects apart is refused before anything is stored', async () => {
  const client = memoryS3({ etag: '"same"' })
  await expect(s3Store(client, options).set('timestamp.json', one)).rejects.toMatchObject({
    code: 'ERR_TUF_STORE_FAILED',
    cause: { message: expect.stringContaining('does not heed If-Match') },
  })
  expect(client.objects.size).toBe(0)
})

test.each(['', '"', '""', '*'])(
  'an answer with the ETag %j is refused: conditions would hold for any object',
  async (etag) => {
    const client = memoryS3({ etag })
    const failed = { code: 'ERR_TUF_STORE_FAILED', cause: expect.any(TypeError) }
    await expect(s3Store(client, options).set('timestamp.json', one)).rejects.toMatchObject(failed)
    client.objects.set('p/common', one)
    await expect(s3Store(client, options).get('timestamp.json')).rejects.toMatchObject(failed)
  },
)

test('a storage whose first answer is lost, so that the client repeats the write, is not refused', async () => {
  const client = memoryS3()
  let lost = 0
  const store = s3Store(
    {
      ...client,
      async putObject(input, given) {
        if (lost++ === 0) await client.putObject(input, given)
        return client.putObject(input, given)
      },
    },
    options,
  )
  await store.set('timestamp.json', one)
  expect(await store.get('timestamp.json')).toEqual(one)
  expect([...client.objects.keys()]).toEqual(['p/common'])
})

/** Does something once, before a write of the common object. */
function interrupted(client: S3Client, at: number, work: () => Promise<unknown>): S3Client {
  let writes = 0
  return {
    ...client,
    async putObject(input, given) {
      if (input.Key === 'p/common' && ++writes === at) await work()
      return client.putObject(input, given)
    },
  }
}

test('an expected file of its own cannot change while the change is made', async () => {
  const client = memoryS3()
  const other = s3Store(client, options)
  await other.set('timestamp.json', one)
  await other.set('role.json', one, { lasting: false })
  const store = s3Store(
    interrupted(client, 2, () => other.set('role.json', two, { lasting: false })),
    options,
  )
  const expected = [{ entry: 'role.json', bytes: one, maxLength: 9 }]
  expect(await store.change?.({ set: 'y.json', bytes: one }, expected)).toBe(false)
  expect(await other.get('y.json')).toBeUndefined()
  expect(await other.get('role.json')).toEqual(two)
  const now = [{ entry: 'role.json', bytes: two, maxLength: 9 }]
  expect(await store.change?.({ set: 'role.json', bytes: one }, now)).toBe(true)
  expect(await other.get('role.json')).toEqual(one)
})

test('a write that may be lost is lost when an expected file moves at that moment', async () => {
  const client = memoryS3()
  const other = s3Store(client, options)
  await other.set('timestamp.json', one)
  await other.set('role.json', one, { lasting: false })
  const store = s3Store(
    interrupted(client, 1, () => other.set('role.json', two, { lasting: false })),
    options,
  )
  const expected = [{ entry: 'role.json', bytes: one, maxLength: 9 }]
  expect(await store.change?.({ set: 'y.json', bytes: one }, expected)).toBe(true)
  expect(await other.get('role.json')).toEqual(one)
})

test('a file of its own stays where its deletion is refused, and goes where it is not', async () => {
  const client = memoryS3()
  const other = s3Store(client, options)
  await other.set('timestamp.json', one)
  await other.set('role.json', one, { lasting: false })
  const store = s3Store(
    interrupted(client, 1, () => other.set('timestamp.json', two)),
    options,
  )
  const expected = [{ entry: 'timestamp.json', bytes: one, maxLength: 9 }]
  expect(await store.change?.({ delete: 'role.json' }, expected)).toBe(false)
  expect(await other.get('role.json')).toEqual(one)
  const now = [{ entry: 'timestamp.json', bytes: two, maxLength: 9 }]
  expect(await store.change?.({ delete: 'role.json' }, now)).toBe(true)
  expect(await other.get('role.json')).toBeUndefined()
  expect([...client.objects.keys()]).toEqual(['p/common'])
})

test('a late change is refused: another came before it', async () => {
  const client = memoryS3()
  let goOn: () => void = () => undefined
  const paused = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const slow = s3Store(
    {
      ...client,
      async putObject(input, given) {
        await paused
        return client.putObject(input, given)
      },
    },
    { ...options, timeout: 50 },
  )
  const fast = s3Store(client, options)
  await fast.set('timestamp.json', one)
  const expected = [{ entry: 'timestamp.json', bytes: one, maxLength: 9 }]
  const late = slow.change?.({ set: 'snapshot.json', bytes: one }, expected)
  await expect(late).rejects.toMatchObject({ cause: { name: 'TimeoutError' } })
  await fast.set('timestamp.json', two)
  goOn()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await fast.get('snapshot.json')).toBeUndefined()
  expect(await fast.get('timestamp.json')).toEqual(two)
})

test('changes that never stop end in a conflict', async () => {
  const client = memoryS3()
  const other = s3Store(client, options)
  await other.set('a', one)
  let count = 0
  const store = s3Store(
    {
      ...client,
      async putObject(input, given) {
        await other.set('a', new TextEncoder().encode(String(count++)))
        return client.putObject(input, given)
      },
    },
    options,
  )
  await expect(store.set('b', one)).rejects.toMatchObject({ code: 'ERR_TUF_STORE_CONFLICT' })
  expect(count).toBe(32)
})

describe('failures', () => {
  test.each([403, 500, 503])(
    'status %i is one, with the error of the client as its cause',
    async (status) => {
      const cause = failure('Denied', status)
      const no = (): Promise<never> => Promise.reject(cause)
      const store = s3Store({ getObject: no, putObject: no, deleteObject: no }, options)
      const failed = { code: 'ERR_TUF_STORE_FAILED', cause }
      await expect(store.get('a')).rejects.toMatchObject({ ...failed, operation: 'get' })
      await expect(store.set('a', one)).rejects.toMatchObject({ ...failed, operation: 'set' })
      await expect(store.delete('a')).rejects.toMatchObject({ ...failed, operation: 'delete' })
    },
  )

  test('a bucket that does not exist is not an empty store', async () => {
    const store = s3Store(memoryS3(), { bucket: 'other' })
    await expect(store.get('timestamp.json')).rejects.toMatchObject({
      cause: { name: 'NoSuchBucket' },
    })
  })

  test.each<[string, S3Client['getObject']]>([
    ['text', async () => ({ Body: 'text', ETag: '"1"' })],
    [
      'a stream of text',
      async () => ({
        Body: new Blob(['x']).stream().pipeThrough(new TextDecoderStream()),
        ETag: '"1"',
      }),
    ],
    ['no body', async () => ({ ETag: '"1"' })],
    ['no ETag', async () => ({ Body: [] })],
  ])('an answer with %s is one', async (_, getObject) => {
    const store = s3Store(spoilt({ getObject }), options)
    await expect(store.get('a')).rejects.toMatchObject({
      code: 'ERR_TUF_STORE_FAILED',
      operation: 'get',
    })
  })

  test.each([
    'mine',
    '{}\n',
    '{"format":"tuffet-store-2","entries":[]}\n',
    '{"format":"tuffet-store-1","entries":[["a",1]]}\n',
    '{"format":"tuffet-store-1","entries":[["a",1]]}\nxx',
    '{"format":"tuffet-store-1","entries":[["a",-1]]}\n',
    '{"format":"tuffet-store-1","entries":[["a",1],["a",1]]}\nxx',
    '{"format":"tuffet-store-1","entries":[["a",0.5]]}\n',
    '{"format":"tuffet-store-1","entries":[1]}\n',
    '{"format":"tuffet-store-1","entries":{}}\n',
  ])('an object of somebody else is one, and stays: %j', async (text) => {
    const client = memoryS3()
    client.objects.set('p/common', Buffer.from(text))
    const store = s3Store(client, options)
    const failed = { code: 'ERR_TUF_STORE_FAILED', cause: expect.any(TypeError) }
    await expect(store.get('timestamp.json')).rejects.toMatchObject(failed)
    await expect(store.set('timestamp.json', one)).rejects.toMatchObject(failed)
    expect(client.objects.get('p/common')?.toString()).toBe(text)
  })

  test('an endless object is read no further than its limit', async () => {
    let sent = 0
    async function* endless() {
      for (;;) {
        sent += 1_000
        yield new Uint8Array(1_000)
      }
    }
    const getObject = async () => ({ Body: endless(), ETag: '"1"' })
    const store = s3Store(spoilt({ getObject }), { ...options, maxBytes: 10_000 })
    await expect(store.get('a')).rejects.toMatchObject({ cause: expect.any(RangeError) })
    expect(sent).toBe(11_000)
  })

  test('a body that falls silent is closed when the time is over', async () => {
    const silent = new Readable({ read: () => undefined })
    silent.push(Buffer.from('a'))
    const getObject = async () => ({ Body: silent, ETag: '"1"' })
    const store = s3Store(spoilt({ getObject }), { ...options, timeout: 30 })
    await expect(store.get('a')).rejects.toMatchObject({ cause: { name: 'TimeoutError' } })
    expect(silent.destroyed).toBe(true)
  })

  test.each([0, 1])('a body of chunks of %d bytes ends when the time is over', async (length) => {
    let isLeft = false
    // Not endless: a reader that does not rest must fail this test, and not hang it.
    async function* short() {
      try {
        for (let at = 0; at < 20_000_000; at += 1) yield new Uint8Array(length)
      } finally {
        isLeft = true
      }
    }
    const getObject = async () => ({ Body: short(), ETag: '"1"' })
    const store = s3Store(spoilt({ getObject }), { ...options, timeout: 30 })
    const begin = performance.now()
    await expect(store.get('a')).rejects.toMatchObject({ cause: { name: 'TimeoutError' } })
    await pause(20)
    expect(isLeft).toBe(true)
    expect(performance.now() - begin).toBeLessThan(1_000)
  })

  test('a file that is longer than maxBytes is not cut without a word', async () => {
    const client = memoryS3()
    client.objects.set('p/files/role.json', new Uint8Array(1_001))
    const store = s3Store(client, { ...options, maxBytes: 1_000 })
    await expect(store.get('role.json')).rejects.toMatchObject({ cause: expect.any(RangeError) })
    expect(await store.get('role.json', { maxLength: 10 })).toHaveLength(11)
  })

  test('more names than the object may have are refused, and it stays readable', async () => {
    const client = memoryS3()
    const store = s3Store(client, options)
    await store.set('timestamp.json', one)
    const names = Array.from({ length: 9_000 }, (_, at) => `${at}${'x'.repeat(120)}`)
    const packed = pack(new Map(names.slice(0, 7_000).map((name) => [name, one])))
    client.objects.set('p/common', packed)
    expect(await store.get(names[0] ?? '')).toEqual(one)
    expect(() => pack(new Map(names.map((name) => [name, one])))).toThrow(RangeError)
  })

  test('entries up to maxBytes are kept, and not a byte more', async () => {
    const store = s3Store(memoryS3(), { ...options, maxBytes: 1_000 })
    const line = '{"format":"tuffet-store-1","entries":[["a",900]]}\n'.length
    await store.set('a', new Uint8Array(1_000 - line))
    await expect(store.set('a', new Uint8Array(1_001 - line))).rejects.toMatchObject({
      cause: expect.any(RangeError),
    })
    const file = store.set('b', new Uint8Array(1_001), { lasting: false })
    await expect(file).rejects.toMatchObject({ cause: expect.any(RangeError) })
  })

  test("the application's signal ends calls", async () => {
    const controller = new AbortController()
    const store = s3Store(spoilt({ getObject: () => new Promise(() => undefined) }), {
      ...options,
      signal: controller.signal,
    })
    const waiting = store.get('a')
    const reason = new Error('the program ends')
    controller.abort(reason)
    await expect(waiting).rejects.toMatchObject({ cause: reason })
  })

  test.each(['', '..', 'a/b/c', 'a+b', 'ä'])('%j is not a name', async (name) => {
    const store = s3Store(memoryS3(), options)
    await expect(store.get(name)).rejects.toThrow(RangeError)
    await expect(store.set(name, one)).rejects.toThrow(RangeError)
    await expect(store.set(name, one, { lasting: false })).rejects.toThrow(RangeError)
    await expect(store.delete(name)).rejects.toThrow(RangeError)
  })
})
