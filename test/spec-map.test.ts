import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import {
  faults,
  isDeclared,
  specMap,
  titlesByStep,
  titlesOf,
  vectorsByStep,
} from '../scripts/spec-map.js'

describe('docs/spec-map.md', () => {
  const tests = titlesByStep()

  test('names existing code, and a test for every step', () => {
    expect(faults(tests)).toEqual([])
  })

  test('is the output of its generator: npx tsx scripts/spec-map.ts', () => {
    expect(readFileSync('docs/spec-map.md', 'utf8')).toBe(specMap(tests, vectorsByStep()))
  })

  test('finds missing code, steps without a test, and unknown steps', () => {
    expect(isDeclared('src/core/trust/recall.ts#recall')).toBe(true)
    expect(isDeclared('src/core/trust/recall.ts#recal')).toBe(false)
    expect(isDeclared('src/core/no.ts#recall')).toBe(false)
    expect(isDeclared('src/client/repository.ts#Repository.#search')).toBe(true)
    expect(isDeclared('src/client/repository.ts#Repository.search')).toBe(false)
    const found = faults(new Map([['5.3.13', [{ path: 'x.test.ts', title: 'a title' }]]]))
    expect(found).toContain('5.3.4: no test has it in its title')
    expect(found).toContain('there is no step 5.3.13: a title')
  })

  test('reads the titles of tests with those of their groups', () => {
    const text = `
      describe('one', () => {
        test('a', () => {})
        describe.each([1])('two %i', () => { test.each(rows)('b', () => {}) })
      })
      it(\`c\`, () => {})
    `
    expect(titlesOf('x.test.ts', text)).toEqual(['one › a', 'one › two %i › b', 'c'])
  })
})
