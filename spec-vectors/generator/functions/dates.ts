/** Dates (4.2.3). */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { gives, refuses, type Terms } from './vector.js'

/** The family `dates`. */
export function datesFamily(): VectorFile {
  return functionFamily(
    'dates',
    'Which moment does the value `text` of expires name? The output is in milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Refused: text that is not a date.',
    [...good(), ...bad(), ...beyond(), ...seldom()],
  )
}

const date: Terms = { requirements: ['4.2.3-date'] }
const rfc3339: Terms = {
  ...date,
  profile: 'tuffet',
  note: '4.2.3 names one format, without fractions and offsets. Root metadata in public use contains both.',
}

function good(): readonly FunctionVector[] {
  const rows: readonly (readonly [string, string, string, number])[] = [
    ['example', 'The example of 4.2.3', '1985-10-21T01:21:00Z', 498_705_660_000],
    ['epoch', 'The beginning of 1970 is zero', '1970-01-01T00:00:00Z', 0],
    ['before-epoch', 'A second before it is negative', '1969-12-31T23:59:59Z', -1000],
    ['last-second', 'The last second of a day', '2029-12-31T23:59:59Z', 1_893_455_999_000],
    ['leap-day', 'A leap day', '2024-02-29T00:00:00Z', 1_709_164_800_000],
    [
      'leap-century',
      'A leap day of a year that 400 divides',
      '2000-02-29T00:00:00Z',
      951_782_400_000,
    ],
    ['after-2038', 'A moment that 32 bits cannot count', '2038-01-19T03:14:08Z', 2_147_483_648_000],
    [
      'after-2106',
      'A moment that 32 bits without a sign cannot count',
      '2106-02-07T06:28:16Z',
      4_294_967_296_000,
    ],
    ['last', 'The last moment that can be written', '9999-12-31T23:59:59Z', 253_402_300_799_000],
  ]
  return rows.map(([id, title, text, time]) => gives(date, `dates-${id}`, title, { text }, time))
}

function bad(): readonly FunctionVector[] {
  const rows: readonly (readonly [string, string, string])[] = [
    ['empty', 'Empty text is refused', ''],
    ['word', 'A word is refused', 'soon'],
    ['date-only', 'A date without a time is refused', '2030-01-01'],
    ['time-only', 'A time without a date is refused', '00:00:00Z'],
    [
      'no-zone',
      'A time without a zone is refused: it would depend on where it is read',
      '2030-01-01T00:00:00',
    ],
    ['no-seconds', 'A time without seconds is refused', '2030-01-01T00:00Z'],
    ['basic', 'A date without separators is refused', '20300101T000000Z'],
    ['number', 'A number of seconds is refused', '1893456000'],
    ['slashes', 'A date with slashes is refused', '2030/01/01T00:00:00Z'],
    ['rfc-2822', 'A date as in mail is refused', 'Tue, 01 Jan 2030 00:00:00 GMT'],
    ['short-year', 'A year of two digits is refused', '30-01-01T00:00:00Z'],
    ['long-year', 'A year of five digits is refused', '12030-01-01T00:00:00Z'],
    ['signed-year', 'A year with a sign is refused', '+002030-01-01T00:00:00Z'],
    ['short-month', 'A month of one digit is refused', '2030-1-01T00:00:00Z'],
    ['month-0', 'Month 0 is refused', '2030-00-01T00:00:00Z'],
    ['month-13', 'Month 13 is refused', '2030-13-01T00:00:00Z'],
    ['day-0', 'Day 0 is refused', '2030-01-00T00:00:00Z'],
    ['day-32', 'The 32nd is refused', '2030-01-32T00:00:00Z'],
    [
      'april-31',
      'The 31st of April is refused, not read as the 1st of May',
      '2030-04-31T00:00:00Z',
    ],
    ['february-29', 'A leap day of an ordinary year is refused', '2023-02-29T00:00:00Z'],
    ['february-29-century', 'A leap day of 2100 is refused', '2100-02-29T00:00:00Z'],
    ['february-30', 'The 30th of February is refused', '2024-02-30T00:00:00Z'],
    ['hour-24', 'Hour 24 is refused', '2030-01-01T24:00:00Z'],
    ['minute-60', 'Minute 60 is refused', '2030-01-01T00:60:00Z'],
    ['second-61', 'Second 61 is refused', '2030-01-01T00:00:61Z'],
    ['space-before', 'White space before a date is refused', ' 2030-01-01T00:00:00Z'],
    ['space-after', 'White space after a date is refused', '2030-01-01T00:00:00Z '],
    ['line-feed', 'A line feed after a date is refused', '2030-01-01T00:00:00Z\n'],
    ['text-after', 'Text after a date is refused', '2030-01-01T00:00:00Zjunk'],
    ['two', 'A second date after a date is refused', '2030-01-01T00:00:00Z/2031-01-01T00:00:00Z'],
    [
      'other-digits',
      'Digits that are not ASCII are refused',
      '\u0662\u0660\u0663\u0660-01-01T00:00:00Z',
    ],
    ['other-hyphen', 'A minus sign is not a hyphen', '2030\u221201\u221201T00:00:00Z'],
    ['zone-name', 'The name of a zone is refused', '2030-01-01T00:00:00UTC'],
    ['zone-in-words', 'A zone in brackets is refused', '2030-01-01T00:00:00Z[UTC]'],
    ['week', 'A date by its week is refused', '2030-W01-2T00:00:00Z'],
    ['infinity', 'A word that some readers take for a date is refused', 'infinity'],
  ]
  return rows.map(([id, title, text]) => refuses(date, `dates-${id}`, title, { text }))
}

