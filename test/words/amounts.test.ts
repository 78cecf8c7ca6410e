import { describe, expect, test } from '@jest/globals'
import { count, isoTime } from '../../src/words/amounts.js'
import { durationInWords, expiryInWords } from '../../src/words/durations.js'

const now = Date.UTC(2026, 0, 1)
const hour = 3_600_000

describe('times', () => {
  test.each([
    [0, '0 seconds'],
    [1_999, '1 second'],
    [119_999, '119 seconds'],
    [120_000, '2 minutes'],
    [2 * hour, '2 hours'],
    [47 * hour, '47 hours'],
    [48 * hour, '2 days'],
    [24 * hour * 3_650, '3,650 days'],
  ])('%d ms are %s', (duration, words) => {
    expect(durationInWords(duration)).toBe(words)
  })

  test('a file expires at its very moment, and not before', () => {
    expect(expiryInWords(now + 3 * hour, now)).toBe('expires in 3 hours (2026-01-01T03:00:00Z)')
    expect(expiryInWords(now, now)).toBe('expired 0 seconds ago (2026-01-01T00:00:00Z)')
  })

  test('seconds are written as in metadata, fractions only where there are any', () => {
    expect(isoTime(now)).toBe('2026-01-01T00:00:00Z')
    expect(isoTime(now + 5)).toBe('2026-01-01T00:00:00.005Z')
    expect(isoTime(Infinity)).toBe('Infinity')
  })
})

test('amounts are grouped, and one is not many', () => {
  expect([count(0, 'key'), count(1, 'key'), count(16384, 'bin')]).toEqual([
    '0 keys',
    '1 key',
    '16,384 bins',
  ])
  expect(count(2, 'hash prefix', 'hash prefixes')).toBe('2 hash prefixes')
})
