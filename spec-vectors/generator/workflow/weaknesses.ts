/** Known weaknesses of clients, one or two vectors for each kind that other families lack. */
import type { JsonValue } from '../../../src/core/json/value.js'
import {
  ed25519Signer,
  withDeclaration,
  withKeyid,
  type MutableJson,
  type Signer,
} from '../../../src/testing/index.js'
import { ecdsaSigner } from '../../../src/testing/node/index.js'
import type { WorkflowVector } from '../../../src/vectors/format.js'
import { objectAt, recordOf } from './edit.js'
import { graph } from './graph.js'
import { accepted, refused, type Versions } from './outcome.js'
import { workflow, type Terms } from './story.js'
import { shapeVectors } from './weak-shapes.js'
import { repeatedKeyid } from '../repeated-keyid.js'

const current: Versions = [1, 1, 1, 1]
const untouched: Versions = [1, null, null, null]

/** Vectors of the family `workflow-attacks`. */
export function weaknessVectors(): readonly WorkflowVector[] {
  return [...counting(), ...schemes(), ...thresholds(), ...shapeVectors()]
}

/** The timestamp names these keys and signatures. */
function signed(
  terms: Terms,
  id: string,
  title: string,
  signers: readonly Signer[],
  threshold: number,
  fine: boolean,
): WorkflowVector {
  return workflow(terms, `weakness-${id}`, title, (story) => {
    const repo = story.repository({ keys: { timestamp: { signers, threshold } } })
    repo.publish()
    story.refresh(fine ? accepted(current) : refused('5.4.2', untouched))
  })
}

function counting(): readonly WorkflowVector[] {
  const pem = ecdsaSigner('P-256')
  const point = ecdsaSigner('P-256', { encoding: 'hex' })
  const flood = (count: number): ((file: Record<string, MutableJson>) => void) => {
    return (file) => {
      const { signatures } = file
      if (!Array.isArray(signatures)) return
      file['signatures'] = [
        ...Array.from({ length: count }, (_, i) => ({ keyid: `${i}`, sig: '' })),
        ...signatures,
      ]
    }
  }
  const flooded = (terms: Terms, id: string, title: string, count: number): WorkflowVector =>
    workflow(terms, `weakness-${id}`, title, (story) => {
      const repo = story.repository()
      repo.publish()
      repo.editInPlace('timestamp', { envelope: flood(count) })
      const fine = count < 1_000
      story.refresh(fine ? accepted(current) : refused('4.6', untouched))
    })
  return [
    signed(
      {
        requirements: ['5.4.2-unique', '4.2.2-other-keys'],
        profile: 'tuffet',
        tags: ['GMS-2022-4197', 'go-tuf#733'],
        note: 'Each KEY contributes one signature. Hexadecimal points are not in 4.2.2.',
      },
      'hex-and-pem',
      'A key in PEM and the same key as a point in hexadecimal are one key',
      [pem, point],
      2,
      false,
    ),
    flooded(
      {
        requirements: ['5.4.2-threshold'],
        note: '5.4.2 counts the keys of the role; signatures by others do not count.',
      },
      'many-signatures',
      'A hundred signatures by unknown keys do not hide the good one',
      100,
    ),
    flooded(
      {
        requirements: ['5.4.2-threshold'],
        profile: 'tuffet',
        tags: ['CVE-2020-6173'],
        note: 'How many signatures are too many is up to the client. Here more than 1,024 are.',
      },
      'signature-flood',
      'More than a thousand signatures make the file malformed',
      1_025,
    ),
    workflow(
      { requirements: ['4.2.1-keyid-unique'], note: repeatedKeyid },
      'weakness-repeated-keyid',
      'A keyid that occurs twice in the signatures makes the file malformed, though one is enough',
      (story) => {
        const repo = story.repository()
        repo.publish()
        repo.editInPlace('timestamp', {
          envelope: (file) => {
            const { signatures } = file
            if (Array.isArray(signatures)) file['signatures'] = [...signatures, ...signatures]
          },
        })
        story.refresh(refused('4.6', untouched))
      },
    ),
    workflow(
      {
        requirements: ['5.4.2-threshold'],
        tags: ['sigstore roots 12 to 14'],
        note: 'An empty signature does not verify; the threshold is met all the same.',
      },
      'weakness-empty-signature',
      'An empty signature beside a good one does no harm',
      (story) => {
        const repo = story.repository({ keys: { timestamp: { count: 2, threshold: 1 } } })
        repo.publish()
        repo.editInPlace('timestamp', {
          envelope: (file) => {
            const { signatures } = file
            if (Array.isArray(signatures)) recordOf(signatures[0])['sig'] = ''
          },
        })
        story.refresh(accepted(current))
      },
    ),
  ]
}

