import { describe, expect, test } from '@jest/globals'
import type { Cryptography, DigestRequest } from '../../src/core/keys/cryptography.js'
import { Digests, DigestsNeeded } from '../../src/core/keys/digests.js'
import { checkFile } from '../../src/core/keys/hash.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { hex } from '../support/signature-case.js'

const message = new TextEncoder().encode('a message')
const request: DigestRequest = { hash: 'sha256', parts: [message] }
const digest = nodeCryptography.hash('sha256', message)

/** What a judgement asks for; nothing where it does not ask. */
function asked(judgement: () => void): readonly DigestRequest[] {
  try {
    judgement()
  } catch (error) {
    if (!(error instanceof DigestsNeeded)) throw error
    expect(error.message).toBe('digests are needed')
    return error.requests
  }
  return []
}

function counting(): { readonly cryptography: Cryptography; readonly count: () => number } {
  let count = 0
  const createHasher: Cryptography['createHasher'] = (name) => {
    count += 1
    return nodeCryptography.createHasher(name)
  }
  return { cryptography: { ...nodeCryptography, createHasher }, count: () => count }
}

describe('the digests of a judgement', () => {
  const forMessages = (leastLength: number): Digests =>
    new Digests({ hashNames: ['sha256', 'sha512'], leastLength })

  test('are asked for once', () => {
    const digests = forMessages(1)
    expect(asked(() => digests.require([request, request]))).toEqual([request])
    expect(asked(() => digests.require([request]))).toEqual([])
  })

  test('are asked for where a message has the least length, and not where it is shorter', () => {
    const { length } = message
    expect(asked(() => forMessages(length).require([request]))).toEqual([request])
    expect(asked(() => forMessages(length + 1).require([request]))).toEqual([])
  })

  test('are not asked for by another hash function than the driver has', () => {
    const other: DigestRequest = { hash: 'sha384', parts: [message] }
    expect(asked(() => forMessages(1).require([other, request]))).toEqual([request])
  })

  test('are asked for in eight rounds, and no more', () => {
    const digests = forMessages(1)
    const rounds = Array.from({ length: 10 }, (_, byte) =>
      asked(() => digests.require([{ hash: 'sha512', parts: [Uint8Array.of(byte), message] }])),
    )
    expect(rounds.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0])
  })

  test('that the driver did not give are computed once', () => {
    const digests = forMessages(1)
    const requests = asked(() => digests.require([request]))
    digests.take(requests, [undefined])
    const { cryptography, count } = counting()
    expect(digests.of(request, cryptography)).toEqual(digest)
    expect(digests.of(request, cryptography)).toEqual(digest)
    expect(count()).toBe(1)
  })

  test('that the driver gave are not computed', () => {
    const digests = forMessages(1)
    digests.take(
      asked(() => digests.require([request])),
      [digest],
    )
    const { cryptography, count } = counting()
    expect(digests.of(request, cryptography)).toEqual(digest)
    expect(count()).toBe(0)
  })

  test('belong to one message, and to the bytes before it', () => {
    const digests = forMessages(1)
    const [one, other] = [Uint8Array.of(1), Uint8Array.of(1, 1)]
    const after = (...before: readonly Uint8Array[]): DigestRequest => ({
      hash: 'sha512',
      parts: [...before, message],
    })
    const requests = [after(one, other), after(other, one), after(one), after()]
    expect(asked(() => digests.require(requests))).toEqual(requests)
    digests.take(
      requests,
      requests.map((_, at) => new Uint8Array(64).fill(at)),
    )
    expect(requests.map((each) => digests.of(each, nodeCryptography)[0])).toEqual([0, 1, 2, 3])
  })

  test('are those of no bytes where a request has none', () => {
    const nothing: DigestRequest = { hash: 'sha256', parts: [] }
    const digests = forMessages(0)
    expect(asked(() => digests.require([nothing]))).toEqual([nothing])
    expect(() => digests.take([nothing], [digest])).not.toThrow()
    expect(digests.of(nothing, nodeCryptography)).toEqual(
      nodeCryptography.hash('sha256', new Uint8Array()),
    )
  })
})

test('a file that lists two hashes is asked for both at once', () => {
  const digests = new Digests({ hashNames: ['sha256', 'sha512'], leastLength: 1 })
  const hashes = new Map(
    (['sha256', 'sha512'] as const).map((hash) => [
      hash,
      hex(nodeCryptography.hash(hash, message)),
    ]),
  )
  const judge = (): void => {
    const by = { cryptography: nodeCryptography, digests }
    checkFile(message, { hashes }, { role: 'targets', step: '5.6.2' }, by)
  }
  expect(asked(judge)).toEqual([
    { hash: 'sha256', parts: [message] },
    { hash: 'sha512', parts: [message] },
  ])
  expect(asked(judge)).toEqual([])
})
