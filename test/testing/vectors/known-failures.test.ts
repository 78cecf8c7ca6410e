import { describe, expect, test } from '@jest/globals'
import {
  compareKnownFailures,
  parseKnownFailures,
  writeKnownFailures,
} from '../../../src/vectors/known-failures.js'
import { runVectors, type VectorReport } from '../../../src/vectors/runner.js'
import type { VectorClient } from '../../../src/vectors/client.js'
import { functionFile, functionSample } from './sample-files.js'

const files = [functionFile(...['one', 'two', 'three'].map((id) => functionSample({ id })))]

/** A client that fails these. */
async function reportOf(...wrong: readonly string[]): Promise<VectorReport> {
  let asked = 0
  const ids = ['one', 'two', 'three']
  const halves = () => ({ half: wrong.includes(ids[asked++] ?? '') ? 0 : 2 })
  const client: VectorClient = { name: 'some', functions: { halves } }
  return runVectors(files, client)
}

describe('known failures', () => {
  test('a list is read with its comments, and without ids that occur twice', () => {
    expect(parseKnownFailures('# why\n\none  # this one\r\ntwo\n')).toEqual(['one', 'two'])
    expect(() => parseKnownFailures('one\ntwo\none')).toThrow('line 3: one occurs twice')
    expect(() => parseKnownFailures('one two')).toThrow('line 1 is not the id of a vector')
  })

  test('a run tells known, new and mended failures, and vectors that no longer exist', async () => {
    const report = await reportOf('one', 'two')
    expect(compareKnownFailures(report, ['two', 'three', 'gone'], files)).toEqual({
      known: ['two'],
      unexpectedFailures: ['one'],
      unexpectedPasses: ['three'],
      unknown: ['gone'],
    })
  })

  test('a written list is read again as the list of failures', async () => {
    const report = await reportOf('three', 'one')
    const text = writeKnownFailures(report, ['two', 'gone'], files)
    // In the order of the files; passed vectors and unknown ones are dropped.
    expect(parseKnownFailures(text)).toEqual(['one', 'three'])
    expect(writeKnownFailures(report, parseKnownFailures(text), files)).toBe(text)
  })

  test('vectors that were not asked stay in a written list', async () => {
    const report = { failures: [], passes: ['one'] }
    expect(parseKnownFailures(writeKnownFailures(report, ['one', 'two'], files))).toEqual(['two'])
  })
})
