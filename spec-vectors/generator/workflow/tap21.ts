/** TAP 21: whole cycles of repositories with ML-DSA keys, for clients whose functions cannot be asked. */
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js'
import type { MlDsaParameters } from '../../../src/core/keys/cryptography.js'
import type { TopLevelRole } from '../../../src/core/metadata/model.js'
import {
  ed25519Signer,
  seedFrom,
  withDeclaration,
  type RepositoryOptions,
  type Signer,
  type TestRepository,
} from '../../../src/testing/index.js'
import { mlDsaSigner } from '../../../src/testing/ml-dsa.js'
import type { VectorFile, WorkflowOutcome, WorkflowVector } from '../../../src/vectors/format.js'
import { workflowFamily } from '../write.js'
import { objectAt } from './edit.js'
import { accepted, received, refused, type Versions } from './outcome.js'
import { workflow, type Story, type Terms } from './story.js'

/** The family `workflow-tap21`. */
export function tap21Family(): VectorFile {
  return workflowFamily(
    'workflow-tap21',
    'TAP 21: repositories whose roles have ML-DSA keys, alone or beside classical ones.',
    [...signed(), ...hybrid(), ...rotations(), ...wrong()],
  )
}

const current: Versions = [1, 1, 1, 1]
const terms: Terms = { requirements: ['tap21-key', 'tap21-signature'], profile: 'tap21' }
const classical = ed25519Signer('vectors: a classical key')
const quantum = mlDsaSigner('vectors: the key')
const larger = mlDsaSigner('vectors: the key', 'ML-DSA-87')
const path = 'dir/file'

const topLevel = ['root', 'timestamp', 'snapshot', 'targets'] as const

function keysOf(
  roles: readonly TopLevelRole[],
  signers: readonly Signer[],
  threshold = signers.length,
): NonNullable<RepositoryOptions['keys']> {
  return Object.fromEntries(roles.map((role) => [role, { signers, threshold }]))
}

function published(story: Story, keys: RepositoryOptions['keys']): TestRepository {
  const repo = story.repository({ keys })
  repo.addTarget(path, 'content')
  repo.publish()
  return repo
}

function signed(): readonly WorkflowVector[] {
  const of = (parameters: MlDsaParameters): readonly WorkflowVector[] => {
    const signer = mlDsaSigner('vectors: the key', parameters)
    const number = parameters.slice('ML-DSA-'.length)
    return [
      workflow(terms, `tap21-root-${number}`, `Root may have a key of ${parameters}`, (story) => {
        published(story, keysOf(['root'], [signer]))
        story.refresh(accepted(current))
      }),
      workflow(
        terms,
        `tap21-timestamp-${number}`,
        `Timestamp may have a key of ${parameters}`,
        (story) => {
          published(story, keysOf(['timestamp'], [signer]))
          story.refresh(accepted(current))
        },
      ),
    ]
  }
  return [
    ...(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const).flatMap(of),
    workflow(terms, 'tap21-online', 'The online roles may share one ML-DSA key', (story) => {
      published(story, keysOf(['timestamp', 'snapshot'], [quantum]))
      story.refresh(accepted(current))
    }),
    workflow(terms, 'tap21-all', 'All roles may have ML-DSA keys, and files are found', (story) => {
      published(story, keysOf(topLevel, [quantum]))
      story.download(path, received('content', current))
    }),
    workflow(terms, 'tap21-delegated', 'A delegated role may have an ML-DSA key', (story) => {
      delegated(story)
      story.download(path, received('content', current, { roles: { a: 1 } }))
    }),
    workflow(
      terms,
      'tap21-unused',
      'An ML-DSA key in the table of root that no role names changes nothing',
      (story) => {
        published(story, {}).editInPlace('root', (root) => {
          objectAt(root, 'keys')[quantum.keyid] = { ...quantum.key }
        })
        story.refresh(accepted(current))
      },
    ),
  ]
}

function delegated(story: Story): TestRepository {
  const repo = story.repository()
  repo.delegate('targets', { name: 'a', paths: ['dir/*'], signers: [quantum] })
  repo.addTarget(path, 'content', { role: 'a' })
  repo.publish()
  return repo
}

function hybrid(): readonly WorkflowVector[] {
  const on: Terms = { requirements: ['tap21-threshold', '5.4.2-threshold'], profile: 'tap21' }
  const no = refused('5.4.2', [1, null, null, null])
  const both = [classical, quantum]
  const timestamp = (
    id: string,
    title: string,
    expect: WorkflowOutcome,
    { signers = both, threshold = 2 }: { signers?: readonly Signer[]; threshold?: number },
  ): WorkflowVector =>
    workflow(on, `tap21-hybrid-${id}`, title, (story) => {
      const repo = published(story, keysOf(['timestamp'], both, threshold))
      if (signers !== both) repo.editInPlace('timestamp', { signers })
      story.refresh(expect)
    })
  return [
    timestamp('both', 'An Ed25519 and an ML-DSA key sign together', accepted(current), {}),
    timestamp(
      'either-classical',
      'For a threshold of one the Ed25519 key is enough',
      accepted(current),
      { threshold: 1, signers: [classical] },
    ),
    timestamp(
      'either-ml-dsa',
      'For a threshold of one the ML-DSA key is enough',
      accepted(current),
      { threshold: 1, signers: [quantum] },
    ),
    timestamp('classical-alone', 'For a threshold of two the Ed25519 key is too little', no, {
      signers: [classical],
    }),
    timestamp('ml-dsa-alone', 'For a threshold of two the ML-DSA key is too little', no, {
      signers: [quantum],
    }),
    timestamp('ml-dsa-forged', 'A wrong ML-DSA signature beside a good one is too little', no, {
      signers: [classical, overAnother(quantum)],
    }),
    timestamp('classical-forged', 'A wrong Ed25519 signature beside a good one is too little', no, {
      signers: [overAnother(classical), quantum],
    }),
  ]
}

