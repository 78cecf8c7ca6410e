/** Whether the cases do their work: one of them catches each verifier with a check taken out. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { attestationCases } from './all-cases.js'
import { editsOf, MutantTrees, patience, sourceOf } from './mutant-trees.js'
import { mutants } from './mutants.js'

const numbered = mutants.map((mutant, number) => ({ ...mutant, number }))
const asking = ['ask', 'ask-mutants', 'cases'].map((name) => `test/attestations/${name}.ts`)

let trees: MutantTrees
/** Folder → names of the cases that were not answered as they must be. */
let answers: ReadonlyMap<string, readonly string[]> = new Map()

beforeAll(async () => {
  trees = new MutantTrees(mutants, asking)
  answers = await trees.play('test/attestations/ask-mutants.js', { cases: attestationCases() })
}, patience)

afterAll(() => trees.remove())

test.each(numbered)('the place that "$name" changes is in the source, once', (mutant) => {
  for (const { file, find } of editsOf(mutant)) {
    expect(sourceOf(file).split(find)).toHaveLength(2)
  }
})

test('the library as it is answers every case', () => {
  expect(answers.get(trees.base)).toEqual([])
})

test.each(numbered)('a verifier is caught that $name', ({ number }) => {
  expect(answers.get(trees.treeOf(number))).not.toEqual([])
})