function beyond(): readonly FunctionVector[] {
  const rows: readonly (readonly [string, string, string, number, string?])[] = [
    ['fraction', 'A fraction of a second is read', '2030-01-01T00:00:00.5Z', 1_893_456_000_500],
    [
      'fraction-cut',
      'Digits beyond the millisecond are cut off',
      '2030-01-01T00:00:00.9999Z',
      1_893_456_000_999,
    ],
    [
      'offset-west',
      'An offset to the west is read',
      '2017-08-25T20:56:48-06:00',
      1_503_716_208_000,
    ],
    [
      'offset-east',
      'An offset to the east is read',
      '2030-01-01T00:00:00+05:30',
      1_893_436_200_000,
    ],
    ['offset-zero', 'An offset of zero is UTC', '2030-01-01T00:00:00+00:00', 1_893_456_000_000],
    [
      'fraction-and-offset',
      'A fraction and an offset are read, as in a root in public use',
      '2021-12-18T13:28:12.99008-06:00',
      1_639_855_692_990,
    ],
    [
      'lower-case',
      'The letters T and Z may be in lower case',
      '2030-01-01t00:00:00z',
      1_893_456_000_000,
      'RFC 3339, 5.6, allows both letters in lower case; the format of 4.2.3 uses capitals.',
    ],
    [
      'leap-second',
      'A leap second counts as the one after it',
      '2016-12-31T23:59:60Z',
      1_483_228_800_000,
      'RFC 3339, 5.7: a leap second is the sixtieth second. ISO 8601, which 4.2.3 names, allows it too; most libraries cannot count it.',
    ],
  ]
  return rows.map(([id, title, text, time, note]) =>
    gives(rfc3339, `dates-${id}`, title, { text }, time, note === undefined ? {} : { note }),
  )
}

/** Texts that RFC 3339 does not allow either. */
function seldom(): readonly FunctionVector[] {
  const rows: readonly (readonly [string, string, string])[] = [
    ['space-inside', 'A space instead of the T is refused', '2030-01-01 00:00:00Z'],
    ['offset-basic', 'An offset without a colon is refused', '2030-01-01T00:00:00+0100'],
    ['offset-hours', 'An offset of hours alone is refused', '2030-01-01T00:00:00+01'],
    ['offset-24', 'An offset of a day is refused', '2030-01-01T00:00:00+24:00'],
    ['offset-and-zone', 'An offset before the Z is refused', '2030-01-01T00:00:00+01:00Z'],
    ['fraction-empty', 'A point without digits is refused', '2030-01-01T00:00:00.Z'],
    ['fraction-comma', 'A comma before the fraction is refused', '2030-01-01T00:00:00,5Z'],
    ['leap-second-noon', 'A leap second at noon is refused', '2016-12-31T12:00:60Z'],
    [
      'leap-second-midmonth',
      'A leap second in the middle of a month is refused',
      '2016-12-15T23:59:60Z',
    ],
  ]
  return rows.map(([id, title, text]) => refuses(date, `dates-${id}`, title, { text }))
}
