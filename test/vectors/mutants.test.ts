/** Whether the vectors notice what they are for: each broken client must be caught by one of them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { MutantBuild, occurrences } from '../support/mutant-build.js'
import { mutants } from './mutants.js'

/** As many as a small machine has processors. */
const processes = 2
const patience = 180_000

const numbered = mutants.map((mutant, number) => ({ ...mutant, number }))

let build: MutantBuild
const problems: string[] = []
/** By number; null where nothing noticed. */
const caught = new Map<number, string | null>()

beforeAll(async () => {
  build = new MutantBuild()
  const trees = mutants.map((mutant, number) => ({
    folder: build.mutate(mutant, number),
    step: mutant.step,
  }))
  const parts = Array.from({ length: processes }, (_, part) =>
    trees.filter((_tree, number) => number % processes === part),
  )
  const outcomes = await Promise.all(parts.map((part) => build.play(part)))
  for (const { played, problem } of outcomes) {
    if (problem !== undefined) problems.push(problem)
    for (const { folder, caughtBy } of played) {
      const number = trees.findIndex((tree) => tree.folder === folder)
      caught.set(number, caughtBy)
    }
  }
}, patience)

afterAll(() => {
  build.clear()
  const lines = numbered.map(
    ({ number, name, step }) => `${step} ${name}\n    ${caught.get(number)}`,
  )
  process.stdout.write(`${lines.join('\n')}\n`)
})

test('there is a broken client for each check of 5.3 to 5.7', () => {
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

test.each(numbered)('what "$name" changes is in the source, once', (mutant) => {
  expect(occurrences(mutant)).toBe(1)
})

test(
  'the library as it is passes all vectors',
  async () => {
    const folder = build.base
    expect(await build.play([{ folder, step: '5' }])).toEqual({
      played: [{ folder, caughtBy: null }],
      problem: undefined,
    })
  },
  patience,
)

test('every broken client could be asked', () => {
  expect(problems).toEqual([])
})

describe('a client is caught that', () => {
  test.each(numbered)('$name ($step)', ({ number }) => {
    expect(caught.get(number)).toEqual(expect.any(String))
  })
})
