/** What fields may say: unknown ones, numbers, text, dates, versions of the specification. */
import type { JsonValue } from '../../../src/core/metadata.js'
import type { WorkflowVector } from '../../../src/testing/vectors/format.js'
import { objectAt, type JsonRecord } from './edit.js'
import { accepted, received, refused, type Versions } from './outcome.js'
import { replaced } from './role-checks.js'
import { workflow, type Terms } from './story.js'

const current: Versions = [1, 1, 1, 1]

/** Vectors of the family `workflow-formats`. */
export function contentVectors(): readonly WorkflowVector[] {
  return [...unknownFields(), ...numbers(), ...texts(), ...dates(), ...specVersions()]
}

const roles = ['root', 'timestamp', 'snapshot', 'targets'] as const
const sections = { root: '4.3', timestamp: '4.6', snapshot: '4.4', targets: '4.5' } as const

function unknownFields(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4-unknown-fields'],
    note: 'Section 4: what is not known is signed with the rest.',
  }
  return [
    workflow(
      terms,
      'fields-unknown',
      'Fields that nobody knows may stand in every file and are signed',
      (story) => {
        const repo = story.repository()
        repo.publish()
        for (const role of roles) {
          repo.editInPlace(role, (signed) => {
            signed['x-unknown'] = { a: [null, true, 'x'], b: {} }
          })
        }
        story.refresh(accepted(current))
      },
    ),
    workflow(
      terms,
      'fields-unknown-nested',
      'So may they in keys, roles, listed files and delegations',
      (story) => {
        const repo = story.repository()
        repo.delegate('targets', { name: 'a', paths: ['*'] })
        repo.addTarget('file', 'content', { role: 'a' })
        repo.publish()
        const more = { 'x-unknown': [1] }
        repo.editInPlace('root', (signed) => {
          for (const key of Object.values(objectAt(signed, 'keys'))) Object.assign(key ?? {}, more)
          for (const role of Object.values(objectAt(signed, 'roles')))
            Object.assign(role ?? {}, more)
        })
        repo.editInPlace('timestamp', (signed) => {
          Object.assign(objectAt(signed, 'meta', 'snapshot.json'), more)
        })
        repo.editInPlace('snapshot', (signed) => {
          Object.assign(objectAt(signed, 'meta', 'a.json'), more)
        })
        repo.editInPlace('targets', (signed) => {
          Object.assign(objectAt(signed, 'delegations'), more)
        })
        repo.editInPlace('a', (signed) => {
          Object.assign(objectAt(signed, 'targets', 'file'), more)
        })
        story.download('file', received('content', current))
      },
    ),
    workflow(
      terms,
      'fields-unsigned',
      'Beside signed and signatures a file may have more',
      (story) => {
        const repo = story.repository()
        repo.publish()
        for (const role of roles) {
          repo.editInPlace(role, {
            envelope: (file) => {
              file['x-unknown'] = 'not signed'
            },
          })
        }
        story.refresh(accepted(current))
      },
    ),
    ...roles.slice(1).map((role) =>
      workflow(
        terms,
        `fields-added-${role}`,
        `A field that was added to a ${role} file after signing breaks its signature`,
        (story) => {
          const repo = story.repository()
          repo.publish()
          repo.editInPlace(role, {
            envelope: (file) => {
              objectAt(file, 'signed')['x-unknown'] = 1
            },
          })
          const step = { timestamp: '5.4.2', snapshot: '5.5.3', targets: '5.6.3', root: '' }[role]
          const versions = {
            root: current,
            timestamp: [1, null, null, null],
            snapshot: [1, 1, null, null],
            targets: [1, 1, 1, null],
          } as const
          story.refresh(refused(step, versions[role]))
        },
      ),
    ),
    workflow(
      terms,
      'fields-removed',
      'A field that was taken away after signing breaks the signature',
      (story) => {
        const repo = story.repository()
        repo.publish()
        repo.editInPlace('timestamp', {
          signed: (signed) => {
            signed['x-unknown'] = 1
          },
          envelope: (file) => {
            delete objectAt(file, 'signed')['x-unknown']
          },
        })
        story.refresh(refused('5.4.2', [1, null, null, null]))
      },
    ),
  ]
}

