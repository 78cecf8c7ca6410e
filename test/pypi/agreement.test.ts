import { describe, expect, test } from '@jest/globals'
import { PublisherChangedError, StoreFailedError } from '../../src/errors.js'
import {
  agreementOfBytes,
  agreementOfHashes,
  isAgreed,
} from '../../src/pypi/verdict/attestation.js'
import type { VouchedFile } from '../../src/pypi/verdict/verdict.js'

type Finding = NonNullable<VouchedFile['attestation']>

const filename = 'foo-1.0.zip'
const sha256 = 'ab'.repeat(32)
const address = { url: 'https://files.test/foo-1.0.zip' }
const reason = 'the page lists it'
const changed = new PublisherChangedError({
  ...{ project: 'foo', filename, before: ['GitHub a'], now: ['GitHub b'] },
})

const pinned: Finding = { verdict: 'match', accepted: true, reason: 'signed by GitHub a' }
const signed: Finding = { ...pinned, verdict: 'signed' }
const unsigned = { unsigned: true } as const

function vouched(attestation?: Finding, more: Partial<VouchedFile> = {}): VouchedFile {
  const file = { project: 'foo', version: '1.0', filename, address }
  const hashes = new Map([['sha256', sha256]])
  return { ...file, hashes, ...(attestation && { attestation }), ...more }
}

describe('bytes that agree', () => {
  test('match, with the reason of an attestation after that of the repository', async () => {
    const agreed = (file: VouchedFile) => agreementOfBytes(file, reason)
    expect(await agreed(vouched())).toEqual({ verdict: 'match', reason })
    expect(await agreed(vouched(signed))).toEqual({
      ...{ verdict: 'match', reason: 'the page lists it; signed by GitHub a' },
    })
  })

  test('of an index without signatures are as good as their attestation', async () => {
    const pinnedOne = await agreementOfBytes(vouched(pinned, unsigned), reason)
    expect(pinnedOne).toEqual({ verdict: 'match', reason: 'signed by GitHub a' })
    const signedOne = await agreementOfBytes(vouched(signed, unsigned), reason)
    expect(signedOne).toEqual({ verdict: 'signed', accepted: true, reason: 'signed by GitHub a' })
    expect([pinnedOne, signedOne].map(isAgreed)).toEqual([true, true])
    expect(isAgreed({ verdict: 'signed' })).toBe(false)
  })

  test('mismatch where another publisher was remembered since the file was found', async () => {
    const keep = (): Promise<void> => Promise.reject(changed)
    expect(await agreementOfBytes(vouched({ ...pinned, keep }), reason)).toEqual({
      ...{ verdict: 'mismatch', reason: changed.message },
    })
  })

  test('get no verdict where the publisher cannot be remembered', async () => {
    for (const error of [new StoreFailedError('set', 'first-use'), new Error('defect')]) {
      const keep = (): Promise<void> => Promise.reject(error)
      await expect(agreementOfBytes(vouched({ ...pinned, keep }), reason)).rejects.toBe(error)
    }
  })
})

describe('hashes that agree', () => {
  const sha512 = ['sha512', 'cd'.repeat(64)] as const
  const listed = { hashes: new Map([['sha256', sha256], sha512]) }
  const noHash = {
    ...{ verdict: 'no-hash', reason: 'its attestation is about the SHA-256, which is not locked' },
  }

  test.each<[string, Finding | undefined, object]>([
    ['without an attestation match', undefined, { verdict: 'match' }],
    ['beside a pinned publisher are too few', pinned, noHash],
    ['beside any publisher are too few', signed, noHash],
    [
      'of a file that need not be signed match',
      { ...pinned, verdict: 'no-attestation' },
      { verdict: 'match' },
    ],
  ])('and lack the SHA-256 %s', async (_title, attestation, expected) => {
    const locked = new Map([sha512])
    const remembered: string[] = []
    const keep = (): Promise<void> => Promise.resolve(void remembered.push('kept'))
    const file = vouched(attestation && { ...attestation, keep }, listed)
    expect(await agreementOfHashes(file, locked, reason)).toMatchObject(expected)
    expect(remembered).toEqual([])
  })

  test('are an agreement of bytes where one of several hashes alone was computed from them', async () => {
    const locked = new Map([sha512, ['blake2b-256', 'ef'.repeat(32)]])
    const file = vouched(pinned, listed)
    expect(await agreementOfHashes(file, locked, reason)).toMatchObject({ verdict: 'match' })
  })

  test('with the SHA-256, or with a hash of the verified bytes, are an agreement of bytes', async () => {
    for (const [locked, file] of [
      [new Map([['sha256', sha256]]), vouched(pinned, listed)],
      [new Map([sha512]), vouched(pinned)],
    ] as const) {
      const remembered: string[] = []
      const keep = (): Promise<void> => Promise.resolve(void remembered.push('kept'))
      const one = { ...file, attestation: { ...pinned, keep } }
      expect(await agreementOfHashes(one, locked, reason)).toMatchObject({ verdict: 'match' })
      expect(remembered).toEqual(['kept'])
    }
  })
})
