import { afterEach, describe, expect, test } from '@jest/globals'
import { hashNames, type Cryptography } from '../../src/core/keys/cryptography.js'
import { answerDigests, checkWhole } from '../../src/client/digests.js'
import { memoryStore } from '../../src/index.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { nobleCryptography } from '../../src/web/cryptography.js'
import { clientOf } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'

const native = globalThis.crypto

function withCrypto(value: unknown): void {
  Object.defineProperty(globalThis, 'crypto', { value, configurable: true, writable: true })
}

afterEach(() => withCrypto(native))

/** Digests and signatures over 64 KiB and more that the table computed itself. */
function noting(): { readonly cryptography: Cryptography; readonly computed: string[] } {
  const computed: string[] = []
  const note = (what: string, { length }: Uint8Array): void => {
    if (length >= 65_536) computed.push(what)
  }
  const cryptography: Cryptography = {
    ...nobleCryptography,
    createHasher(name) {
      const hasher = nobleCryptography.createHasher(name)
      return {
        update(bytes) {
          note(name, bytes)
          hasher.update(bytes)
        },
        digest: () => hasher.digest(),
      }
    },
    hash(name, bytes) {
      note(name, bytes)
      return nobleCryptography.hash(name, bytes)
    },
    importKey(key) {
      const verify = nobleCryptography.importKey(key)
      const { steps } = verify
      return Object.assign(
        (message: Uint8Array, signature: Uint8Array) => {
          note(key.kind, message)
          return verify(message, signature)
        },
        { steps },
      )
    },
  }
  return { cryptography, computed }
}

/** A targets role and a delegated one of more than 64 KiB. */
function large(): TestRepository {
  const repo = createRepository({ snapshotHashes: true })
  repo.delegate('targets', { name: 'a', paths: ['a/*'] })
  for (let i = 0; i < 600; i++) {
    repo.addTarget(`pkgs/${i}.whl`, `wheel ${i}`)
    repo.addTarget(`a/${i}.whl`, `wheel ${i}`, { role: 'a' })
  }
  repo.publish()
  return repo
}

describe('an updater with a table in JavaScript', () => {
  test('computes no digest of a large role itself, from the repository and from the store', async () => {
    const repo = large()
    const { cryptography, computed } = noting()
    const { updater, store } = clientOf(repo, { cryptography })
    for (const client of [updater, clientOf(repo, { cryptography, store }).updater]) {
      const view = await client.refresh()
      expect((await view.find('a/7.whl'))?.length).toBe(7)
      expect((await view.find('pkgs/7.whl'))?.length).toBe(7)
    }
    expect(computed).toEqual([])
  })

  test('computes them where WebCrypto is missing, and comes to the same verdict', async () => {
    withCrypto(undefined)
    const { cryptography, computed } = noting()
    const { updater } = clientOf(large(), { cryptography })
    const view = await updater.refresh()
    expect((await view.find('a/7.whl'))?.length).toBe(7)
    expect(computed).toEqual(['sha256', 'sha512', 'sha256', 'sha512'])
  })

  test.each([
    ['an unsigned role', (repo: TestRepository) => repo.edit('targets', { signers: [] })],
    [
      'other bytes',
      (repo: TestRepository) => repo.editInPlace('targets', (signed) => (signed['x'] = 1)),
    ],
  ])('refuses %s as the native table does', async (_, spoil) => {
    const outcomes = [nodeCryptography, nobleCryptography].map((cryptography) => {
      const repo = large()
      spoil(repo)
      return refusalOfTask(clientOf(repo, { cryptography }).updater.refresh())
    })
    const [one, other] = await Promise.all(outcomes)
    expect(other).toEqual(one)
  })

  test('refuses a large role whose digest WebCrypto gets wrong', async () => {
    const wrong = { subtle: { digest: () => Promise.resolve(new ArrayBuffer(32)) } }
    withCrypto(wrong)
    const { updater } = clientOf(large(), { cryptography: nobleCryptography })
    expect(await refusalOfTask(updater.refresh())).toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
      role: 'targets',
    })
    wrong.subtle.digest = () => Promise.resolve(new ArrayBuffer(8))
    await expect(updater.refresh()).rejects.toThrow('the driver must answer with 32 bytes')
  })
})

