import { describe, expect, test } from '@jest/globals'
import {
  ClockBehindError,
  FetchFailedError,
  isTufError,
  LengthMismatchError,
  MetadataInvalidError,
  StoreFailedError,
  ThresholdError,
  TufError,
} from '../../src/errors.js'
import { classes, errorFrom, errorMessage } from '../../src/worker/error-message.js'

const place = { role: 'targets', step: '5.7.3' }

/** The error on the other side. */
function crossed(error: unknown): Error & Record<string, unknown> {
  return errorFrom(structuredClone(errorMessage(error))) as Error & Record<string, unknown>
}

describe('an error that crosses threads', () => {
  const keys = [{ keyid: 'a', verdict: 'signed' as const }]
  const origin = { from: 'network' as const, url: 'https://example.com/' }
  const errors = [
    new LengthMismatchError(place, 5, 6),
    new ThresholdError(place, { delegator: 'root', threshold: 2, signed: 1, keys }),
    new StoreFailedError('set', 'root.json', { readOnly: true }),
    new ClockBehindError(1, 2),
    new FetchFailedError('https://example.com/', 'busy', { status: 503, retryAfter: 1_000 }),
    Object.assign(new MetadataInvalidError(place, 'signed', 'is missing'), { origin }),
  ]

  test.each(errors.map((error) => [error.name, error] as const))(
    'of the class %s keeps it, and its fields',
    (_name, error) => {
      const there = crossed(error)
      expect(there).toBeInstanceOf(error.constructor)
      expect(there).toBeInstanceOf(TufError)
      expect(isTufError(there)).toBe(true)
      expect(Object.entries(there)).toEqual(Object.entries(error))
      expect(there.message).toBe(error.message)
      expect(there.name).toBe(error.name)
      expect(there.stack).toBe(error.stack)
      expect(Object.keys(there)).not.toContain('stack')
    },
  )

  test('finds the class of every code', () => {
    for (const [code, one] of Object.entries(classes)) {
      const message = { ...errorMessage(new ClockBehindError(1, 2)), fields: { code } }
      expect(errorFrom(message)).toBeInstanceOf(one)
    }
    expect(new Set(Object.values(classes)).size).toBe(Object.keys(classes).length)
  })

  test('of another copy of the package, with an unknown code, is still one of its errors', () => {
    const error = Object.assign(new ClockBehindError(1, 2), { code: 'ERR_TUF_FUTURE' })
    expect(isTufError(crossed(error))).toBe(true)
    expect(crossed(error)['code']).toBe('ERR_TUF_FUTURE')
  })

  test('keeps its causes, and the fields of system errors', () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104 })
    const attempts = new AggregateError([reset, new TypeError('b')], 'all failed')
    const there = crossed(new FetchFailedError('https://a/', 'failed', { cause: attempts }))
    expect(there.cause).toBeInstanceOf(AggregateError)
    expect((there.cause as AggregateError).errors).toEqual([
      expect.objectContaining({ message: 'read ECONNRESET', code: 'ECONNRESET', errno: -104 }),
      expect.any(TypeError),
    ])
  })

  test('of the language keeps its class, and another its name', () => {
    expect(crossed(new RangeError('out'))).toBeInstanceOf(RangeError)
    const own = Object.assign(new Error('mine'), { name: 'MyError', callback: () => 1, deep: {} })
    expect(crossed(own)).toMatchObject({ name: 'MyError', message: 'mine', deep: {} })
    expect(crossed(own)).not.toHaveProperty('callback')
    expect(crossed('a word')).toEqual(new Error('a word'))
  })

  test('is small and soon there, however many errors it is made of', () => {
    const ring = new AggregateError([], 'ring')
    ring.errors.push(...Array.from({ length: 8 }, () => ring))
    const started = performance.now()
    expect(JSON.stringify(errorMessage(ring)).length).toBeLessThan(500_000)
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  test.each([
    [
      'throws when it is read',
      {
        name: 'Odd',
        message: 'odd',
        get stack(): never {
          throw new Error('no')
        },
      },
    ],
    ['has no text', Object.create(null)],
    ['has a proxy for a field', Object.assign(new Error('odd'), { field: new Proxy({}, {}) })],
  ])('that %s is an error all the same', (_, odd: unknown) => {
    expect(crossed(odd)).toBeInstanceOf(Error)
  })

  test('ends where its causes are a ring', () => {
    const ring: Error = new Error('ring')
    ring.cause = ring
    expect(crossed(ring).message).toBe('ring')
  })
})
