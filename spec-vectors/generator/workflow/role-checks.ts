/**
 * The checks of every role but root, each time by a step of its own: the signatures (5.4.2, 5.5.3,
 * 5.6.3), the expiry, the type, and that a refused file is not kept.
 */
import {
  ed25519Signer,
  withKeyid,
  type KeyOptions,
  type TestRepository,
} from '../../../src/testing/index.js'
import type { WorkflowOutcome, WorkflowVector } from '../../../src/vectors/format.js'
import { replaced } from './edit.js'
import {
  ask,
  bad,
  declaredWrongly,
  good,
  idOf,
  repositoryFor,
  roleCases,
  withoutStep,
  type CheckedRole,
  type RoleCase,
} from './role-cases.js'
import { metadataPath, workflow, type Story, type Terms } from './story.js'

/** The vectors of each role alone. */
export function roleVectors(role: CheckedRole): readonly WorkflowVector[] {
  const one = roleCases[role]
  return [...signatures(one), ...expiry(one), ...files(one)]
}

function signatures(one: RoleCase): readonly WorkflowVector[] {
  const { a, role, steps, first } = one
  const id = idOf(role)
  const threshold: Terms = { requirements: [`${steps.threshold}-threshold`] }
  const unique: Terms = { requirements: [`${steps.threshold}-unique`] }
  const refuses = bad(one, steps.threshold, first, null)
  const repeated =
    role === 'project'
      ? ['CVE-2020-6174', 'CVE-2020-15093', 'CVE-2026-6966']
      : ['CVE-2020-6174', 'CVE-2020-15093']
  const twoOfThree = { count: 3, threshold: 2 }
  const signedBy = (
    terms: Terms,
    name: string,
    title: string,
    keys: KeyOptions,
    choose: (repo: TestRepository) => ReturnType<TestRepository['signers']>,
    outcome: WorkflowOutcome,
  ): WorkflowVector =>
    workflow(terms, `${id}-${name}`, title, (story) => {
      const repo = repositoryFor(story, one, keys)
      repo.editInPlace(role, { signers: choose(repo) })
      ask(story, one, outcome)
    })
  return [
    signedBy(threshold, 'unsigned', `${a} without signatures is refused`, {}, () => [], refuses),
    signedBy(
      threshold,
      'other-role',
      `${a} that another role's keys signed is refused`,
      {},
      (repo) => repo.signers(role === 'snapshot' ? 'timestamp' : 'snapshot'),
      refuses,
    ),
    signedBy(
      threshold,
      'below-threshold',
      `${a} with one signature of two is refused`,
      twoOfThree,
      (repo) => repo.signers(role).slice(2),
      refuses,
    ),
    signedBy(
      threshold,
      'threshold',
      `${a} with signatures of any two of three keys is accepted`,
      twoOfThree,
      (repo) => repo.signers(role).slice(1),
      good(one, [1, 1, 1, 1], 1),
    ),
    signedBy(
      { ...threshold, note: 'Only signatures that verify are counted; others do no harm.' },
      'bad-beside-good',
      `${a} with a forged signature beside enough good ones is accepted`,
      twoOfThree,
      (repo) => {
        const [forged, ...others] = repo.signers(role)
        return [withKeyid(ed25519Signer('mallory'), forged?.keyid ?? ''), ...others]
      },
      good(one, [1, 1, 1, 1], 1),
    ),
    workflow(
      threshold,
      `${id}-altered`,
      `${a} that was changed after signing is refused`,
      (story) => {
        const repo = repositoryFor(story, one)
        repo.editInPlace(role, {
          bytes: (bytes) => replaced(bytes, '"expires":"20', '"expires":"21'),
        })
        ask(story, one, refuses)
      },
    ),
    workflow(
      { ...unique, tags: repeated },
      `${id}-repeated-signature`,
      `${a} with one signature twice counts one`,
      (story) => {
        const repo = repositoryFor(story, one, { count: 2, threshold: 2 })
        repo.editInPlace(role, {
          signers: repo.signers(role).slice(0, 1),
          envelope: (file) => {
            const { signatures: list } = file
            if (Array.isArray(list)) file['signatures'] = [...list, ...list]
          },
        })
        // 4.2.1 forbids the list, 5.4.2 and its likes the counting: either may be found first.
        ask(story, one, withoutStep(refuses))
      },
    ),
    signedBy(
      unique,
      'two-keys',
      `${a} that two keys signed counts two signatures`,
      { count: 2, threshold: 2 },
      (repo) => repo.signers(role),
      good(one, [1, 1, 1, 1], 1),
    ),
    workflow(
      {
        ...unique,
        tags: ['GMS-2022-4197', 'go-tuf#733'],
        note: 'Each KEY contributes one signature, by however many keyids it goes. By 4.3 the second keyid is not correct, so a client may refuse the file that declares it.',
      },
      `${id}-one-key-two-keyids`,
      `${a} that one key signed under two keyids counts one signature`,
      (story) => {
        const signer = ed25519Signer('one key, two keyids')
        const signers = [signer, withKeyid(signer, 'ab'.repeat(32))]
        repositoryFor(story, one, { signers, threshold: 2 })
        ask(story, one, declaredWrongly(one, refuses))
      },
    ),
    workflow(
      {
        requirements: [...threshold.requirements, `${steps.persist}-persist`, '5-recover'],
      },
      `${id}-forged-then-good`,
      `${a} by a stranger is refused and not kept, and the next good one is accepted`,
      (story) => {
        const repo = repositoryFor(story, one)
        ask(story, one, good(one, [1, 1, 1, 1], 1))
        const fork = repo.fork()
        const mallory = ed25519Signer('mallory')
        fork.edit(role, {
          signers: repo.signers(role).map(({ keyid }) => withKeyid(mallory, keyid)),
        })
        story.serveFrom(fork)
        ask(story, one, bad(one, steps.threshold, one.second, 1))
        story.serveFrom(repo)
        repo.publish(role)
        repo.publish(role)
        ask(story, one, good(one, one.third, 3))
      },
    ),
  ]
}

