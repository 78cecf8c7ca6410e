import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { functionFamilies } from '../../spec-vectors/generator/functions/index.js'
import { vectorFileText } from '../../spec-vectors/generator/write.js'
import { withMlDsa } from '../../src/ml-dsa.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import type { VectorFile } from '../../src/vectors/format.js'
import { parseVectorFile } from '../../src/vectors/parse-file.js'
import { runVectors } from '../../src/vectors/runner.js'
import { functionClient } from '../../src/vectors/tuffet-functions.js'
import { nobleCryptography } from '../../src/web/cryptography.js'
import { nobleInSteps } from '../support/asking.js'

const folder = fileURLToPath(new URL('../../spec-vectors/', import.meta.url))
const families = functionFamilies()

describe.each(families.map((file) => [file.family, file] as const))('the family %s', (_, file) => {
  const text = readFileSync(`${folder}${file.family}.json`, 'utf8')

  test('is written the same on each run', () => {
    expect(text).toBe(vectorFileText(file))
  })

  test('is only ASCII', () => {
    expect(text).toMatch(/^[\n -~]*$/)
  })

  test.each([
    ['node', withMlDsa(nodeCryptography)],
    ['noble', withMlDsa(nobleCryptography)],
    ['noble over native digests', withMlDsa(nobleInSteps)],
  ])('is answered as expected with the cryptography of %s', async (name, cryptography) => {
    const client = { name, functions: functionClient(cryptography) }
    const report = await runVectors([parseVectorFile(text)], client)
    expect(report).toMatchObject({ failures: [], skips: [], passed: file.count })
  })
})

test('no two vectors ask the same', () => {
  const seen = new Map<string, string>()
  const same: string[] = []
  for (const { family, vectors } of families.filter(isFunctionFile)) {
    for (const { id, input } of vectors) {
      const question = JSON.stringify([family, input])
      const other = seen.get(question)
      if (other !== undefined) same.push(`${other} = ${id}`)
      seen.set(question, id)
    }
  }
  expect(same).toEqual([])
})

test('every family has more than one answer', () => {
  const all = families.filter(isFunctionFile)
  for (const file of all) {
    const outcomes = new Set(
      file.vectors.map(({ result, output }) => JSON.stringify([result, output])),
    )
    expect([file.family, outcomes.size > 1]).toEqual([file.family, true])
  }
})

function isFunctionFile(file: VectorFile): file is Extract<VectorFile, { kind: 'function' }> {
  return file.kind === 'function'
}
