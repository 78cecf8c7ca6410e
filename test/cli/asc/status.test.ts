import { describe, expect, test } from '@jest/globals'
import { judgeAnswer } from '../../../src/cli/asc/status.js'

const key = '8F63F3A6707238CBEB3D27E40604D9C3AC034472'
const other = '141821C007FE93633D1161678EA1A68E26ED3653'
const good = `GOODSIG ${key.slice(-16)} Demo <demo@example.com>`
const valid = `VALIDSIG ${key} 2026-01-02 1767312000 0 4 0 22 8 00 ${key}`

function judge(lines: readonly string[], status: number | null = 0, readAll = true): unknown {
  const output = lines.map((line) => `[GNUPG:] ${line}\n`).join('')
  const judged = judgeAnswer({ output, status, readAll }, 'gpgv')
  return 'signer' in judged ? judged.signer : judged.refused
}

describe('status lines of gpg', () => {
  test('one good and valid signature is accepted', () => {
    expect(
      judge(['NEWSIG', `KEY_CONSIDERED ${key} 0`, 'SIG_ID x 2026-01-02 1', good, valid]),
    ).toEqual({
      fingerprint: key,
      primary: key,
      userId: 'Demo <demo@example.com>',
      time: '2026-01-02T00:00:00Z',
      hash: 'SHA256',
    })
  })

  test('of a subkey, the primary key is named as well', () => {
    const line = valid.replace(new RegExp(`${key}$`), other)
    expect(judge([good, line])).toMatchObject({ fingerprint: key, primary: other })
  })

  test('a time may be written as a date, and a fingerprint may be of a newer kind', () => {
    const long = 'AB'.repeat(32)
    const line = valid.replaceAll(key, long).replace('1767312000', '20260102T030405')
    const judged = judge([`GOODSIG ${long.slice(0, 16)} Demo`, line])
    expect(judged).toMatchObject({ fingerprint: long, time: '2026-01-02T03:04:05Z' })
  })

  test('control characters of a user id are written out', () => {
    const line = `GOODSIG ${key} a%0A[GNUPG:] b\u001b[2J\u202e%25`
    expect(judge([line, valid])).toMatchObject({ userId: 'a\\u000a[GNUPG:] b\\u001b[2J\\u202e%' })
  })

  test.each([
    ['nothing', [], /found no detached signature/],
    ['GOODSIG alone', [good], /found no detached signature/],
    ['VALIDSIG alone', [valid], /found no detached signature/],
    ['two of each', [good, valid, good, valid], /contains 2 signatures/],
    ['two that were begun', ['NEWSIG', 'NEWSIG', good, valid], /contains 2 signatures/],
    ['a bad one beside it', [good, valid, `BADSIG ${key} x`], /of other bytes/],
    ['an error beside it', [good, valid, `ERRSIG ${key} 22 8 00 1 9`], /could not be checked/],
    ['an expired signature', [`EXPSIG ${key} x`, valid], /signature has expired/],
    ['an expired key', [`EXPKEYSIG ${key} x`, valid], /key has expired/],
    ['a revoked key', [`REVKEYSIG ${key} x`, valid], /key was revoked/],
    ['no data', ['NODATA 1', good, valid], /no detached signature, or only a part/],
    ['a signed text', ['PLAINTEXT 74 0 ', good, valid], /said PLAINTEXT/],
    ['an unknown line', [good, valid, 'SOMETHING_NEW'], /said SOMETHING_NEW/],
    ['the class of a text', [good, valid.replace(' 00 ', ' 01 ')], /of a text/],
    ['another key', [good, valid.replaceAll(key, other)], /contradicts itself/],
    ['a short fingerprint', [good, valid.replace(/ \S+$/, ' AC034472')], /contradicts itself/],
    ['no number for a time', [good, valid.replace('1767312000', 'now')], /contradicts itself/],
    ...['1', '2', '3', '99'].map(
      (hash) =>
        [
          `hash ${hash}`,
          [good, valid.replace(' 8 00', ` ${hash} 00`)],
          /no longer counts/,
        ] as const,
    ),
  ] as const)('%s is refused', (_, lines, reason) => {
    expect(judge(lines)).toMatch(reason)
  })

  test('the exit status must agree', () => {
    expect(judge([good, valid], 1)).toBe('gpgv ended with status 1')
    expect(judge([good, valid], null)).toBe('gpgv was ended by a signal')
  })

  test('the program must take the whole file', () => {
    expect(judge([good, valid], 0, false)).toBe('gpgv did not read all of the file')
  })

  test('lines of another form are refused', () => {
    const output = `gpg: hello\n[GNUPG:] ${good}\n[GNUPG:] ${valid}\n`
    expect(judgeAnswer({ output, status: 0, readAll: true }, 'gpgv')).toEqual({
      refused: 'gpgv answered with something else than status lines',
    })
  })
})
