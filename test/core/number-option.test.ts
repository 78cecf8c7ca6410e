import { expect, test } from '@jest/globals'
import { checkInteger, checkNumber, checkTime } from '../../src/core/number-option.js'

const text = '5' as unknown as number

test('an integer is taken from the least to the most, both included', () => {
  expect([2, 3, 4].map((value) => checkInteger('size', value, 2, 4))).toEqual([2, 3, 4])
  expect(checkInteger('size', Number.MAX_SAFE_INTEGER, 0)).toBe(Number.MAX_SAFE_INTEGER)
})

test.each([
  [1, '1'],
  [5, '5'],
  [2.5, '2.5'],
  [NaN, 'NaN'],
  [text, '"5"'],
])('an error about the integer %p names the option, its range and the value', (value, shown) => {
  expect(() => checkInteger('size', value, 2, 4)).toThrow(
    new RangeError(`size is not an integer from 2 to 4: ${shown}`),
  )
})

test('a number is taken from the least to the most, both included', () => {
  expect([0, 0.5, 1].map((value) => checkNumber('rate', value, 0, 1))).toEqual([0, 0.5, 1])
  expect(checkNumber('rate', Infinity, 0, Infinity)).toBe(Infinity)
})

test.each([
  [-0.5, '-0.5'],
  [1.5, '1.5'],
  [NaN, 'NaN'],
  ['0.5' as unknown as number, '"0.5"'],
])('an error about the number %p names the option, its range and the value', (value, shown) => {
  expect(() => checkNumber('rate', value, 0, 1)).toThrow(
    new RangeError(`rate is not a number from 0 to 1: ${shown}`),
  )
})

test('a time is any finite number, also before 1970', () => {
  expect([-1.5, 0, 1e12].map((value) => checkTime('now', value))).toEqual([-1.5, 0, 1e12])
})

test.each([
  [NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [text, '"5"'],
])('an error about the time %p names the option and the value', (value, shown) => {
  expect(() => checkTime('now', value)).toThrow(
    new RangeError(`now must be milliseconds since 1970, not ${shown}`),
  )
})