function schemes(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4.2.2-agreement', '5.4.2-threshold'],
  }
  const labelled: Terms = { ...terms, tags: ['CVE-2015-9258'] }
  const ed = ed25519Signer('a key')
  const ec = ecdsaSigner('P-256')
  const as = (signer: Signer, keytype: string, scheme: string): Signer =>
    withDeclaration(signer, { ...signer.key, keytype, scheme })
  return [
    workflow(
      labelled,
      'weakness-method-beside-signature',
      'The signature does not choose how it is verified',
      (story) => {
        const repo = story.repository()
        repo.publish()
        repo.editInPlace('timestamp', {
          signers: repo.signers('timestamp').map(({ keyid }) => withKeyid(ec, keyid)),
          envelope: (file) => {
            const { signatures } = file
            if (!Array.isArray(signatures)) return
            Object.assign(recordOf(signatures[0]), {
              method: 'ecdsa-sha2-nistp256',
              keytype: 'ecdsa',
              scheme: 'ecdsa-sha2-nistp256',
              keyval: { public: ec.key.keyval.public },
            })
          },
        })
        story.refresh(refused('5.4.2', untouched))
      },
    ),
    ...(
      [
        [
          'ed25519-as-ecdsa',
          'An Ed25519 key that is called ECDSA cannot sign',
          as(ed, 'ecdsa', 'ecdsa-sha2-nistp256'),
          terms,
        ],
        [
          'ecdsa-as-ed25519',
          'An ECDSA key that is called Ed25519 cannot sign',
          as(ec, 'ed25519', 'ed25519'),
          terms,
        ],
        [
          'p256-as-p384',
          'A key on P-256 with the scheme of P-384 cannot sign',
          as(ec, 'ecdsa', 'ecdsa-sha2-nistp384'),
          labelled,
        ],
        [
          'type-and-scheme',
          'A key whose type and scheme disagree cannot sign',
          as(ed, 'ed25519', 'ecdsa-sha2-nistp256'),
          labelled,
        ],
      ] as const
    ).map(([id, title, signer, on]) =>
      workflow(on, `weakness-${id}`, title, (story) => {
        const repo = story.repository()
        repo.publish()
        repo.rotate('timestamp', { add: [signer], remove: 1 })
        // A client may refuse the root for such a key, or not count its signatures.
        const { result } = refused('5.4.2', untouched)
        story.refresh({ result, trusted: { timestamp: null, snapshot: null, targets: null } })
      }),
    ),
  ]
}

function thresholds(): readonly WorkflowVector[] {
  const terms: Terms = { requirements: ['4.3-threshold'], tags: ['CVE-2026-23992'] }
  const inRoot = (id: string, title: string, threshold: JsonValue, on = terms): WorkflowVector =>
    workflow(on, `weakness-root-${id}`, title, (story) => {
      const repo = story.repository()
      repo.publish()
      repo.edit('root', (value) => {
        Object.assign(objectAt(value, 'roles', 'timestamp'), { threshold })
      })
      repo.editInPlace('timestamp', { signers: [] })
      story.refresh(refused('4.3', untouched))
    })
  const delegated = (id: string, title: string, threshold: JsonValue): WorkflowVector =>
    workflow(
      { ...terms, requirements: ['4.5-threshold'] },
      `weakness-delegated-${id}`,
      title,
      (story) => {
        const repo = graph(story, { edges: { targets: ['a'] }, files: { a: { file: 'x' } } })
        repo.editInPlace('targets', (value) => {
          const { roles } = objectAt(value, 'delegations')
          if (Array.isArray(roles)) Object.assign(recordOf(roles[0]), { threshold })
        })
        repo.editInPlace('a', { signers: [] })
        story.download('file', refused('4.5', [1, 1, 1, null], { roles: { a: null } }))
      },
    )
  return [
    inRoot('threshold-0', 'A root with a threshold of 0 is refused', 0),
    inRoot('threshold-negative', 'A root with a threshold below 0 is refused', -1),
    inRoot('threshold-text', 'A root whose threshold is text is refused', '1', {
      requirements: terms.requirements,
    }),
    inRoot('threshold-null', 'A root whose threshold is null is refused', null),
    delegated('threshold-0', 'A delegation with a threshold of 0 is refused', 0),
    delegated('threshold-negative', 'A delegation with a threshold below 0 is refused', -5),
  ]
}
