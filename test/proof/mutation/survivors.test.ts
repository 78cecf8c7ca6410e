import { expect, test } from '@jest/globals'
import {
  changeOf,
  knownSurvivors,
  reasonOf,
  staleSurvivors,
  survivorsSection,
  type KnownSurvivors,
} from './survivors.js'

const source =
  'export function isOld(age: number) {\n  return (\n    age > 3 ||\n    age < 0\n  )\n}\n'
const change = {
  file: 'src/age.ts',
  at: 'age > 3 ||',
  mutator: 'LogicalOperator',
  original: 'age > 3 ||\n    age < 0',
  replacement: 'age > 3 && age < 0',
}
const entry: KnownSurvivors = {
  file: change.file,
  at: change.at,
  changes: [changeOf(change)],
  reason: 'Ages below zero are refused before.',
}

function stale(change: Partial<KnownSurvivors>, text = source): string[] {
  return staleSurvivors([{ ...entry, ...change }], () => text)
}

test('each known survivor is a place in the sources, and says why no test notices', () => {
  expect(staleSurvivors(knownSurvivors())).toEqual([])
})

test('no survivor is listed twice', () => {
  const all = knownSurvivors().flatMap(({ file, at, changes }) =>
    changes.map((one) => `${file} ${at} ${one}`),
  )
  expect(all.filter((one, index) => all.indexOf(one) !== index)).toEqual([])
})

test('an entry is stale when its line or the changed text is another', () => {
  expect(stale({})).toEqual([])
  expect(stale({}, source.replace('age > 3', 'age > 4'))).toHaveLength(1)
  expect(stale({}, source.replace('age < 0', 'age < 1'))).toHaveLength(1)
  expect(stale({ at: 'age < 0' })).toHaveLength(1)
  expect(stale({ changes: ['BooleanLiteral: true => false'] })).toHaveLength(1)
})

test('a function that becomes an empty one is found in its line', () => {
  const text = 'const isOld = (age) => age > 3\n'
  const changes = ['ArrowFunction: (age) => age > 3 => () => undefined']
  const at = text.trim()
  expect(stale({ at, changes }, text)).toEqual([])
  expect(stale({ at, changes }, text.replace('3', '4'))).toHaveLength(1)
  expect(stale({ at: at.replace('3', '4'), changes }, text.replace('3', '4'))).toHaveLength(1)
})

test('an entry without a sentence, or without a change, is refused', () => {
  expect(stale({ reason: '' })).toHaveLength(1)
  expect(stale({ reason: 'equivalent' })).toHaveLength(1)
  expect(stale({ changes: [] })).toHaveLength(1)
})

test('a reason is given to the change that is listed, and to no other', () => {
  expect(reasonOf(change, [entry])).toBe(entry.reason)
  expect(reasonOf({ ...change, replacement: 'true' }, [entry])).toBeUndefined()
  expect(reasonOf({ ...change, at: 'age > 3 || more' }, [entry])).toBeUndefined()
  expect(reasonOf({ ...change, file: 'src/other.ts' }, [entry])).toBeUndefined()
})

test('the page shows the line, the number of changes and the reason', () => {
  expect(survivorsSection([entry]).split('\n').at(-1)).toBe(
    '| `src/age.ts` | `age > 3 \\|\\|` | 1 | Ages below zero are refused before. |',
  )
})
