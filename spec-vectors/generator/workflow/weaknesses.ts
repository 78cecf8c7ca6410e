/** What clients have fallen for, one or two vectors for each kind that other families lack. */
import type { JsonValue } from '../../../src/core/metadata.js'
import {
  ed25519Signer,
  withDeclaration,
  withKeyid,
  type MutableJson,
  type Signer,
} from '../../../src/testing/index.js'
import { ecdsaSigner } from '../../../src/testing/node/index.js'
import type { VectorBody, WorkflowVector } from '../../../src/testing/vectors/format.js'
import { objectAt, recordOf } from './edit.js'
import { graph, visits } from './graph.js'
import { absent, accepted, received, refused, type Versions } from './outcome.js'
import { workflow, type Terms } from './story.js'

const current: Versions = [1, 1, 1, 1]
const untouched: Versions = [1, null, null, null]

/** Vectors of the family `workflow-attacks`. */
export function weaknessVectors(): readonly WorkflowVector[] {
  return [...counting(), ...schemes(), ...thresholds(), ...shapes(), ...cost()]
}

/** The timestamp has these keys and signatures. */
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
        tags: ['CVE-2026-6966', 'GMS-2022-4197'],
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
        tags: ['CVE-2020-6173'],
        note: '5.4.2 counts the keys of the role; signatures by others are nothing to it.',
      },
      'many-signatures',
      'A hundred signatures by nobody do not hide the good one',
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
      { requirements: ['4.2.1-keyid-unique'], tags: ['CVE-2020-6174'] },
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
    tags: ['CVE-2015-9258'],
  }
  const ed = ed25519Signer('a key')
  const ec = ecdsaSigner('P-256')
  const as = (signer: Signer, keytype: string, scheme: string): Signer =>
    withDeclaration(signer, { ...signer.key, keytype, scheme })
  return [
    workflow(
      terms,
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
          'An Ed25519 key that is called ECDSA signs nothing',
          as(ed, 'ecdsa', 'ecdsa-sha2-nistp256'),
        ],
        [
          'ecdsa-as-ed25519',
          'An ECDSA key that is called Ed25519 signs nothing',
          as(ec, 'ed25519', 'ed25519'),
        ],
        [
          'p256-as-p384',
          'A key on P-256 with the scheme of P-384 signs nothing',
          as(ec, 'ecdsa', 'ecdsa-sha2-nistp384'),
        ],
        [
          'type-and-scheme',
          'A key whose type and scheme disagree signs nothing',
          as(ed, 'ed25519', 'ecdsa-sha2-nistp256'),
        ],
      ] as const
    ).map(([id, title, signer]) =>
      workflow(terms, `weakness-${id}`, title, (story) => {
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
  const terms: Terms = {
    requirements: ['4.3-threshold'],
    tags: ['CVE-2026-23992', 'CVE-2020-6174'],
  }
  const inRoot = (id: string, title: string, threshold: JsonValue): WorkflowVector =>
    workflow(terms, `weakness-root-${id}`, title, (story) => {
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
    inRoot('threshold-text', 'A root whose threshold is text is refused', '1'),
    inRoot('threshold-null', 'A root whose threshold is null is refused', null),
    delegated('threshold-0', 'A delegation with a threshold of 0 is refused', 0),
    delegated('threshold-negative', 'A delegation with a threshold below 0 is refused', -5),
  ]
}

function shapes(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4.2.1-object'],
    tags: ['CVE-2026-23991', 'go-tuf#739', 'go-tuf#749'],
  }
  const timestamp = (id: string, title: string, body: VectorBody): WorkflowVector =>
    workflow(terms, `weakness-${id}`, title, (story) => {
      story.repository().publish()
      story.serve('metadata/timestamp.json', body)
      story.refresh(refused('4.6', untouched))
    })
  return [
    timestamp('null', 'A file that is null is refused', 'null'),
    timestamp('list', 'A file that is a list is refused', '[]'),
    timestamp('number', 'A file that is a number is refused', '7'),
    timestamp('text', 'A file that is a text is refused', '"timestamp"'),
    timestamp('empty-object', 'A file that is an empty object is refused', '{}'),
    timestamp(
      'signed-null',
      'A file whose signed is null is refused',
      '{"signatures":[],"signed":null}',
    ),
    timestamp(
      'signed-list',
      'A file whose signed is a list is refused',
      '{"signatures":[],"signed":[]}',
    ),
    timestamp(
      'no-signatures',
      'A file without signatures is refused',
      '{"signed":{"_type":"timestamp"}}',
    ),
    timestamp('deep', 'Thirty thousand nested lists are refused and do no harm', {
      repeat: '[',
      length: 30_000,
    }),
    timestamp('zero-bytes', 'A file of zero bytes is refused', { base64: 'AAAAAAAAAAAAAAAA' }),
    timestamp('bad-utf8', 'A file that is not UTF-8 is refused', { base64: 'eyJhIjoi//4ifQ==' }),
    workflow(
      { requirements: ['4.5-delegations'], tags: ['CVE-2026-23991'] },
      'weakness-delegation-null',
      'A delegation that is null makes the file malformed',
      (story) => {
        const repo = graph(story, { edges: { targets: ['a'] } })
        repo.editInPlace('targets', (value) => {
          objectAt(value, 'delegations')['roles'] = [null]
        })
        story.download('file', refused('4.5', [1, 1, 1, null]))
      },
    ),
  ]
}

function cost(): readonly WorkflowVector[] {
  const terms: Terms = {
    requirements: ['4.5-paths'],
    tags: ['CVE-2026-26996', 'CVE-2026-27903', 'CVE-2026-27904'],
    note: 'A matcher that tries every way would not end in this world’s time.',
  }
  const stars = `${'a*'.repeat(40)}b`
  const glob: Terms = {
    requirements: ['4.5-paths'],
    tags: ['GHSA-qp9x-wp8f-qgjj', 'GHSA-pmwq-pjrm-6p5r'],
    profile: 'tuffet',
    note: '4.5 names glob and the two wildcards; the rest is as CPython’s fnmatch has it, on every system.',
  }
  const matched = (
    on: Terms,
    id: string,
    title: string,
    pattern: string,
    path: string,
    matches: boolean,
  ): WorkflowVector =>
    workflow(on, `weakness-${id}`, title, (story) => {
      graph(story, {
        edges: { targets: [{ name: 'a', paths: [pattern] }] },
        files: { a: { [path]: 'of a' } },
      })
      story.download(
        path,
        matches ? received('of a', current, visits('a')) : absent(current, visits()),
      )
    })
  return [
    matched(
      terms,
      'many-stars',
      'A pattern with forty stars is tried in reasonable time',
      stars,
      'a'.repeat(120),
      false,
    ),
    matched(
      terms,
      'many-stars-match',
      'It matches what it matches',
      stars,
      `${'a'.repeat(119)}b`,
      true,
    ),
    matched(glob, 'braces', 'Braces stand for themselves', '{a,b}', 'a', false),
    matched(glob, 'two-stars', 'Two stars are as good as one', 'a/**', 'a/b/c', false),
    matched(
      glob,
      'hidden',
      'A star stands for a name that begins with a point',
      '*',
      '.hidden',
      true,
    ),
    matched(
      glob,
      'class',
      'A class stands for one of its characters',
      'file-[a-c]',
      'file-b',
      true,
    ),
    matched(
      glob,
      'negated-class',
      'An exclamation mark negates a class',
      'file-[!a-c]',
      'file-b',
      false,
    ),
  ]
}
