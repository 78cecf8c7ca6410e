import { describe, expect, test } from '@jest/globals'
import {
  codingOf,
  encodingOf,
  isRest,
  lengthOf,
  retryAfterOf,
  validatorOf,
} from '../../src/client/answer-headers.js'

function answer(headers: Readonly<Record<string, string>> = {}): { readonly headers: Headers } {
  return { headers: new Headers(headers) }
}

/** As a fetcher may give them that does not trim. */
function raw(headers: Readonly<Record<string, string | null>>): Parameters<typeof codingOf>[0] {
  return { headers: { get: (name) => headers[name] ?? null } }
}

const gzip = { 'content-encoding': 'gzip' }
const etag = '"1"'

test.each([
  [null, 'identity'],
  ['', 'identity'],
  [' Identity ', 'identity'],
  ['gzip', 'gzip'],
  [' X-GZip', 'gzip'],
  ['BR', 'br'],
  ['gzip, br', 'gzip, br'],
])('the coding in %j is %s', (header, coding) => {
  expect(codingOf(raw({ 'content-encoding': header }))).toBe(coding)
})

test('a body that is sent as it is has a length and a validator, and is not encoded', () => {
  const sent = answer({ 'content-length': '12', etag, 'content-encoding': 'identity' })
  expect([lengthOf(sent), validatorOf(sent), encodingOf(sent)]).toEqual([
    { length: 12 },
    { validator: etag },
    undefined,
  ])
})

test('of an encoded body, the length is that of the encoded bytes, and a validator promises nothing', () => {
  const sent = answer({ 'content-length': '12', etag, ...gzip })
  expect([lengthOf(sent), validatorOf(sent), encodingOf(sent)]).toEqual([
    {},
    {},
    { coding: 'gzip', length: 12 },
  ])
  expect(encodingOf(answer(gzip))).toStrictEqual({ coding: 'gzip' })
})

test.each(['', 'x', '-1', '+1', '1.5', '1e3', 'a12', '12a', '1, 1', '0x1', '1'.repeat(16)])(
  'the length %j counts as missing',
  (length) => {
    expect(lengthOf(answer({ 'content-length': length }))).toStrictEqual({})
  },
)

test('a length of up to fifteen digits is read', () => {
  expect(lengthOf(answer({ 'content-length': '0' }))).toEqual({ length: 0 })
  expect(lengthOf(answer({ 'content-length': '9'.repeat(15) }))).toEqual({ length: 1e15 - 1 })
  expect(lengthOf(answer())).toStrictEqual({})
})

test('a validator that is weak or missing is not given', () => {
  expect(validatorOf(answer({ etag: 'W/"1"' }))).toEqual({})
  expect(validatorOf(answer())).toEqual({})
})

describe('an answer continues a file', () => {
  test.each([
    [{ 'content-range': 'bytes 3-9/10', etag }, true],
    [{ 'content-range': 'bytes 3-9/*' }, true],
    [{ 'content-range': 'bytes 4-9/10', etag }, false],
    [{ 'content-range': 'bytes 33-99/100', etag }, false],
    [{ 'content-range': 'x bytes 3-9/10', etag }, false],
    [{ 'content-range': 'bytes 3-9/10', etag: '"2"' }, false],
    [{ 'content-range': 'bytes 3-9/10', etag, ...gzip }, false],
    [{ etag }, false],
  ])('with the headers %j: %s', (headers, continues) => {
    expect(isRest(answer(headers), 3, etag)).toBe(continues)
  })
})

describe('the time until the next request', () => {
  const date = 'Sun, 06 Nov 1994 08:49:37 GMT'

  test.each([
    ['0', 0],
    [' 5 ', 5_000],
    ['9999999999', 9_999_999_999_000],
  ])('in seconds: %j', (seconds, milliseconds) => {
    expect(retryAfterOf(raw({ 'retry-after': seconds }))).toBe(milliseconds)
  })

  test.each([
    ['Sun, 06 Nov 1994 08:49:40 GMT', 3_000],
    ['Sunday, 06-Nov-94 08:50:37 GMT', 60_000],
    ['Sun, 06 Nov 1994 08:49:30 GMT', 0],
  ])("is until %s by the server's own clock", (until, milliseconds) => {
    expect(retryAfterOf(answer({ 'retry-after': until, date }))).toBe(milliseconds)
  })

  test('is by the own clock where the server does not state its time', () => {
    const until = new Date(Date.now() + 3_600_000).toUTCString()
    for (const headers of [{}, { date: 'today' }]) {
      const delay = retryAfterOf(answer({ 'retry-after': until, ...headers }))
      expect(delay).toBeGreaterThan(3_590_000)
      expect(delay).toBeLessThanOrEqual(3_600_000)
    }
  })

  test.each([
    '',
    'soon',
    '-1',
    '1.5',
    '5s',
    's5',
    '1'.repeat(11),
    '1994-11-06',
    'Nov 6 1994',
    'Sun, x',
    `after ${date}`,
  ])('%j is not one', (text) => {
    expect(retryAfterOf(answer({ 'retry-after': text, date }))).toBeUndefined()
  })

  test('is not known without the header', () => {
    expect(retryAfterOf(answer({ date }))).toBeUndefined()
  })
})
