import { describe, expect, test } from '@jest/globals'
import { recall } from '../../src/core/trust/recall.js'
import { acceptSnapshot, acceptTimestamp } from '../../src/core/trust/roles.js'
import type { RecalledTrust } from '../../src/core/trust/phases.js'
import { mayBeSigned, type Authority } from '../../src/core/trust/verify.js'
import type { Envelope, Key } from '../../src/core/metadata/model.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import {
  createRepository,
  ed25519Signer,
  withDeclaration,
  withKeyid,
  type Signer,
  type TestRepository,
} from '../../src/testing/index.js'
import { onlineCycle } from '../../src/core/cycle/cycle.js'
import { answer, cycleOptions, limits, runUntil, type Disk } from '../support/run-cycle.js'
import { HeldCycle } from '../support/two-cycles.js'
import { newest, options, recalledOf, settledOf, type Stored } from '../support/phases.js'
import { refusalOf } from '../support/refusal.js'
import { bytesOf, targets } from '../support/small-files.js'

type Floor = 'timestamp' | 'snapshot'
const able = ed25519Signer('able')
/** Of a kind that this program does not know. */
const future = futureSigner('future')

function futureSigner(seed: string): Signer {
  const signer = ed25519Signer(seed)
  return withDeclaration(signer, { keytype: 'future', scheme: 'future', keyval: signer.key.keyval })
}

function storedNow(repo: TestRepository): Required<Stored> {
  return { timestamp: newest(repo, 'timestamp'), snapshot: newest(repo, 'snapshot') }
}

/** Timestamp and snapshot 5 are stored, and the one of `role` is signed by a key that is unknown here alone. */
function unjudged(role: Floor): {
  readonly repo: TestRepository
  readonly stored: Required<Stored>
} {
  const repo = createRepository()
  repo.publish()
  repo.rotate(role, { add: [able, future], remove: 1, threshold: 1 })
  const fork = repo.fork()
  for (const each of ['timestamp', 'snapshot']) fork.setNextVersion(each, 5)
  fork.publish('snapshot')
  fork.editInPlace(role, { signers: [future] })
  return { repo, stored: storedNow(fork) }
}

function whyOf({ refusals }: RecalledTrust): Record<string, string> {
  return Object.fromEntries(refusals.map(({ role, why }) => [role, why]))
}

describe.each(['timestamp', 'snapshot'] as const)(
  'a stored %s that this program cannot judge',
  (role) => {
    const other = role === 'timestamp' ? 'snapshot' : 'timestamp'

    test('is a floor, and not believed', () => {
      const { repo, stored } = unjudged(role)
      const recalled = recalledOf(repo, stored)
      expect(whyOf(recalled)).toEqual({ [role]: 'undecided' })
      expect(recalled.undecided[role]?.version).toBe(5)
      expect(recalled.undecided[other]).toBeUndefined()
      expect(recalled[role]).toBeUndefined()
      expect(recalled[other]?.trusted.signed.version).toBe(5)
    })

    test('is no floor when the keys of the other were rotated', () => {
      const { repo, stored } = unjudged(role)
      repo.rotate(other)
      const recalled = recalledOf(repo, stored)
      expect(whyOf(recalled)).toEqual({ [role]: 'undecided', [other]: 'replaced' })
      expect(recalled).toMatchObject({ rotated: true, undecided: {} })
      expect(recalled.undecided).toEqual({})
      expect(Object.keys(recalled)).not.toContain(role)
    })
  },
)

describe('a floor that cannot be judged, and', () => {
  const readsOf = (repo: TestRepository, stored: Required<Stored>): number => {
    const disk = new Map(Object.entries(stored).map(([role, bytes]) => [`${role}.json`, bytes]))
    const cycle = new HeldCycle(onlineCycle(cycleOptions(repo)), repo, disk)
    while (cycle.next !== 'fetch timestamp.json') cycle.goOn(1)
    return cycle.log.filter((line) => line === 'read timestamp.json').length
  }

  test('is a snapshot newer than the timestamp lists, makes the cycle read the timestamp again', () => {
    const { repo, stored } = unjudged('snapshot')
    expect(readsOf(repo, { ...stored, timestamp: newest(repo, 'timestamp') })).toBe(2)
    expect(readsOf(repo, stored)).toBe(1)
  })

  test('is a timestamp that lists the stored snapshot, is read once', () => {
    const { repo, stored } = unjudged('timestamp')
    expect(readsOf(repo, stored)).toBe(1)
  })
})

describe('a timestamp', () => {
  test('with the version of the stored one that cannot be judged does not replace it', () => {
    const { repo, stored } = unjudged('timestamp')
    repo.setNextVersion('timestamp', 5)
    repo.setNextVersion('snapshot', 5)
    repo.publish('snapshot')
    const offered = newest(repo, 'timestamp')
    expect(acceptTimestamp(recalledOf(repo, stored), offered, options)).toMatchObject({
      kept: true,
      timestamp: { signed: { version: 5 } },
    })
    expect(acceptTimestamp(recalledOf(repo), offered, options).kept).toBe(false)
  })

  test('older than it is refused', () => {
    const { repo, stored } = unjudged('timestamp')
    expect(
      refusalOf(() =>
        acceptTimestamp(recalledOf(repo, stored), newest(repo, 'timestamp'), options),
      ),
    ).toEqual({ code: 'ERR_TUF_ROLLBACK', role: 'timestamp', step: '5.4.3.1' })
  })

  test('that lists an older snapshot than it is refused', () => {
    const { repo, stored } = unjudged('timestamp')
    repo.setNextVersion('timestamp', 6)
    repo.publish()
    expect(
      refusalOf(() =>
        acceptTimestamp(recalledOf(repo, stored), newest(repo, 'timestamp'), options),
      ),
    ).toEqual({ code: 'ERR_TUF_ROLLBACK', role: 'timestamp', step: '5.4.3.2' })
  })
})

