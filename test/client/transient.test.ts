/** Failures of a request by their shape: an error may be of any realm, and hold anything. */
import { describe, expect, test } from '@jest/globals'
import { badShape, brokenBody, isTransient } from '../../src/client/transient.js'
import { FetchFailedError, FetchNotFoundError } from '../../src/errors.js'

const url = 'https://example.org/a.json'

function failed(cause: unknown): FetchFailedError {
  return new FetchFailedError(url, 'no', { cause })
}

const refused = { code: 'ECONNREFUSED' }

describe('a failed request', () => {
  test.each([
    ['null', null, false],
    ['a text', 'ECONNREFUSED', false],
    ['an error without a code', new Error('no'), false],
    ['errors that are no list', { errors: refused }, false],
    ['a list of anything', { errors: [null, 'no', 5, undefined, new Error('no')] }, false],
    ['a list of anything, with a refused connection', { errors: [null, 'no', 5, refused] }, true],
    ['a refused connection by its code', refused, true],
    ['a code that is of the error before its cause', { ...refused, cause: { code: 'x' } }, true],
  ])('because of %s', (_what, cause, transient) => {
    expect(isTransient(failed(cause))).toBe(transient)
  })

  test('is the only kind of error that passes', () => {
    expect(isTransient(Object.assign(new Error('no'), refused))).toBe(false)
    expect(isTransient(Object.assign(new Error('no'), { transient: true }))).toBe(false)
    expect(isTransient(new FetchNotFoundError(url, 503))).toBe(false)
    expect(isTransient(null)).toBe(false)
  })
})

describe('a body that broke off', () => {
  test.each([
    ['no code', new Error('no'), true],
    ['an end that came too early', { code: 'Z_BUF_ERROR' }, true],
    ['bytes that cannot be decompressed', { code: 'Z_DATA_ERROR' }, false],
    ['the same, deeper', new Error('no', { cause: { code: 'Z_DATA_ERROR' } }), false],
    ['the same, on top', { code: 'Z_DATA_ERROR', cause: refused }, false],
  ])('with %s', (_what, cause, transient) => {
    const error = brokenBody(url, cause)
    expect(error).toMatchObject({ message: `${url}: the connection broke`, cause, transient })
    expect(isTransient(error)).toBe(transient)
  })
})

test('an answer that is not one would be the same again', () => {
  const cause = new TypeError('the answer is not an object')
  const message = `${url}: the fetcher gave no answer`
  expect(badShape(url, cause)).toMatchObject({ message, cause, transient: false })
})
