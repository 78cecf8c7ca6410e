/** 5.3.4: the keys that must sign a new root. */
import type { WorkflowVector } from '../../../src/vectors/format.js'
import {
  withKeyid,
  type RepositoryOptions,
  type Signer,
  type TestRepository,
} from '../../../src/testing/index.js'
import { accepted, refused, type Versions } from './outcome.js'
import { workflow, type Story, type Terms } from './story.js'

const untouched: Versions = [1, null, null, null]

/** A published repository with a root of these keys. */
export function published(story: Story, options: RepositoryOptions = {}): TestRepository {
  const repo = story.repository(options)
  repo.publish()
  return repo
}

type Choose = (old: readonly Signer[], fresh: readonly Signer[]) => readonly Signer[]

/** Root 2 lists other keys than root 1 and is signed by the chosen ones. */
function rotatedBy(
  story: Story,
  choose: Choose,
  options: RepositoryOptions = {},
  rotate: Parameters<TestRepository['rotate']>[1] = {},
): TestRepository {
  const repo = published(story, options)
  const old = repo.signers('root')
  const twin = repo.fork()
  twin.rotate('root', rotate)
  repo.signWith('root', choose(old, twin.signers('root')))
  repo.rotate('root', rotate)
  return repo
}

/** Vectors of the family `workflow-root`. */
export function rootSignatureVectors(): readonly WorkflowVector[] {
  const old: Terms = { requirements: ['5.3.4-old-threshold', '6.1-root-rotation'] }
  const own: Terms = { requirements: ['5.3.4-new-threshold', '6.1-root-rotation'] }
  const unique: Terms = { requirements: ['5.3.4-unique'] }
  const no = refused('5.3.4', untouched)
  const yes = accepted([2, 1, 1, 1])
  const ofThree: RepositoryOptions = { keys: { root: { count: 3, threshold: 2 } } }
  const twoToThree: RepositoryOptions = { keys: { root: { count: 2, threshold: 2 } } }
  const three = { add: 3, remove: 2, threshold: 3 }
  return [
    workflow(
      old,
      'root-without-old-keys',
      'A root that only its own keys signed is refused',
      (story) => {
        rotatedBy(story, (_old, fresh) => fresh)
        story.refresh(refused('5.3.4', untouched, { requests: ['2.root.json'] }))
      },
    ),
    workflow(
      own,
      'root-without-own-keys',
      'A root that only the keys before it signed is refused',
      (story) => {
        rotatedBy(story, (before) => before)
        story.refresh(no)
      },
    ),
    workflow(old, 'root-unsigned', 'A root without signatures is refused', (story) => {
      rotatedBy(story, () => [])
      story.refresh(no)
    }),
    workflow(
      old,
      'root-below-old-threshold',
      'One of two old signatures is not enough',
      (story) => {
        rotatedBy(story, (before, fresh) => [...before.slice(0, 1), ...fresh], ofThree)
        story.refresh(no)
      },
    ),
    workflow(old, 'root-old-threshold', 'Any two of three old signatures are enough', (story) => {
      rotatedBy(story, (before, fresh) => [...before.slice(1), ...fresh], ofThree)
      story.refresh(yes)
    }),
    workflow(
      own,
      'root-both-thresholds',
      'Two of the old and three of the new keys sign, as 6.1 asks',
      (story) => {
        rotatedBy(story, (before, fresh) => [...before, ...fresh], twoToThree, three)
        story.refresh(yes)
      },
    ),
    workflow(
      own,
      'root-below-new-threshold',
      'Two of three new signatures are not enough',
      (story) => {
        rotatedBy(story, (before, fresh) => [...before, ...fresh.slice(1)], twoToThree, three)
        story.refresh(no)
      },
    ),
    workflow(own, 'root-key-in-both', 'A key of both roots counts for both', (story) => {
      const keep = { add: 1, remove: 1, threshold: 2 }
      rotatedBy(
        story,
        (before, fresh) => [...new Set([...before, ...fresh])],
        { keys: { root: { count: 2, threshold: 2 } } },
        keep,
      )
      story.refresh(yes)
    }),
    workflow(
      { ...old, note: 'The trusted root decides how many of its keys must sign, not the new one.' },
      'root-lowered-threshold',
      'A root that lowers the threshold is signed by the old threshold all the same',
      (story) => {
        const repo = published(story, { keys: { root: { count: 2, threshold: 2 } } })
        repo.signWith('root', repo.signers('root').slice(0, 1))
        repo.rotate('root', { add: 0, remove: 0, threshold: 1 })
        story.refresh(no)
      },
    ),
    workflow(
      { requirements: ['5.3.4-old-threshold', '5.3.1-intermediate'], tags: ['CVE-2020-15163'] },
      'root-unsigned-between',
      'An unsigned root is refused, though the one after it is signed by everybody',
      (story) => {
        const repo = published(story)
        repo.edit('root', { signers: [] })
        repo.publish('root')
        story.refresh(refused('5.3.4', untouched, { requests: ['2.root.json'] }))
      },
    ),
    workflow(
      { requirements: ['5.3.4-old-threshold'] },
      'root-signed-by-grandparent',
      'The keys of the root before the last do not sign for the last',
      (story) => {
        const repo = published(story)
        const first = repo.signers('root')
        repo.rotate('root')
        const twin = repo.fork()
        twin.rotate('root')
        repo.signWith('root', [...first, ...twin.signers('root')])
        repo.rotate('root')
        const requests = ['2.root.json', '3.root.json']
        story.refresh(refused('5.3.4', [2, null, null, null], { requests }))
      },
    ),
    workflow(
      { ...unique, tags: ['CVE-2020-6174', 'CVE-2020-15093'] },
      'root-repeated-signature',
      'One old signature that is listed twice does not make two',
      (story) => {
        const repo = published(story, { keys: { root: { count: 2, threshold: 2 } } })
        const [first] = repo.signers('root')
        repo.edit('root', {
          signers: first ? [first] : [],
          envelope: (file) => {
            const { signatures: list } = file
            if (Array.isArray(list)) file['signatures'] = [...list, ...list]
          },
        })
        // 4.2.1 forbids the list, 5.3.4 the counting: either may be found first.
        const { result, trusted = {} } = no
        story.refresh({ result, role: 'root', trusted })
      },
    ),
    workflow(unique, 'root-two-signatures', 'Two signatures of two keys make two', (story) => {
      published(story, { keys: { root: { count: 2, threshold: 2 } } }).publish('root')
      story.refresh(accepted([2, 2, 1, 1]))
    }),
    workflow(
      {
        ...unique,
        tags: ['GMS-2022-4197', 'go-tuf#733'],
        note: 'Each KEY contributes one signature, by however many keyids it goes. By 4.3 the second keyid is not correct, so a client may refuse the root for it.',
      },
      'root-one-key-two-keyids',
      'A new root does not reach its own threshold with one key under two keyids',
      (story) => {
        const repo = published(story)
        const [old] = repo.signers('root')
        if (!old) throw new RangeError('nobody signs root')
        repo.rotate('root', { add: [withKeyid(old, 'ab'.repeat(32))], threshold: 2 })
        // By 4.3 the second keyid is not correct, and the root malformed: that may be found first.
        const { result, trusted = {} } = no
        story.refresh({ result, role: 'root', trusted })
      },
    ),
    workflow(
      { requirements: ['5.3.4-next-cycle', '5-recover'], tags: ['CVE-2020-15163'] },
      'root-forged-then-good',
      'A refused root is not kept: the next cycle begins with the root before it',
      (story) => {
        const repo = published(story)
        story.refresh(accepted([1, 1, 1, 1]))
        const fork = repo.fork()
        fork.signWith('root', [])
        fork.rotate('root')
        story.serveFrom(fork)
        story.refresh(refused('5.3.4', [1, 1, 1, 1], { requests: ['2.root.json'] }))
        story.serveFrom(repo)
        repo.rotate('root')
        repo.publish('targets')
        const requests = ['2.root.json', '3.root.json', 'timestamp.json', '2.snapshot.json']
        story.refresh(accepted([2, 2, 2, 2], { requests: [...requests, '2.targets.json'] }))
      },
    ),
  ]
}
