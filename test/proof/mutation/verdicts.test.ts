import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { temporaryFolder } from '../../support/temporary-folder.js'
import type { Mutant } from './instrument.js'
import { Verdicts, type Asking, type Verdict } from './verdicts.js'

const mutant: Mutant = {
  ...{ id: '0', file: 'src/age.ts', line: 1, at: 'age > 3', mutator: 'EqualityOperator' },
  ...{ original: 'age > 3', replacement: 'age >= 3', key: 'age', text: 'first' },
}
const asking: Asking = { tests: { a: '1', b: '1' }, most: 100 }
const none: readonly unknown[] = []

/** The verdict of one run, and the questions of the next. */
function next(
  verdict: Verdict,
  change: Partial<Asking> = {},
  text = mutant.text,
): readonly unknown[] {
  const path = join(temporaryFolder('verdicts'), 'group.json')
  const before = new Verdicts(path, asking)
  before.set(mutant, verdict)
  before.save()
  const questions = new Verdicts(path, { ...asking, ...change }).questions([{ ...mutant, text }])
  return questions.map(({ tests }) => tests)
}

test('a mutant without a verdict is asked about with all tests', () => {
  const path = join(temporaryFolder('verdicts'), 'group.json')
  expect(new Verdicts(path, asking).questions([mutant])).toEqual([
    { mutants: [mutant], tests: ['a', 'b'] },
  ])
})

test('a mutant that was noticed is asked about again when its file is another', () => {
  const verdict: Verdict = { outcome: 'killed', by: 'a > test' }
  expect(next(verdict)).toEqual(none)
  expect(next(verdict, { tests: { a: '2' } })).toEqual(none)
  expect(next(verdict, {}, 'second')).toEqual([['a', 'b']])
  expect(next(verdict, { fresh: true })).toEqual([['a', 'b']])
})

test('a survivor is asked about again with the test files that are new or other ones', () => {
  for (const outcome of ['survived', 'not reached', 'unfinished'] as const) {
    expect(next({ outcome })).toEqual(none)
    expect(next({ outcome }, { tests: { a: '1', b: '2', c: '1' } })).toEqual([['b', 'c']])
    expect(next({ outcome }, {}, 'second')).toEqual([['a', 'b']])
  }
})

test('a survivor for which time was short is asked about again when there is more', () => {
  expect(next({ outcome: 'unfinished' }, { most: 101 })).toEqual([['a', 'b']])
  expect(next({ outcome: 'unfinished' }, { most: 99 })).toEqual(none)
  expect(next({ outcome: 'survived' }, { most: 101 })).toEqual(none)
})

test('a survivor stays unfinished until all tests were asked', () => {
  const path = join(temporaryFolder('verdicts'), 'group.json')
  const first = new Verdicts(path, asking)
  first.set(mutant, { outcome: 'unfinished' })
  first.save()
  const second = new Verdicts(path, { ...asking, tests: { a: '1', b: '2' } })
  second.set(mutant, { outcome: 'not reached' })
  expect(second.tally([mutant], []).survivors).toEqual([{ mutant, outcome: 'unfinished' }])
  const third = new Verdicts(path, { ...asking, most: 200 })
  third.set(mutant, { outcome: 'survived' })
  expect(third.tally([mutant], []).survivors).toEqual([{ mutant, outcome: 'survived' }])
  third.set(mutant, { outcome: 'killed' })
  expect(third.tally([mutant], [])).toMatchObject({ mutants: 1, tried: 1, killed: 1 })
})
