import { expect, test } from '@jest/globals'
import { parseRange } from '../../../src/pypi/proxy/byte-range.js'

test.each([
  ['bytes=0-3', { start: 0, end: 4 }],
  ['bytes=4-', { start: 4, end: 10 }],
  ['bytes=-3', { start: 7, end: 10 }],
  ['bytes=-99', { start: 0, end: 10 }],
  ['bytes=8-99', { start: 8, end: 10 }],
  ['Bytes= 9-9 ', { start: 9, end: 10 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=10-12', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=99999999999999999999-', 'unsatisfiable'],
  ['bytes=3-1', undefined],
  ['bytes=0-1,4-5', undefined],
  ['bytes=-', undefined],
  ['bytes=a-b', undefined],
  ['pages=0-1', undefined],
  ['', undefined],
  [undefined, undefined],
] as const)('%s of ten bytes', (header, range) => {
  expect(parseRange(header, 10)).toEqual(range)
})

test.each(['bytes=0-0', 'bytes=0-', 'bytes=-1'])('%s of an empty file', (header) => {
  expect(parseRange(header, 0)).toBe('unsatisfiable')
})
