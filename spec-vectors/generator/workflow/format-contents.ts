/** The contents of fields: unknown ones, numbers, text, dates, versions of the specification. */
import type { WorkflowVector } from '../../../src/vectors/format.js'
import { ed25519Signer, withDeclaration, type Signer } from '../../../src/testing/index.js'
import { objectAt, replaced, type JsonRecord } from './edit.js'
import { dateVectors } from './format-dates.js'
import { accepted, received, refused, type Versions } from './outcome.js'
import { workflow, type Terms } from './story.js'

const current: Versions = [1, 1, 1, 1]

/** Vectors of the family `workflow-formats`. */
export function contentVectors(): readonly WorkflowVector[] {
  return [...unknownFields(), ...numbers(), ...texts(), ...dateVectors()]
}

const roles = ['root', 'timestamp', 'snapshot', 'targets'] as const

function unknownFields(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4-unknown-fields'],
    note: 'Section 4: unknown fields are signed with the rest.',
  }
  return [
    workflow(
      terms,
      'fields-unknown',
      'Unknown fields are allowed in every file and are signed',
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
      {
        ...terms,
        note: 'Section 4: unknown fields are signed with the rest. In a key they are part of the text that 4.2.1 hashes to the keyid.',
      },
      'fields-unknown-nested',
      'Unknown fields are allowed in keys, roles, listed files and delegations',
      (story) => {
        const repo = story.repository({
          keys: Object.fromEntries(roles.map((role) => [role, { signers: [oddKey(role)] }])),
        })
        repo.delegate('targets', { name: 'a', paths: ['*'], signers: [oddKey('a')] })
        repo.addTarget('file', 'content', { role: 'a' })
        repo.publish()
        const more = { 'x-unknown': [1] }
        repo.editInPlace('root', (signed) => {
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
      'A file may contain more fields beside signed and signatures',
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

/** A key with an unknown field, under the keyid that includes the field. */
function oddKey(seed: string): Signer {
  const signer = ed25519Signer(`a key with an unknown field: ${seed}`)
  const key = { ...signer.key, 'x-unknown': [1] }
  return withDeclaration(signer, key)
}

function numbers(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['4.1-integers', '4-unknown-fields'] }
  const custom = { serial: 9_007_199_254_740_993n, negative: -18_446_744_073_709_551_617n }
  return [
    workflow(
      terms,
      'numbers-big',
      'Integers beyond the range of doubles are signed digit by digit',
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
        note: '4.1: floating-point numbers are left out, so no such file can be signed.',
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
      'Quotation marks, backslashes and control characters are signed in the OLPC form',
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
        note: 'RFC 8259, 4: the meaning of a repeated name is unpredictable.',
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
