/** Whether the vectors notice their faults: each broken client must be caught by one of them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { loadVectorFolder } from '../../src/vectors/node/load-folder.js'
import type { VectorCommon } from '../../src/vectors/format.js'
import { MutantBuild, occurrences, type Played, type Tree } from '../support/mutant-build.js'
import { keyidCalculator } from './keyid-mutant.js'
import { mutants as ofSteps } from './mutants.js'
import { weakMutants } from './weak-mutants.js'

/** As many as a small machine's processors. */
const processes = 2
const patience = 960_000

const mutants = [...ofSteps, ...weakMutants, keyidCalculator]
const numbered = mutants.map((mutant, number) => ({ ...mutant, number }))

const tagged = await vectorsByTag()
const weaknesses = [...new Set(mutants.flatMap(({ embodies = [] }) => embodies))].sort()

let build: MutantBuild
const problems: string[] = []
const played = new Map<number, Played>()

beforeAll(async () => {
  build = new MutantBuild()
  const trees = mutants.map((mutant, number): Tree => {
    const { step, embodies: tags = [] } = mutant
    return { folder: build.mutate(mutant, number), step, tags }
  })
  const parts = Array.from({ length: processes }, (_, part) =>
    trees.filter((_tree, number) => number % processes === part),
  )
  const outcomes = await Promise.all(parts.map((part) => build.play(part)))
  for (const outcome of outcomes) {
    if (outcome.problem !== undefined) problems.push(outcome.problem)
    for (const one of outcome.played) {
      played.set(
        trees.findIndex(({ folder }) => folder === one.folder),
        one,
      )
    }
  }
}, patience)

afterAll(() => {
  build.clear()
  const lines = numbered.map(
    ({ number, name, step }) => `${step} ${name}\n    ${played.get(number)?.caughtBy}`,
  )
  process.stdout.write(`${lines.join('\n')}\n`)
})

test('each check of 5.3 to 5.7 is missing in some broken client', () => {
  const steps = new Set(mutants.map(({ step }) => step))
  const required = [
    ...['5.3.3', '5.3.4', '5.3.5', '5.3.8', '5.3.10', '5.3.11'],
    ...['5.4.2', '5.4.3.1', '5.4.3.2', '5.4.4', '5.4.5'],
    ...['5.5.2', '5.5.3', '5.5.4', '5.5.5', '5.5.6', '5.5.7'],
    ...['5.6.2', '5.6.3', '5.6.4', '5.6.5', '5.6.6', '5.6.7.1', '5.6.7.2.1', '5.7.3'],
  ]
  expect(required.filter((step) => !steps.has(step))).toEqual([])
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
})

test.each(numbered)('the text that "$name" changes is in the source, once', (mutant) => {
  expect(new Set(occurrences(mutant))).toEqual(new Set([1]))
})

test(
  'the library as it is passes all vectors',
  async () => {
    const folder = build.base
    expect(await build.play([{ folder, step: '5' }])).toEqual({
      played: [{ folder, caughtBy: null, failedTags: [] }],
      problem: undefined,
    })
  },
  patience,
)

test(
  'a client that calculates every keyid, as 4.3 demands, passes all of the profile spec',
  async () => {
    const folder = build.mutate(keyidCalculator, mutants.length)
    const { played: answers } = await build.play([{ folder, step: '4.3', profiles: ['spec'] }])
    expect(answers).toEqual([{ folder, caughtBy: null, failedTags: [] }])
  },
  patience,
)

test('every broken client could be asked', () => {
  expect(problems).toEqual([])
})

describe('a client is caught that', () => {
  test.each(numbered)('$name ($step)', ({ number }) => {
    expect(played.get(number)?.caughtBy).toEqual(expect.any(String))
  })
})

describe('a client with a weakness is caught by a vector with its tag:', () => {
  const pairs = numbered.flatMap(({ name, number, embodies = [] }) =>
    embodies.map((weakness) => ({ name, number, weakness })),
  )
  test.each(pairs)('$weakness, $name', ({ number, weakness }) => {
    const failed = played.get(number)?.failedTags ?? []
    expect(failed.filter((id) => tagged.get(weakness)?.includes(id))).not.toEqual([])
  })
})

describe('each vector with the tag of a weakness catches such a client:', () => {
  // This library reads no field beside a signature, and a few lines cannot add that.
  const unasked = ['weakness-method-beside-signature']
  test.each(weaknesses)('%s', (weakness) => {
    const caught = numbered
      .filter(({ embodies = [] }) => embodies.includes(weakness))
      .flatMap(({ number }) => played.get(number)?.failedTags ?? [])
    expect(
      (tagged.get(weakness) ?? []).filter((id) => !caught.includes(id) && !unasked.includes(id)),
    ).toEqual([])
  })
})

/** Tag → ids. */
async function vectorsByTag(): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = await loadVectorFolder(new URL('../../spec-vectors/', import.meta.url))
  const found = new Map<string, string[]>()
  for (const { id, tags = [] } of files.flatMap(
    ({ vectors }): readonly VectorCommon[] => vectors,
  )) {
    for (const tag of tags) found.set(tag, [...(found.get(tag) ?? []), id])
  }
  return found
}
