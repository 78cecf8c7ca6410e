import { describe, expect, test } from '@jest/globals'
import { checkedAnswer, release } from '../../src/client/checked-answer.js'

/** One that a fetcher without types could give. */
const body = { [Symbol.asyncIterator]: () => ({ next: () => undefined }) }
const answer = { offset: 0, body }

describe('an answer of a fetcher', () => {
  test('is taken with its hints, and without anything else', () => {
    const whole = { offset: 3, validator: '"a"', length: 5, url: 'https://h/a', body }
    const encoded = { coding: 'gzip', length: 2, body }
    expect(checkedAnswer({ ...whole, encoded, more: 1 })).toEqual({ ...whole, encoded })
    expect(checkedAnswer(answer)).toEqual(answer)
    const hollow = { validator: undefined, length: undefined, url: undefined, encoded: undefined }
    expect(Object.keys(checkedAnswer({ ...answer, ...hollow })).sort()).toEqual(['body', 'offset'])
  })

  test.each([-1, 1.5, NaN, 2 ** 53, '5', null, true])(
    'counts as one without a length where the length is %p',
    (length) => {
      expect(checkedAnswer({ ...answer, length })).toStrictEqual(answer)
      const encoded = { coding: 'br' }
      expect(checkedAnswer({ ...answer, encoded: { ...encoded, length } })).toStrictEqual({
        ...answer,
        encoded,
      })
    },
  )

  test.each<[unknown, string]>([
    [undefined, 'the answer is not an object'],
    [null, 'the answer is not an object'],
    ['text', 'the answer is not an object'],
    [{ body }, 'the offset of the answer is of type undefined'],
    [{ ...answer, offset: '0' }, 'the offset of the answer is of type string'],
    [{ ...answer, offset: -1 }, 'the offset of the answer is -1, not a count of bytes'],
    [{ ...answer, offset: 0.5 }, 'the offset of the answer is 0.5, not a count of bytes'],
    [{ ...answer, validator: 1 }, 'the validator of the answer is not a string'],
    [{ ...answer, validator: null }, 'the validator of the answer is not a string'],
    [{ ...answer, url: new URL('https://h/') }, 'the url of the answer is not a string'],
    [{ offset: 0 }, 'the body of the answer is not an AsyncIterable'],
    [{ offset: 0, body: null }, 'the body of the answer is not an AsyncIterable'],
    [{ offset: 0, body: 'text' }, 'the body of the answer is not an AsyncIterable'],
    [{ offset: 0, body: [1] }, 'the body of the answer is not an AsyncIterable'],
    [
      { offset: 0, body: { [Symbol.asyncIterator]: 1 } },
      'the body of the answer is not an AsyncIterable',
    ],
    [{ ...answer, encoded: null }, 'the encoding of the answer is not an object'],
    [{ ...answer, encoded: 'gzip' }, 'the encoding of the answer is not an object'],
    [{ ...answer, encoded: {} }, 'the coding of the answer is not a string'],
    [
      { ...answer, encoded: { coding: 'gzip', body: [] } },
      'the encoded body of the answer is not an AsyncIterable',
    ],
  ])('%p is refused: %s', (given, reason) => {
    expect(() => checkedAnswer(given)).toThrow(new TypeError(reason))
  })
})

test('a body whose iterator cannot be ended is let go', async () => {
  const next = (): Promise<never> => new Promise(() => undefined)
  await expect(release({ next })).resolves.toBeUndefined()
  const failing = { next, return: () => Promise.reject(new Error('no')) }
  await expect(release(failing)).rejects.toThrow('no')
})
