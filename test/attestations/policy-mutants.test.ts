/** Whether the questions do their work: one of them catches each policy with a check taken out. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { editsOf, MutantTrees, patience, sourceOf } from './mutant-trees.js'
import { policyMutants } from './policy-mutants.js'

const numbered = policyMutants.map((mutant, number) => ({ ...mutant, number }))
const asking = ['policy-questions', 'ask-policy-mutants'].map(
  (name) => `test/attestations/${name}.ts`,
)

let trees: MutantTrees
let answers: ReadonlyMap<string, readonly string[]> = new Map()

beforeAll(async () => {
  trees = new MutantTrees(policyMutants, [...asking, 'src/pypi/verdict/attestation.ts'])
  answers = await trees.play('test/attestations/ask-policy-mutants.js', {})
}, patience)

afterAll(() => trees.remove())

test.each(numbered)('the place that "$name" changes is in the source, once', (mutant) => {
  for (const { file, find } of editsOf(mutant)) {
    expect(sourceOf(file).split(find)).toHaveLength(2)
  }
})

test('the library as it is answers every question', () => {
  expect(answers.get(trees.base)).toEqual([])
})

test.each(numbered)('a policy is caught that $name', ({ number }) => {
  expect(answers.get(trees.treeOf(number))).not.toEqual([])
})
