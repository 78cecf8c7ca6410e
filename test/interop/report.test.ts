import { describe, expect, test } from '@jest/globals'
import type { FunctionVector, Requirement, VectorFile } from '../../src/vectors/format.js'
import type { VectorFailure } from '../../src/vectors/runner.js'
import { behaviours } from './behaviours.js'
import {
  countsSection,
  countsSectionOf,
  interopPage,
  staleBehaviours,
  type PeerReport,
} from './report.js'

const requirements: readonly Requirement[] = [
  { id: '4.2.3-date', level: 'MUST', text: 'A date has one form.' },
]

function vector(id: string, more: Partial<FunctionVector> = {}): FunctionVector {
  return {
    id,
    title: `The title of ${id}`,
    requirements: ['4.2.3-date'],
    profile: 'spec',
    input: {},
    result: 'refused',
    ...more,
  }
}

const vectors = [
  vector('dates-good'),
  vector('dates-date-only'),
  vector('dates-no-zone', { note: 'A note <of> it.' }),
  vector('dates-other', { profile: 'tuffet' }),
]
const file: VectorFile = {
  format: 1,
  family: 'dates',
  kind: 'function',
  about: 'Dates.',
  count: vectors.length,
  vectors,
}

function failure(id: string, message = 'is accepted, must be refused'): VectorFailure {
  const { title, requirements: bearing } = vector(id)
  return {
    id,
    family: 'dates',
    profile: 'spec',
    title,
    requirements: bearing,
    message,
    expected: { result: 'refused' },
    actual: { result: 'accepted' },
  }
}

function peer(failures: readonly VectorFailure[]): PeerReport {
  const passed = vectors.length - failures.length
  const numbers = { passed, failed: failures.length, skipped: 0 }
  const report = { ...numbers, counts: [], failures, skips: [], passes: [] }
  return { peer: 'tuf-js', name: 'tuf-js 1.2.3', report }
}

function page(...failures: readonly VectorFailure[]): string {
  return interopPage([peer(failures)], [file], requirements)
}

describe("the page of other clients' answers", () => {
  test('counts the vectors of the profile spec apart from the others', () => {
    expect(page(failure('dates-date-only'))).toContain('| dates | 3 | 2 | 1 | 1 |')
  })

  test('lists each behaviour once with its description, the deciding text and its vectors', () => {
    const text = page(failure('dates-date-only'), failure('dates-no-zone'))
    expect(text.match(/### Dates are whatever `Date` reads/g)).toHaveLength(1)
    expect(text.match(/> 4\.2\.3-date, MUST: A date has one form\./g)).toHaveLength(1)
    expect(text).toContain('- `dates-date-only`: The title of dates-date-only\n- `dates-no-zone`')
    expect(text).toContain('A note \\<of\\> it.')
  })

  test('keeps choices apart from mistakes', () => {
    const [mistakes = '', choices = ''] = page(failure('dates-other')).split('it chose otherwise')
    expect(mistakes).not.toContain('dates-other')
    expect(choices).toContain('dates-other')
  })

  test('does not mention the machine on which it was written', () => {
    const said = 'breaks down: Error: ended with status 3: at /tmp/tuf-vector-x1y2z3/metadata:8080'
    const text = page(failure('dates-date-only', `command 2 ${said}`))
    expect(text).toContain('It breaks down, ended with status 3 (command 2):')
    expect(text).not.toContain('/tmp')
  })

  test('does not describe a behaviour without a client', () => {
    const stale = staleBehaviours([peer([failure('dates-date-only')])])
    expect(stale).toHaveLength(behaviours.length - 1)
    expect(stale).not.toContain('tuf-js: Dates are whatever `Date` reads.')
  })
})

describe('the numbers of clients that are counted', () => {
  test('shows pass and fail of the profile spec, then of the others, and a dash for no vector', () => {
    const { report } = peer([failure('dates-date-only')])
    const passes = ['dates-good', 'dates-other']
    const counted = [{ peer: 'tough', name: 'tough 1.2.3', report: { ...report, passes } }]
    const text = countsSection(counted, [file, { ...file, family: 'nothing', vectors: [] }])
    expect(text).toContain('| dates | 1 | 1 | 1 | 0 |')
    expect(text).toContain('| nothing | – | – | – | – |')
    expect(text).toContain('`spec`: tough 1.2.3 pass')
  })

  test('are found in a page again, for a machine that cannot build the clients', () => {
    const section = countsSection([peer([])], [file])
    expect(countsSectionOf(interopPage([peer([])], [file], requirements, section))).toBe(section)
    expect(countsSectionOf(page())).toBe('')
  })
})
