import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseDate } from '../../src/core/metadata/dates.js'
import { runs } from '../support/runs.js'

describe('a date of RFC 3339', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00-00:00', 0],
    ['1969-12-31T23:59:59Z', -1000],
    ['2030-01-01T00:00:00Z', Date.UTC(2030, 0, 1)],
    ['2000-02-29T12:34:56Z', Date.UTC(2000, 1, 29, 12, 34, 56)],
    ['2024-02-29T23:59:59Z', Date.UTC(2024, 1, 29, 23, 59, 59)],
    ['2024-03-01T00:00:00Z', Date.UTC(2024, 2, 1)],
    ['9999-12-31T23:59:59Z', Date.UTC(9999, 11, 31, 23, 59, 59)],
    ['0000-01-01T00:00:00Z', -62_167_219_200_000],
    ['0000-02-29T00:00:00Z', -62_162_121_600_000],
    ['0099-12-31T00:00:00Z', -59_011_545_600_000],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
  ])('%s is %d', (text, time) => {
    expect(parseDate(text)).toBe(time)
  })

  test('may use lower-case letters', () => {
    expect(parseDate('2030-01-01t00:00:00z')).toBe(Date.UTC(2030, 0, 1))
  })

  test.each([
    ['2017-08-25T20:56:48-06:00', '2017-08-26T02:56:48Z'],
    ['2030-01-01T00:00:00+05:30', '2029-12-31T18:30:00Z'],
    ['2030-01-01T00:00:00+23:59', '2029-12-31T00:01:00Z'],
    ['2029-12-31T00:01:00-23:59', '2030-01-01T00:00:00Z'],
    ['2024-03-01T00:30:00+01:00', '2024-02-29T23:30:00Z'],
  ])('with an offset: %s is %s', (text, utc) => {
    expect(parseDate(text)).toBe(parseDate(utc))
    expect(parseDate(utc)).toBe(Date.parse(utc))
  })

  test('can lie outside the years 0000 to 9999 because of its offset', () => {
    expect(parseDate('0000-01-01T00:00:00+00:01')).toBe(-62_167_219_260_000)
    expect(parseDate('9999-12-31T23:59:59-00:01')).toBe(253_402_300_859_000)
  })

  test.each([
    ['.1', 100],
    ['.12', 120],
    ['.123', 123],
    ['.1239', 123],
    ['.9999999999', 999],
    ['.0', 0],
    ['.0009', 0],
    [`.5${'0'.repeat(100_000)}`, 500],
  ])('with a fraction, cut off towards the past: %#', (fraction, milliseconds) => {
    const start = Date.UTC(2022, 0, 1)
    expect(parseDate(`2022-01-01T00:00:00${fraction}Z`)).toBe(start + milliseconds)
    expect(parseDate(`1960-01-01T00:00:00${fraction}Z`)).toBe(Date.UTC(1960, 0, 1) + milliseconds)
  })

  test('contains a fraction and an offset in real metadata', () => {
    expect(parseDate('2021-12-18T13:28:12.99008-06:00')).toBe(
      Date.UTC(2021, 11, 18, 19, 28, 12, 990),
    )
  })

  test('agrees with the platform for every second that the platform can write', () => {
    const times = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(times, (date) => {
        expect(parseDate(date.toISOString())).toBe(date.getTime())
      }),
      runs(2000),
    )
  })

  test('allows as many days in each month as the platform', () => {
    const wrong: string[] = []
    for (const year of [0, 1, 4, 99, 100, 400, 1900, 1999, 2000, 2023, 2024, 2100, 2400, 9999]) {
      for (let month = 1; month <= 12; month += 1) {
        const yearMonth = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
        for (let day = 0; day <= 32; day += 1) {
          const date = `${yearMonth}-${String(day).padStart(2, '0')}`
          const platform = new Date(`${date}T00:00:00Z`)
          // For a day that does not exist, the platform answers NaN or a day of the next month.
          const exists =
            !Number.isNaN(platform.getTime()) && platform.toISOString().startsWith(date)
          const expected = exists ? platform.getTime() : undefined
          if (parseDate(`${date}T00:00:00Z`) !== expected) wrong.push(date)
        }
      }
    }
    expect(wrong).toEqual([])
  })
})

describe('a leap second', () => {
  test.each([
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['1990-06-30T23:59:60Z', '1990-07-01T00:00:00Z'],
    ['1990-12-31T15:59:60-08:00', '1991-01-01T00:00:00Z'],
    ['2017-01-01T05:29:60+05:30', '2017-01-01T00:00:00Z'],
    ['2024-02-29T23:59:60Z', '2024-03-01T00:00:00Z'],
    ['2024-03-01T08:59:60+09:00', '2024-03-01T00:00:00Z'],
    ['9999-12-31T23:59:60Z', undefined],
  ])('%s counts as the following second', (text, following) => {
    const expected = following === undefined ? 253_402_300_800_000 : Date.parse(following)
    expect(parseDate(text)).toBe(expected)
  })

  test('may contain a fraction', () => {
    expect(parseDate('2016-12-31T23:59:60.25Z')).toBe(Date.UTC(2017, 0, 1, 0, 0, 0, 250))
  })

  test.each([
    '2016-12-30T23:59:60Z',
    '2016-12-31T23:58:60Z',
    '2016-12-31T22:59:60Z',
    '2016-12-31T23:59:60-01:00',
    '2016-12-31T23:59:60+01:00',
    '2024-02-28T23:59:60Z',
    '2016-12-31T00:00:60Z',
    '2016-12-31T23:59:61Z',
  ])('is refused elsewhere: %s', (text) => {
    expect(parseDate(text)).toBeUndefined()
  })
})

describe('another form of date is refused', () => {
  test.each([
    '',
    'soon',
    '2030',
    '2030-01-01',
    '2030-01-01T00:00:00',
    '2030-01-01 00:00:00Z',
    '2030-01-01T00:00Z',
    '2030-1-01T00:00:00Z',
    '+2030-01-01T00:00:00Z',
    '+002030-01-01T00:00:00Z',
    '-0001-01-01T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '2030-00-01T00:00:00Z',
    '2030-13-01T00:00:00Z',
    '2030-01-00T00:00:00Z',
    '2030-01-32T00:00:00Z',
    '2030-04-31T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2030-01-01T24:00:00Z',
    '2030-01-01T00:60:00Z',
    '2030-01-01T00:00:61Z',
    '2030-01-01T00:00:00.Z',
    '2030-01-01T00:00:00,5Z',
    '2030-01-01T00:00:00.5',
    '2030-01-01T00:00:00+24:00',
    '2030-01-01T00:00:00+00:60',
    '2030-01-01T00:00:00+0000',
    '2030-01-01T00:00:00+00',
    '2030-01-01T00:00:00ZZ',
    ' 2030-01-01T00:00:00Z',
    '2030-01-01T00:00:00Z ',
    '2030-01-01T00:00:00Z\n',
    '\n2030-01-01T00:00:00Z',
    '２０３０-01-01T00:00:00Z',
    '2030-01-01T00:00:00\u2212 01:00',
    '2030/01/01T00:00:00Z',
    '1893456000',
    'NaN',
    'Tue, 01 Jan 2030 00:00:00 GMT',
    '2030-001T00:00:00Z',
    '2030-W01-1T00:00:00Z',
  ])('%j', (text) => {
    expect(parseDate(text)).toBeUndefined()
  })
})