function expiry(one: RoleCase): readonly WorkflowVector[] {
  const { a, role, steps, first } = one
  const terms: Terms = { requirements: [`${steps.expiry}-expiry`, '4.3-expires'] }
  const id = idOf(role)
  const expires = '2026-01-01T12:00:00Z'
  // Of delegated roles alone a client was found that did not look at it.
  const expired: Terms = { ...terms, ...(role === 'project' && { tags: ['CVE-2026-6967'] }) }
  const expiring = (
    on: Terms,
    name: string,
    title: string,
    time: string,
    outcome: WorkflowOutcome,
    note?: string,
  ): WorkflowVector =>
    workflow({ ...on, ...(note !== undefined && { note }) }, `${id}-${name}`, title, (story) => {
      const repo = repositoryFor(story, one)
      repo.editInPlace(role, (signed) => {
        signed['expires'] = expires
      })
      story.time = time
      ask(story, one, outcome)
    })
  const refuses = bad(one, steps.expiry, first, null)
  return [
    expiring(
      expired,
      'expired',
      `${a} that is expired is refused`,
      '2026-01-01T18:00:00Z',
      refuses,
    ),
    expiring(
      expired,
      'expires-now',
      `${a} that expires at the fixed time is refused`,
      expires,
      refuses,
      'The expiration must be higher than the fixed time; equal is not.',
    ),
    expiring(
      terms,
      'expires-soon',
      `${a} that expires in two minutes is accepted`,
      '2026-01-01T11:58:00Z',
      good(one, [1, 1, 1, 1], 1),
    ),
    workflow(
      {
        ...expired,
        requirements: [...terms.requirements, `${steps.persist}-persist`, '5-recover'],
      },
      `${id}-expired-then-good`,
      `${a} that is expired is not kept, and the next good one is accepted`,
      (story) => {
        const repo = repositoryFor(story, one)
        ask(story, one, good(one, [1, 1, 1, 1], 1))
        repo.expire(role)
        ask(story, one, bad(one, steps.expiry, one.second, 1))
        repo.publish(role)
        ask(story, one, good(one, one.third, 3))
      },
    ),
  ]
}

function files(one: RoleCase): readonly WorkflowVector[] {
  const { a, role, steps, first } = one
  const id = idOf(role)
  const fetch: Terms = { requirements: [`${steps.fetch}-download`] }
  const format: Terms = { requirements: ['4.2.1-object'] }
  const path = metadataPath(role === 'timestamp' ? 'timestamp.json' : `1.${role}.json`)
  const serving = (
    terms: Terms,
    name: string,
    title: string,
    step: string,
    body: Parameters<Story['serve']>[1],
  ): WorkflowVector =>
    workflow(terms, `${id}-${name}`, title, (story) => {
      repositoryFor(story, one)
      story.serve(path, body)
      ask(story, one, bad(one, step, first, null))
    })
  const tooLong = `How much is too much is up to the client: ${steps.fetch} gives tens of kilobytes as an example.`
  const length = steps.fetch === '5.6.1' ? 40_000_000 : 10_000_000
  return [
    serving(fetch, 'missing', `${a} that the server lacks ends the cycle`, steps.fetch, null),
    serving(
      fetch,
      'server-error',
      `${a} that the server fails to give ends the cycle`,
      steps.fetch,
      {
        status: 500,
      },
    ),
    serving(
      { requirements: [`${steps.fetch}-length`], tags: ['endless data attack'], note: tooLong },
      'endless',
      `${a} without an end is cut off`,
      steps.fetch,
      { repeat: '[', length },
    ),
    serving(format, 'empty', `${a} without a byte is refused`, steps.format, ''),
    workflow(format, `${id}-cut-short`, `${a} that ends in the middle is refused`, (story) => {
      const repo = repositoryFor(story, one)
      repo.editInPlace(role, { bytes: (bytes) => bytes.subarray(0, bytes.length / 2) })
      ask(story, one, bad(one, steps.format, first, null))
    }),
    workflow(
      { requirements: ['4.2.1-type'] },
      `${id}-wrong-type`,
      `${a} whose _type is another role's is refused, though the right keys signed it`,
      (story) => {
        const repo = repositoryFor(story, one)
        repo.editInPlace(role, (signed) => {
          signed['_type'] = role === 'snapshot' ? 'timestamp' : 'snapshot'
        })
        ask(story, one, bad(one, steps.format, first, null))
      },
    ),
  ]
}
