/** Dates and versions of the specification. */
import type { JsonValue } from '../../../src/core/json/value.js'
import type { WorkflowVector } from '../../../src/vectors/format.js'
import { accepted, refused, type Versions } from './outcome.js'
import { workflow, type Terms } from './story.js'

const current: Versions = [1, 1, 1, 1]

/** Vectors of the family `workflow-formats`. */
export function dateVectors(): readonly WorkflowVector[] {
  return [...dates(), ...specVersions()]
}

function dates(): readonly WorkflowVector[] {
  const expiring = (
    terms: Terms,
    id: string,
    title: string,
    expires: JsonValue,
    step?: string,
  ): WorkflowVector =>
    workflow(terms, `expires-${id}`, title, (story) => {
      const repo = story.repository()
      repo.publish()
      repo.editInPlace('timestamp', (signed) => ({ ...signed, expires }))
      if (step === undefined) story.refresh(accepted(current))
      else story.refresh(refused(step, [1, null, null, null]))
    })
  const wide: Terms = {
    requirements: ['4.2.3-date'],
    profile: 'tuffet',
    note: '4.2.3 expects YYYY-MM-DDTHH:MM:SSZ. Public roots contain fractions and offsets, as RFC 3339 allows.',
  }
  const date: Terms = { requirements: ['4.2.3-date'] }
  return [
    expiring(date, 'far', 'A date may be far away', '9999-12-31T23:59:59Z'),
    expiring(date, 'leap-day', 'A leap day is a day', '2028-02-29T00:00:00Z'),
    expiring(
      date,
      'no-such-day',
      'A day that does not exist is not a date',
      '2027-02-29T00:00:00Z',
      '4.6',
    ),
    expiring(
      date,
      'no-such-hour',
      'An hour that does not exist is not a date',
      '2027-01-01T25:00:00Z',
      '4.6',
    ),
    expiring(date, 'empty', 'An empty text is not a date', '', '4.6'),
    expiring(date, 'number', 'Seconds since 1970 are not a date', 1_900_000_000, '4.6'),
    expiring(date, 'day-only', 'A day without a time is not a date', '2027-01-01', '4.6'),
    expiring(
      wide,
      'fraction',
      'A date may contain fractions of a second',
      '2027-01-01T00:00:00.123456Z',
    ),
    expiring(wide, 'offset', 'A date may contain an offset', '2027-01-01T00:00:00-06:00'),
    expiring(wide, 'offset-counts', 'The offset counts', '2026-01-01T13:00:00+02:00', '5.4.4'),
    expiring(
      wide,
      'offset-counts-west',
      'An offset to the west counts too',
      '2026-01-01T11:00:00-02:00',
    ),
    expiring(
      wide,
      'without-zone',
      'A text without a zone is not a date',
      '2027-01-01T00:00:00',
      '4.6',
    ),
  ]
}

function specVersions(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['4.3-spec-version'] }
  const open: Terms = {
    ...terms,
    profile: 'tuffet',
    note: '4.3: the client decides which versions match. Here the major version.',
  }
  const all = (
    on: Terms,
    id: string,
    title: string,
    version: string,
    fine: boolean,
  ): WorkflowVector =>
    workflow(on, `spec-${id}`, title, (story) => {
      const repo = story.repository({ specVersion: version })
      repo.publish()
      if (fine) {
        story.refresh(accepted(current))
        return
      }
      const { result } = refused('4.3', current)
      story.refresh({ result, trusted: { timestamp: null, snapshot: null, targets: null } })
    })
  const other = (id: string, title: string, version: JsonValue): WorkflowVector =>
    workflow(terms, `spec-${id}`, title, (story) => {
      const repo = story.repository()
      repo.publish()
      repo.editInPlace('timestamp', (signed) => ({ ...signed, spec_version: version }))
      story.refresh(refused('4.6', [1, null, null, null]))
    })
  return [
    all(
      terms,
      'current',
      'Files of the current version of the specification are accepted',
      '1.0.34',
      true,
    ),
    all(open, 'first', 'Files of the first version are accepted', '1.0.0', true),
    all(open, 'two-parts', 'Files of version 1.0 are accepted', '1.0', true),
    all(terms, 'next-major', 'Files of version 2 are refused', '2.0.0', false),
    other('ten', 'Version 10 does not match version 1', '10.0.0'),
    other('empty', 'An empty version does not match', ''),
    other('number', 'A version that is a number does not match', 1),
  ]
}