test('5.5.5: a snapshot older than a stored one that cannot be judged is refused', () => {
  const { repo, stored } = unjudged('snapshot')
  const fork = repo.fork()
  fork.publish('targets')
  fork.setNextVersion('snapshot', 6)
  fork.publish('snapshot')
  fork.editInPlace('snapshot', { signers: [future] })
  const later = { timestamp: stored.timestamp, snapshot: newest(fork, 'snapshot') }
  repo.setNextVersion('timestamp', 7)
  repo.setNextVersion('snapshot', 7)
  repo.publish('snapshot')
  const accept = (floors: Stored) => () =>
    acceptSnapshot(
      acceptTimestamp(recalledOf(repo, floors), newest(repo, 'timestamp'), options),
      newest(repo, 'snapshot'),
      options,
    )
  expect(refusalOf(accept(later))).toEqual({
    code: 'ERR_TUF_ROLLBACK',
    role: 'snapshot',
    step: '5.5.5',
  })
  expect(accept(stored)()).toMatchObject({ snapshot: { signed: { version: 7 } } })
})

describe('5.3.11: a stored file that no root vouches for', () => {
  test('shows no rotation, although former roots are known, and leaves the other a floor', () => {
    const repo = createRepository()
    repo.publish()
    repo.rotate('timestamp')
    const stranger = createRepository({ seed: 'stranger' })
    stranger.publish()
    const recalled = recalledOf(repo, {
      ...storedNow(repo),
      snapshot: newest(stranger, 'snapshot'),
    })
    expect(whyOf(recalled)).toEqual({ snapshot: 'unknown' })
    expect(recalled).toMatchObject({
      rotated: false,
      timestamp: { trusted: { role: 'timestamp' } },
    })
  })

  test('has a reason of its own when it cannot be read', () => {
    const repo = createRepository()
    repo.publish()
    const recalled = recall(settledOf(repo), { snapshot: new Uint8Array() }, options)
    expect(whyOf(recalled)).toEqual({ snapshot: 'unreadable' })
  })
})

test('a next root that this program cannot judge does not end a cycle at the limit of rotations', () => {
  const repo = createRepository()
  repo.publish()
  repo.rotate('root', { add: [able, future], remove: 1, threshold: 1 })
  const fork = repo.fork()
  fork.rotate('timestamp')
  fork.editInPlace('root', { signers: [future] })
  const disk: Disk = new Map([['root_history/3.root.json', fork.file('3.root.json')]])
  const cycle = onlineCycle(cycleOptions(repo, { limits: { ...limits, rootRotations: 1 } }))
  runUntil(cycle, repo, disk, 'persist timestamp.json')
  // Another process wrote meanwhile: the roots are read once more.
  let step = cycle.next('changed')
  while (step.done !== true) step = cycle.next(answer(step.value, repo, disk))
  expect(disk.get('timestamp.json')).toEqual(repo.file('timestamp.json'))
})

describe('a file may be signed for a program that knows more kinds of keys', () => {
  const file: Envelope = parseMetadata(bytesOf(targets()), 'targets', 'targets')
  const signers: readonly Signer[] = [
    withKeyid(able, 'able'),
    withKeyid(future, 'future'),
    withKeyid(futureSigner('second'), 'second'),
  ]

  function may(threshold: number, signatures: Readonly<Record<string, string>>): boolean {
    const authority: Authority = {
      delegator: 'root',
      threshold,
      keyids: signers.map(({ keyid }) => keyid),
      keys: new Map(
        signers.map(({ keyid, key: { keytype, scheme, keyval } }): [string, Key] => [
          keyid,
          { keyid, keytype, scheme, public: keyval.public },
        ]),
      ),
    }
    const listed = Object.entries(signatures).map(([keyid, sig]) => ({ keyid, sig }))
    return mayBeSigned({ ...file, signatures: listed }, authority, options)
  }

  const good = Buffer.from(able.sign(file.signedBytes)).toString('hex')

  test.each([
    ['a signature by a kind that is unknown here', 1, { future: 'ab' }, true],
    ['two of them', 2, { future: 'ab', second: 'ab' }, true],
    ['one of them where two are needed', 2, { future: 'ab' }, false],
    ['one of them and a valid one', 2, { future: 'ab', able: good }, true],
    ['one of them and one that is not valid', 2, { future: 'ab', able: 'ab' }, false],
    ['all three where four are needed', 4, { future: 'ab', second: 'ab', able: good }, false],
    ['an empty signature', 1, { future: '' }, false],
    ['a valid one alone: that is judged elsewhere', 1, { able: good }, false],
    ['a key that the role does not name', 1, { stranger: 'ab' }, false],
    ['no signature', 1, {}, false],
  ] as const)('%s', (_what, threshold, signatures, expected) => {
    expect(may(threshold, signatures)).toBe(expected)
  })
})