function numbers(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['4.1-integers', '4-unknown-fields'] }
  const custom = { serial: 9_007_199_254_740_993n, negative: -18_446_744_073_709_551_617n }
  return [
    workflow(
      terms,
      'numbers-big',
      'Integers that no double holds are signed digit by digit',
      (story) => {
        const repo = story.repository()
        repo.addTarget('file', 'content', { custom })
        repo.publish()
        story.download('file', received('content', current))
      },
    ),
    workflow(
      terms,
      'numbers-rounded',
      'One that was rounded after signing breaks the signature',
      (story) => {
        const repo = story.repository()
        repo.addTarget('file', 'content', { custom })
        repo.publish()
        repo.editInPlace('targets', {
          bytes: (bytes) => replaced(bytes, '9007199254740993', '9007199254740992'),
        })
        story.download('file', refused('5.6.3', [1, 1, 1, null]))
      },
    ),
    workflow(
      {
        requirements: ['4.1-integers'],
        profile: 'tuffet',
        note: '4.1: floating-point numbers are left out, so there is nothing that could be signed.',
      },
      'numbers-fraction',
      'A number with a fraction in a custom object makes the file malformed',
      (story) => {
        const repo = story.repository()
        repo.addTarget('file', 'content', { custom: { weight: 7 } })
        repo.publish()
        repo.editInPlace('targets', {
          bytes: (bytes) => replaced(bytes, '"weight":7', '"weight":7.0'),
        })
        story.download('file', refused('4.5', [1, 1, 1, null]))
      },
    ),
  ]
}

function texts(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['4.1-canonical'] }
  const custom = (id: string, title: string, value: JsonRecord): WorkflowVector =>
    workflow(terms, `texts-${id}`, title, (story) => {
      const repo = story.repository()
      repo.addTarget('file', 'content', { custom: value })
      repo.publish()
      story.download('file', received('content', current))
    })
  return [
    custom(
      'escapes',
      'Quotation marks, backslashes and control characters are signed as OLPC has it',
      {
        note: 'a "b" \\ c / \n \t \b \u0001 \u007f',
      },
    ),
    custom('unicode', 'Text beyond ASCII is signed as UTF-8', {
      note: 'd\u00e9j\u00e0 vu \u2028 \u{1f600}',
    }),
    custom('inherited', 'Names that objects of some languages inherit are signed like any other', {
      ['constructor']: 1,
      ['toString']: 2,
      ['hasOwnProperty']: 3,
    }),
    workflow(
      {
        requirements: ['4.1-json'],
        profile: 'tuffet',
        note: 'RFC 8259, 4: what a repeated name means is unpredictable.',
      },
      'texts-repeated-name',
      'A name that occurs twice makes the file malformed, whatever was signed',
      (story) => {
        const repo = story.repository()
        repo.publish()
        repo.editInPlace('timestamp', {
          bytes: (bytes) => replaced(bytes, '"version":1}}', '"version":1,"version":1}}'),
        })
        story.refresh(refused('4.6', [1, null, null, null]))
      },
    ),
    workflow(
      {
        requirements: ['4.1-canonical'],
        note: 'Names are sorted by their bytes or code points; as UTF-16 these two would be swapped.',
      },
      'texts-order',
      'Names are sorted by code points',
      (story) => {
        const repo = story.repository()
        repo.addTarget('\u{1f600}', 'astral')
        repo.addTarget('\ue000', 'private use')
        repo.publish()
        story.refresh(accepted(current))
      },
    ),
  ]
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
    note: '4.2.3 expects YYYY-MM-DDTHH:MM:SSZ. Public roots have fractions and offsets, as RFC 3339 does.',
  }
  const date: Terms = { requirements: ['4.2.3-date'] }
  return [
    expiring(date, 'far', 'A date may be far away', '9999-12-31T23:59:59Z'),
    expiring(date, 'leap-day', 'A leap day is a day', '2028-02-29T00:00:00Z'),
    expiring(
      date,
      'no-such-day',
      'A day that does not exist is no date',
      '2027-02-29T00:00:00Z',
      '4.6',
    ),
    expiring(
      date,
      'no-such-hour',
      'An hour that does not exist is no date',
      '2027-01-01T25:00:00Z',
      '4.6',
    ),
    expiring(date, 'empty', 'An empty date is none', '', '4.6'),
    expiring(date, 'number', 'Seconds since 1970 are no date', 1_900_000_000, '4.6'),
    expiring(date, 'day-only', 'A day without a time is no date', '2027-01-01', '4.6'),
    expiring(
      wide,
      'fraction',
      'A date may have fractions of a second',
      '2027-01-01T00:00:00.123456Z',
    ),
    expiring(wide, 'offset', 'A date may have an offset', '2027-01-01T00:00:00-06:00'),
    expiring(wide, 'offset-counts', 'The offset counts', '2026-01-01T13:00:00+02:00', '5.4.4'),
    expiring(wide, 'offset-counts-west', 'It counts to the west too', '2026-01-01T11:00:00-02:00'),
    expiring(wide, 'without-zone', 'A date without a zone is none', '2027-01-01T00:00:00', '4.6'),
  ]
}

function specVersions(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['4.3-spec-version'] }
  const open: Terms = {
    ...terms,
    profile: 'tuffet',
    note: '4.3: what counts as a match is up to the client. Here the major version.',
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
      const { result } = refused(sections.root, current)
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
    other('empty', 'An empty version matches nothing', ''),
    other('number', 'A version that is a number matches nothing', 1),
  ]
}
