import { describe, expect, test } from '@jest/globals'
import { resolveLimits } from '../../src/client/limits.js'

describe('resolveLimits', () => {
  test('gives the documented defaults', () => {
    expect(resolveLimits()).toStrictEqual({
      rootLength: 512_000,
      rootRotations: 1_024,
      readLength: 1_000_000_000,
      searchSteps: 10_000_000,
      searchedBytes: 64_000_000,
      timestampLength: 64_000,
      snapshotLength: 8_000_000,
      targetsLength: 32_000_000,
      searchedRoles: 64,
      signatures: 1_024,
      keptMetadata: 16_000_000,
      metadataDeadline: 60_000,
      minimumRate: 1_024,
      rateWindow: 30_000,
    })
  })

  test('takes the values given, and defaults for undefined ones', () => {
    const limits = resolveLimits({ rootLength: 9, snapshotLength: undefined, targetDeadline: 5 })
    expect(limits.rootLength).toBe(9)
    expect(limits.snapshotLength).toBe(8_000_000)
    expect(limits.targetDeadline).toBe(5)
  })

  test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 53])('refuses %p as a length', (value) => {
    expect(() => resolveLimits({ rootLength: value })).toThrow(RangeError)
  })

  test('names the limit, its range and the value that is out of it', () => {
    expect(() => resolveLimits({ rateWindow: 2 ** 31 })).toThrow(
      'the limit rateWindow is not an integer from 1 to 2147483647: 2147483648',
    )
    expect(() => resolveLimits(Object.fromEntries([['rootlength', 1]]))).toThrow(
      '"rootlength" is not a limit',
    )
  })

  test.each([
    ...['rootLength', 'timestampLength', 'snapshotLength', 'targetsLength', 'searchedRoles'],
    ...['signatures', 'metadataDeadline', 'targetDeadline', 'rateWindow'],
  ])('takes 1 for %s, and refuses 0', (name) => {
    expect(resolveLimits(Object.fromEntries([[name, 1]]))).toMatchObject({ [name]: 1 })
    expect(() => resolveLimits(Object.fromEntries([[name, 0]]))).toThrow(RangeError)
  })

  test.each([
    ...['rootRotations', 'searchedBytes', 'searchSteps', 'keptMetadata', 'readLength'],
    'minimumRate',
  ])('takes 0 for %s, and refuses -1', (name) => {
    expect(resolveLimits(Object.fromEntries([[name, 0]]))).toMatchObject({ [name]: 0 })
    expect(() => resolveLimits(Object.fromEntries([[name, -1]]))).toThrow(RangeError)
  })

  test('allows no rotations, no minimum rate and no kept metadata', () => {
    const none = { rootRotations: 0, minimumRate: 0, keptMetadata: 0 }
    expect(resolveLimits(none)).toMatchObject(none)
  })

  test('refuses a time longer than a timer can wait', () => {
    expect(() => resolveLimits({ metadataDeadline: 2 ** 31 })).toThrow(RangeError)
  })

  test.each(['rootlength', '__proto__', 'toString'])('refuses the unknown limit %p', (name) => {
    const given = Object.fromEntries([[name, 1]])
    expect(() => resolveLimits(given)).toThrow(RangeError)
  })
})
