import { describe, expect, test } from '@jest/globals'
import { FetchFailedError } from '../../src/errors.js'
import type { RepositoryMap } from '../../src/multi/index.js'
import { searchMap, type Answer, type Verdict } from '../../src/multi/search.js'

const path = 'pkgs/a.whl'

type Told = 'X' | 'Y' | 'absent' | 'failed'

function answer(told: Told): Answer {
  if (told === 'absent') return { absent: true }
  if (told === 'failed') return { error: new FetchFailedError('https://r.test/', 'refused') }
  return { target: { path, length: 1, hashes: new Map([['sha256', told]]) } }
}

interface Row {
  readonly paths?: readonly string[]
  readonly repositories: string
  readonly threshold?: number
  readonly terminating?: boolean
}

function mapOf(rows: readonly Row[]): RepositoryMap {
  const mapping = rows.map(
    ({ paths = ['*'], repositories, threshold = 1, terminating = false }) => ({
      paths,
      repositories: [...repositories],
      threshold,
      terminating,
    }),
  )
  return { repositories: new Map(), mapping }
}

/** Runs a search; `told` has the answer of each repository, by its letter. */
function search(rows: readonly Row[], told: Readonly<Record<string, Told>>) {
  const asked: string[] = []
  const steps = searchMap(mapOf(rows), path)
  let step = steps.next()
  while (step.done !== true) {
    asked.push(step.value)
    step = steps.next(answer(told[step.value] ?? 'absent'))
  }
  return { asked: asked.join(''), ...summary(step.value) }
}

function summary(verdict: Verdict) {
  if (verdict.verdict !== 'agreed') return { verdict: verdict.verdict }
  const { target, repositories, mapping } = verdict
  return { verdict: target.hashes.get('sha256'), by: repositories.join(''), mapping }
}

describe('one mapping', () => {
  test.each([
    [
      'the first that lists it decides',
      1,
      'abc',
      { a: 'absent', b: 'X', c: 'Y' },
      { asked: 'ab', verdict: 'X', by: 'b' },
    ],
    [
      'two that agree decide, and no other is asked',
      2,
      'abc',
      { a: 'X', b: 'X', c: 'Y' },
      { asked: 'ab', verdict: 'X', by: 'ab' },
    ],
    [
      'a third can complete either side',
      2,
      'abc',
      { a: 'X', b: 'Y', c: 'Y' },
      { asked: 'abc', verdict: 'Y', by: 'bc' },
    ],
    [
      'one that lists another file is a disagreement',
      2,
      'ab',
      { a: 'X', b: 'Y' },
      { asked: 'ab', verdict: 'disagreed' },
    ],
    [
      'one that lists nothing is a disagreement',
      2,
      'ab',
      { a: 'X', b: 'absent' },
      { asked: 'ab', verdict: 'disagreed' },
    ],
    ['nobody lists it', 2, 'ab', { a: 'absent', b: 'absent' }, { asked: 'ab', verdict: 'absent' }],
    [
      'a failure before the only vote needed',
      1,
      'ab',
      { a: 'failed', b: 'X' },
      { asked: 'ab', verdict: 'failed' },
    ],
    [
      'a failure that could not have changed the vote',
      2,
      'abc',
      { a: 'failed', b: 'X', c: 'X' },
      { asked: 'abc', verdict: 'X', by: 'bc' },
    ],
    [
      'a failure that could have completed another file first',
      2,
      'abcd',
      { a: 'Y', b: 'failed', c: 'X', d: 'X' },
      { asked: 'abcd', verdict: 'failed' },
    ],
    [
      'a failure instead of the last vote needed',
      2,
      'ab',
      { a: 'X', b: 'failed' },
      { asked: 'ab', verdict: 'failed' },
    ],
    [
      'a failure after which the threshold is out of reach',
      3,
      'abc',
      { a: 'X', b: 'Y', c: 'failed' },
      { asked: 'abc', verdict: 'disagreed' },
    ],
    [
      'two failures that together could agree',
      2,
      'abc',
      { a: 'absent', b: 'failed', c: 'failed' },
      { asked: 'abc', verdict: 'failed' },
    ],
  ] as const)('%s', (_, threshold, repositories, told, expected) => {
    expect(search([{ repositories, threshold, terminating: true }], told)).toMatchObject(expected)
  })
})

describe('several mappings', () => {
  test('the first that matches decides, if it agrees', () => {
    const rows = [
      { paths: ['other/*'], repositories: 'a' },
      { repositories: 'b' },
      { repositories: 'c' },
    ]
    expect(search(rows, { a: 'X', b: 'Y', c: 'X' })).toEqual({
      asked: 'b',
      verdict: 'Y',
      by: 'b',
      mapping: 1,
    })
  })

  test('a repository is asked once, though two mappings name it', () => {
    const rows = [{ repositories: 'ab', threshold: 2 }, { repositories: 'b' }]
    expect(search(rows, { b: 'X' })).toEqual({ asked: 'ab', verdict: 'X', by: 'b', mapping: 1 })
  })

  test('a terminating one keeps an internal name from the public repository', () => {
    const rows = [
      { paths: ['pkgs/*'], repositories: 'i', terminating: true },
      { repositories: 'p' },
    ]
    expect(search(rows, { i: 'absent', p: 'X' })).toEqual({ asked: 'i', verdict: 'absent' })
  })

  test('a blocked repository does not move the search to the next one', () => {
    const rows = [{ repositories: 'i' }, { repositories: 'p' }]
    expect(search(rows, { i: 'failed', p: 'X' })).toEqual({ asked: 'i', verdict: 'failed' })
  })

  test('a path without a mapping is absent, and nobody is asked', () => {
    expect(search([{ paths: ['other/*'], repositories: 'a' }], { a: 'X' })).toEqual({
      asked: '',
      verdict: 'absent',
    })
  })
})

describe('agreement', () => {
  function agree(
    one: Partial<Extract<Answer, { target: unknown }>['target']>,
    other: typeof one,
  ): string {
    const target = { path, length: 1, hashes: new Map([['sha256', 'a']]) }
    const steps = searchMap(mapOf([{ repositories: 'ab', threshold: 2 }]), path)
    steps.next()
    steps.next({ target: { ...target, ...one } })
    const last = steps.next({ target: { ...target, ...other } })
    return last.done === true ? last.value.verdict : 'asked'
  }

  test('custom data may differ (TAP 4)', () => {
    expect(agree({ custom: { a: 1 } }, { custom: { b: 2 } })).toBe('agreed')
  })

  test.each([
    ['another length', { length: 2 }],
    ['another digest', { hashes: new Map([['sha256', 'b']]) }],
    ['another hash function', { hashes: new Map([['sha512', 'a']]) }],
    [
      'one more hash',
      {
        hashes: new Map([
          ['sha256', 'a'],
          ['sha512', 'b'],
        ]),
      },
    ],
  ])('%s is another file', (_, other) => {
    expect(agree({}, other)).toBe('disagreed')
    expect(agree(other, {})).toBe('disagreed')
  })
})