describe('a target of 64 KiB and more', () => {
  const content = Buffer.alloc(100_000, 'wheel')
  const published = (): TestRepository => {
    const repo = createRepository()
    repo.addTarget('a.whl', content)
    repo.publish()
    return repo
  }

  test('is verified and read from a store without a digest by the table', async () => {
    const { cryptography, computed } = noting()
    const targetStore = memoryStore()
    const { updater } = clientOf(published(), { cryptography, targetStore })
    const view = await updater.refresh()
    expect((await view.verify('a.whl', content)).length).toBe(100_000)
    await targetStore.set('targets/a.whl', content)
    expect(Buffer.compare(await view.read('a.whl'), content)).toBe(0)
    expect(computed).toEqual([])
  })

  test('is refused with one other byte, and fetched where the store has such a file', async () => {
    const targetStore = memoryStore()
    const options = { cryptography: nobleCryptography, targetStore }
    const view = await clientOf(published(), options).updater.refresh()
    const other = Uint8Array.from(content)
    other[99_999] = 0
    expect(await refusalOfTask(view.verify('a.whl', other))).toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
      step: '5.7.3',
    })
    await targetStore.set('targets/a.whl', other)
    expect(Buffer.compare(await view.read('a.whl'), content)).toBe(0)
  })

  test('is judged as it was when it was given', async () => {
    const view = await clientOf(published(), { cryptography: nobleCryptography }).updater.refresh()
    const target = await view.find('a.whl')
    const bytes = Uint8Array.from(content)
    if (!target) throw new Error('no target')
    const verdict = checkWhole(bytes, target, { role: 'a.whl', step: '5.7.3' }, nobleCryptography)
    bytes.fill(0)
    await verdict
  })
})

describe("WebCrypto's answer", () => {
  const parts = [Uint8Array.of(1, 2), new Uint8Array(), Buffer.from('message')]

  test.each(['sha256', 'sha384', 'sha512'] as const)(
    'is the digest of all parts: %s',
    async (hash) => {
      const [digest] = await answerDigests([{ hash, parts }])
      expect(digest).toEqual(nodeCryptography.hash(hash, Buffer.concat(parts)))
    },
  )

  test('leaves out the hash functions that it lacks, and is not asked for them', async () => {
    const asked: string[] = []
    withCrypto({
      subtle: {
        digest(algorithm: string, bytes: Uint8Array<ArrayBuffer>) {
          asked.push(algorithm)
          return native.subtle.digest(algorithm, bytes)
        },
      },
    })
    const answers = await answerDigests(hashNames.map((hash) => ({ hash, parts })))
    expect(answers.map((one) => one?.length)).toEqual([32, 48, 64, ...Array(4)])
    expect(asked).toStrictEqual(['SHA-256', 'SHA-384', 'SHA-512'])
  })

  test('is undefined where the platform has none, or refuses', async () => {
    const refusing = { subtle: { digest: () => Promise.reject(new DOMException('no')) } }
    for (const one of [undefined, {}, refusing]) {
      withCrypto(one)
      expect(await answerDigests([{ hash: 'sha256', parts }])).toEqual([undefined])
    }
  })
})

/** WebCrypto that notes how many bytes it has at one time, and how often it is called. */
function counting(): { readonly most: number; readonly calls: number } {
  let [atOnce, most, calls] = [0, 0, 0]
  withCrypto({
    subtle: {
      async digest(_algorithm: string, bytes: Uint8Array) {
        calls += 1
        atOnce += bytes.length
        most = Math.max(most, atOnce)
        await new Promise((resolve) => setTimeout(resolve, 1))
        atOnce -= bytes.length
        return new Uint8Array(64).buffer
      },
    },
  })
  return {
    get most() {
      return most
    },
    get calls() {
      return calls
    },
  }
}

test('the messages of many signatures are not all copied at one time', async () => {
  const counted = counting()
  const message = new Uint8Array(5_000_000)
  const requests = Array.from({ length: 10 }, () => ({ hash: 'sha512' as const, parts: [message] }))
  const answers = await answerDigests([
    ...requests,
    { hash: 'sha512', parts: [new Uint8Array(32), new Uint8Array(20_000_000)] },
  ])
  expect(answers.map((answer) => answer?.length)).toEqual(Array.from({ length: 11 }, () => 64))
  expect(counted.calls).toBe(11)
  // One that is longer than the bound is alone.
  expect(counted.most).toBe(20_000_032)
})

test('messages of 16 MiB together are copied at one time, and one byte more is not', async () => {
  const half = new Uint8Array(8_388_608)
  for (const [second, most] of [
    [half, 16_777_216],
    [new Uint8Array(8_388_609), 8_388_609],
  ] as const) {
    const counted = counting()
    await answerDigests([half, second].map((part) => ({ hash: 'sha512', parts: [part] })))
    expect(counted.most).toBe(most)
  }
})
