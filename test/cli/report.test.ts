import { describe, expect, test } from '@jest/globals'
import { hints } from '../../src/cli/hints.js'
import { errorLine, reportOf } from '../../src/cli/report.js'
import { UsageError } from '../../src/cli/usage-error.js'
import {
  ClockBehindError,
  FetchFailedError,
  StoreFailedError,
  ThresholdError,
} from '../../src/errors.js'

describe('a report', () => {
  test('contains the fields of the error, and times as text', () => {
    const error = new ClockBehindError(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2))
    expect(reportOf(error)).toMatchObject({
      code: 'ERR_TUF_CLOCK_BEHIND',
      now: '2026-01-01T00:00:00Z',
      latest: '2026-01-02T00:00:00Z',
      hint: hints.ERR_TUF_CLOCK_BEHIND,
    })
  })

  test('contains the result of each key', () => {
    const keys = [{ keyid: 'a', verdict: 'wrong-signature' }] as const
    const fields = { delegator: 'root', threshold: 1, signed: 0, keys }
    const error = new ThresholdError({ role: 'timestamp', step: '5.4.2' }, fields)
    expect(reportOf(error)).toMatchObject({ role: 'timestamp', step: '5.4.2', ...fields })
  })

  test.each<[unknown, object]>([
    [new UsageError('give it'), { code: 'USAGE', message: 'give it' }],
    [new Error('odd'), { code: 'UNEXPECTED', message: 'odd' }],
    ['odd', { code: 'UNEXPECTED', message: 'odd' }],
    [
      Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' }),
      { code: 'ENOSPC', message: 'no space is left on the disk (ENOSPC)' },
    ],
  ])('of %s', (error, report) => {
    expect(reportOf(error)).toEqual(report)
  })
})

describe('a line', () => {
  test('names each cause of an error once', () => {
    const refused = [
      new Error('connect ECONNREFUSED ::1:1'),
      new Error('connect ECONNREFUSED ::1:1'),
    ]
    const cause = new Error('the request failed', { cause: new AggregateError(refused) })
    const error = new FetchFailedError('http://[::1]:1/', 'the request failed', { cause })
    expect(errorLine(reportOf(error))).toBe(
      'http://[::1]:1/: the request failed: connect ECONNREFUSED ::1:1. ' +
        'Check the URL and the connection, and try again. [ERR_TUF_FETCH_FAILED]',
    )
  })

  test('ends when causes form a circle', () => {
    const first = new Error('first')
    first.cause = new Error('second', { cause: first })
    const error = new StoreFailedError('set', 'a', { cause: first })
    expect(reportOf(error).causes).toEqual(['first', 'second'])
  })
})

test('a file that needs keys of a kind that is unsupported says so', () => {
  const place = { role: 'root', step: '5.3.4' }
  const report = (verdict: 'unsupported-key' | 'no-signature') =>
    reportOf(
      new ThresholdError(place, {
        delegator: 'root',
        threshold: 2,
        signed: 1,
        keys: [
          { keyid: 'a', verdict: 'signed' },
          { keyid: 'b', verdict },
        ],
      }),
    )
  expect(report('unsupported-key').hint).toContain('Node 24.6')
  expect(report('no-signature').hint).toBe(hints.ERR_TUF_THRESHOLD_NOT_MET)
})

test('every hint is one sentence without its full stop', () => {
  for (const hint of Object.values(hints)) expect(hint).toMatch(/^[^\n]{10,160}[^.]$/)
})
