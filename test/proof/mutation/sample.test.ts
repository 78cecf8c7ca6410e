import { expect, test } from '@jest/globals'
import { drawn } from './sample.js'

const mutants = Array.from({ length: 100 }, (_, index) => ({ key: `src/a.ts:${index}` }))

test('a sample counts as many mutants as asked for, in the order of the sources', () => {
  const sample = drawn(mutants, { most: 30, seed: '1' })
  expect(sample).toHaveLength(30)
  expect(sample).toEqual(mutants.filter((mutant) => sample.includes(mutant)))
})

test('a sample is the same for the same seed alone', () => {
  const sample = drawn(mutants, { most: 30, seed: '1' })
  expect(drawn(mutants, { most: 30, seed: '1' })).toEqual(sample)
  expect(drawn(mutants, { most: 30, seed: '2' })).not.toEqual(sample)
})

test('a sample of a small group is the whole group', () => {
  expect(drawn(mutants, { most: 100, seed: '1' })).toBe(mutants)
  expect(drawn(mutants, { most: Infinity, seed: '1' })).toBe(mutants)
})