/** The signature of another file. */
function overAnother(signer: Signer): Signer {
  return { ...signer, sign: () => signer.sign(Buffer.from('another file')) }
}

function rotations(): readonly WorkflowVector[] {
  const on: Terms = {
    requirements: ['tap21-threshold', '5.3.4-old-threshold', '5.3.4-new-threshold'],
    profile: 'tap21',
  }
  const no = refused('5.3.4', [1, null, null, null])
  const moved = (
    id: string,
    title: string,
    [from, to]: readonly [readonly Signer[], readonly Signer[]],
    expect: WorkflowOutcome,
    by?: readonly Signer[],
  ): WorkflowVector =>
    workflow(on, `tap21-rotation-${id}`, title, (story) => {
      const repo = published(story, keysOf(['root'], from))
      if (by) repo.signWith('root', by)
      const [kept, add] = [
        from.filter((one) => to.includes(one)),
        to.filter((one) => !from.includes(one)),
      ]
      repo.rotate('root', { add, remove: from.length - kept.length, threshold: to.length })
      story.refresh(expect)
    })
  const next = accepted([2, 1, 1, 1])
  return [
    moved('to', 'Root moves from Ed25519 to ML-DSA', [[classical], [quantum]], next),
    moved('back', 'Root moves from ML-DSA to Ed25519', [[quantum], [classical]], next),
    moved('larger', 'Root moves to larger parameters', [[quantum], [larger]], next),
    moved('joined', 'An ML-DSA key joins', [[classical], [classical, quantum]], next),
    moved('new-alone', 'The new key alone is too little', [[classical], [quantum]], no, [quantum]),
    moved('old-alone', 'The old key alone is too little', [[classical], [quantum]], no, [
      classical,
    ]),
    moved(
      'joined-absent',
      'A key that joins signs as well',
      [[classical], [classical, quantum]],
      no,
      [classical],
    ),
    moved(
      'hybrid-classical',
      'For two keys the Ed25519 key is too little',
      [
        [classical, quantum],
        [classical, quantum],
      ],
      no,
      [classical],
    ),
  ]
}

function wrong(): readonly WorkflowVector[] {
  const { secretKey } = ml_dsa44.keygen(seedFrom('vectors: the key'))
  const overFile: Signer = {
    ...quantum,
    sign: (bytes) => ml_dsa44.sign(bytes, secretKey, { extraEntropy: false }),
  }
  const other = mlDsaSigner('vectors: another key')
  const timestamp = (
    id: string,
    title: string,
    requirement: string,
    signer: Signer,
  ): WorkflowVector =>
    workflow(
      { requirements: [requirement, '5.4.2-threshold'], profile: 'tap21' },
      `tap21-wrong-${id}`,
      title,
      (story) => {
        const repo = published(story, keysOf(['timestamp'], [quantum]))
        repo.editInPlace('timestamp', { signers: [signer] })
        story.refresh(refused('5.4.2', [1, null, null, null]))
      },
    )
  const version2 = withDeclaration(quantum, { ...quantum.key, scheme: 'ml-dsa-44/2' })
  return [
    timestamp(
      'file',
      'The signature of another file is refused',
      'tap21-signature',
      overAnother(quantum),
    ),
    timestamp('key', 'A signature by another key is refused', 'tap21-signature', {
      ...other,
      keyid: quantum.keyid,
    }),
    timestamp(
      'message',
      'A signature over the canonical form itself is refused',
      'tap21-message',
      overFile,
    ),
    workflow(
      { requirements: ['tap21-scheme', '5.4.2-threshold'], profile: 'tap21' },
      'tap21-wrong-scheme',
      'A key with a scheme of another version does not count',
      (story) => {
        published(story, keysOf(['timestamp'], [version2]))
        // Whether a root with such a key is read at all is open.
        story.refresh(refused('5.4.2', [undefined, null, null, null]))
      },
    ),
    workflow(
      { requirements: ['tap21-signature', '5.6.3-threshold'], profile: 'tap21' },
      'tap21-wrong-delegated',
      'A delegated role with the signature of another file is refused',
      (story) => {
        delegated(story).editInPlace('a', { signers: [overAnother(quantum)] })
        story.download(path, refused('5.6.3', current, { role: 'a', roles: { a: null } }))
      },
    ),
  ]
}
