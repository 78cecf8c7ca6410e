import { describe, expect, test } from '@jest/globals'
import { recall } from '../../src/core/trust/recall.js'
import { acceptSnapshot, acceptTimestamp } from '../../src/core/trust/roles.js'
import type { RecalledTrust } from '../../src/core/trust/phases.js'
import {
  createRepository,
  ed25519Signer,
  type RepositoryOptions,
  type TestRepository,
} from '../../src/testing/index.js'
import {
  newest,
  options,
  recalledOf,
  settledOf,
  snapshotOf,
  timestampOf,
  type Stored,
} from '../support/phases.js'

const day = 86_400_000
const garbage = new TextEncoder().encode('{"signed":')

function published(settings?: RepositoryOptions): TestRepository {
  const repo = createRepository(settings)
  repo.delegate('targets', { name: 'dev' })
  repo.publish()
  return repo
}

/** The files that a client would have stored by now. */
function storedNow(repo: TestRepository): Stored {
  return { timestamp: newest(repo, 'timestamp'), snapshot: newest(repo, 'snapshot') }
}

/** Which files are floors, and why others are not. */
function floorsOf({ timestamp, snapshot, rotated, refusals }: RecalledTrust): object {
  return {
    timestamp: timestamp?.trusted.signed.version,
    snapshot: snapshot?.trusted.signed.version,
    rotated,
    refusals: refusals.map(({ role, error }) => `${role} ${error.code}`),
  }
}

describe('5.3.11: which stored files are floors', () => {
  test('no file when the store is empty', () => {
    expect(floorsOf(recalledOf(published()))).toEqual({ rotated: false, refusals: [] })
  })

  test('those that the current keys signed, expired or not', () => {
    const repo = published()
    const stored = storedNow(repo)
    const both = { timestamp: 1, snapshot: 1, rotated: false, refusals: [] }
    expect(floorsOf(recalledOf(repo, stored))).toEqual(both)
    expect(floorsOf(recall(settledOf(repo, repo.now + 300 * day), stored, options))).toEqual(both)
  })

  test.each(['timestamp', 'snapshot'] as const)(
    'neither when the keys of %s were rotated: the recovery from a fast-forward attack',
    (role) => {
      const repo = published()
      const stored = storedNow(repo)
      repo.rotate(role)
      const recalled = recalledOf(repo, stored)
      expect(floorsOf(recalled)).toEqual({
        rotated: true,
        refusals: [`${role} ERR_TUF_THRESHOLD_NOT_MET`],
      })
      expect(recalled.refusals[0]?.error).toMatchObject({ role, step: '5.3.11', signed: 0 })
    },
  )

  test('a file that cannot be read is as if it were absent, and leaves the other a floor', () => {
    const repo = published()
    const { timestamp, snapshot } = storedNow(repo)
    expect(
      floorsOf(recalledOf(repo, { timestamp: garbage, ...(snapshot && { snapshot }) })),
    ).toEqual({
      snapshot: 1,
      rotated: false,
      refusals: ['timestamp ERR_TUF_METADATA_INVALID'],
    })
    expect(
      floorsOf(recalledOf(repo, { ...(timestamp && { timestamp }), snapshot: garbage })),
    ).toEqual({
      timestamp: 1,
      rotated: false,
      refusals: ['snapshot ERR_TUF_METADATA_INVALID'],
    })
  })

  test('both refused, each for its own reason', () => {
    const repo = published()
    const { snapshot } = storedNow(repo)
    repo.rotate('snapshot')
    expect(
      floorsOf(recalledOf(repo, { timestamp: garbage, ...(snapshot && { snapshot }) })),
    ).toEqual({
      rotated: true,
      refusals: ['timestamp ERR_TUF_METADATA_INVALID', 'snapshot ERR_TUF_THRESHOLD_NOT_MET'],
    })
  })

  test('a defect of the platform is not taken for a damaged file', () => {
    const repo = published()
    const broken = {
      cryptography: {
        ...options.cryptography,
        importKey: () => () => {
          throw new TypeError('broken platform')
        },
      },
    }
    expect(() => recall(settledOf(repo), storedNow(repo), broken)).toThrow(TypeError)
  })
})

describe('5.4: the timestamp', () => {
  function accept(repo: TestRepository, stored?: Stored): () => unknown {
    const recalled = recalledOf(repo, stored)
    const bytes = newest(repo, 'timestamp')
    return () => acceptTimestamp(recalled, bytes, options)
  }

  test('is believed when root’s keys signed it', () => {
    const repo = published()
    const { timestamp, kept } = timestampOf(repo)
    expect(kept).toBe(false)
    expect(timestamp).toMatchObject({
      role: 'timestamp',
      signed: { version: 1, snapshot: { version: 1 } },
      report: { delegator: 'root', threshold: 1, signed: 1 },
    })
  })

  test('5.4.2: is refused when others signed it', () => {
    const repo = published()
    repo.edit('timestamp', { signers: [ed25519Signer('mallory')] })
    expect(accept(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        role: 'timestamp',
        step: '5.4.2',
        keys: [{ keyid: repo.signers('timestamp')[0]?.keyid, verdict: 'no-signature' }],
      }),
    )
  })

  test('5.4.3.1: is refused when its version went back', () => {
    const repo = published()
    repo.publish()
    const stored = storedNow(repo)
    repo.setNextVersion('timestamp', 1)
    repo.publish()
    expect(accept(repo, stored)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_ROLLBACK',
        role: 'timestamp',
        step: '5.4.3.1',
        file: 'timestamp.json',
        trusted: 2,
        offered: 1,
      }),
    )
    expect(accept(repo)).not.toThrow()
  })

  test('5.4.3.1: an equal version is normal: the stored one is kept, whatever the new one says', () => {
    const repo = published()
    const stored = storedNow(repo)
    repo.setNextVersion('timestamp', 1)
    repo.publish('snapshot')
    const { timestamp, kept } = timestampOf(repo, stored)
    expect(kept).toBe(true)
    expect(timestamp.signed.snapshot.version).toBe(1)
  })

  test('5.4.3.1: an equal version must be signed all the same', () => {
    const repo = published()
    const stored = storedNow(repo)
    repo.setNextVersion('timestamp', 1)
    repo.edit('timestamp', { signers: [] })
    expect(accept(repo, stored)).toThrow(expect.objectContaining({ step: '5.4.2' }))
  })

  test('5.4.3.2: is refused when the snapshot that it lists went back', () => {
    const repo = published()
    repo.publish('snapshot')
    const stored = storedNow(repo)
    repo.setNextVersion('snapshot', 1)
    repo.publish('snapshot')
    expect(accept(repo, stored)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_ROLLBACK',
        role: 'timestamp',
        step: '5.4.3.2',
        file: 'snapshot.json',
        trusted: 2,
        offered: 1,
      }),
    )
  })

  test('5.4.4: a timestamp that expires now is expired', () => {
    const repo = published()
    repo.expire('timestamp', repo.now)
    expect(accept(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_EXPIRED',
        role: 'timestamp',
        step: '5.4.4',
        expires: repo.now,
        now: repo.now,
      }),
    )
    repo.expire('timestamp', repo.now + 1000)
    expect(accept(repo)).not.toThrow()
  })

  test('5.4.4: CVE-2015-9259: a stored timestamp in use must not be expired either', () => {
    const repo = published()
    const stored = storedNow(repo)
    repo.advance(2)
    repo.setNextVersion('timestamp', 1)
    repo.publish()
    expect(accept(repo, stored)).toThrow(
      expect.objectContaining({ step: '5.4.4', expires: repo.now - day, now: repo.now }),
    )
  })

  test('5.4.4: an expired stored one still is a floor', () => {
    const repo = published()
    repo.publish()
    const stored = storedNow(repo)
    repo.advance(30)
    repo.setNextVersion('timestamp', 1)
    repo.publish('snapshot')
    expect(accept(repo, stored)).toThrow(expect.objectContaining({ step: '5.4.3.1' }))
  })
})

describe('5.5: the snapshot', () => {
  function accept(repo: TestRepository, stored?: Stored): () => unknown {
    const trust = timestampOf(repo, stored)
    const bytes = newest(repo, 'snapshot')
    return () => acceptSnapshot(trust, bytes, options)
  }

  test('is believed when it is the one that the timestamp lists', () => {
    const { snapshot } = snapshotOf(published({ timestampHashes: true }))
    expect([...snapshot.signed.meta]).toEqual([
      ['dev.json', { version: 1 }],
      ['targets.json', { version: 1 }],
    ])
    expect(snapshot.report).toMatchObject({ delegator: 'root', signed: 1 })
  })

  test('5.5.2: is refused when its length or digest is another, before anything else', () => {
    const repo = published({ timestampHashes: true })
    const trust = timestampOf(repo)
    const bytes = newest(repo, 'snapshot')
    const longer = Uint8Array.from([...bytes, 0x20])
    const place = { role: 'snapshot', step: '5.5.2' }
    expect(() => acceptSnapshot(trust, longer, options)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_LENGTH_MISMATCH',
        ...place,
        expected: bytes.length,
        actual: bytes.length + 1,
      }),
    )
    const other = bytes.map((byte) => byte ^ 1)
    expect(() => acceptSnapshot(trust, other, options)).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_HASH_MISMATCH', ...place, algorithm: 'sha256' }),
    )
  })

  test('5.5.2: is refused when no hash that is listed is known', () => {
    const repo = published()
    repo.edit('timestamp', (signed) => {
      signed['meta'] = { 'snapshot.json': { version: 1, hashes: { md5: '00', 'x-new': '00' } } }
    })
    expect(accept(repo)).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_HASH_MISMATCH', step: '5.5.2', algorithm: '' }),
    )
  })

  test('5.5.3: is refused when others signed it', () => {
    const repo = published()
    repo.edit('snapshot', { signers: repo.signers('timestamp') })
    expect(accept(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        role: 'snapshot',
        step: '5.5.3',
      }),
    )
  })

  test('5.5.4: is refused when it is another version than the timestamp lists', () => {
    const repo = published()
    const trust = timestampOf(repo)
    repo.publish('snapshot')
    expect(() => acceptSnapshot(trust, newest(repo, 'snapshot'), options)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_VERSION_MISMATCH',
        role: 'snapshot',
        step: '5.5.4',
        expected: 1,
        actual: 2,
      }),
    )
  })

  test.each(['targets', 'dev'])('5.5.5: is refused when %s went back', (role) => {
    const repo = published()
    repo.publish(role)
    const stored = storedNow(repo)
    repo.setNextVersion(role, 1)
    repo.publish(role)
    expect(accept(repo, stored)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_ROLLBACK',
        role: 'snapshot',
        step: '5.5.5',
        file: `${role}.json`,
        trusted: 2,
        offered: 1,
      }),
    )
    expect(accept(repo)).not.toThrow()
  })

  /** The same file with white space, which another reader reads. */
  function spaced(bytes: Uint8Array): Uint8Array {
    const file: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return new TextEncoder().encode(JSON.stringify(file, null, 1))
  }

  test.each<
    readonly [string, (bytes: Uint8Array) => Uint8Array, (bytes: Uint8Array) => Uint8Array]
  >([
    ['the stored one', spaced, (bytes) => bytes],
    ['the served one', (bytes) => bytes, spaced],
    ['each', spaced, spaced],
  ])(
    '5.5.5: is refused when a role went back, and %s has white space',
    (_what, stored, offered) => {
      const repo = published()
      repo.publish('dev')
      const floors = { ...storedNow(repo), snapshot: stored(newest(repo, 'snapshot')) }
      repo.setNextVersion('dev', 1)
      repo.publish('dev')
      const bytes = offered(newest(repo, 'snapshot'))
      expect(() => acceptSnapshot(timestampOf(repo, floors), bytes, options)).toThrow(
        expect.objectContaining({ code: 'ERR_TUF_ROLLBACK', step: '5.5.5', file: 'dev.json' }),
      )
      expect(acceptSnapshot(timestampOf(repo), bytes, options).snapshot.signed.version).toBe(3)
    },
  )

  test('5.5.5: is refused when an entry vanished', () => {
    const repo = published()
    const stored = storedNow(repo)
    repo.edit('snapshot', (signed) => {
      signed['meta'] = { 'targets.json': { version: 1 } }
    })
    expect(accept(repo, stored)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_ROLLBACK',
        step: '5.5.5',
        file: 'dev.json',
        trusted: 1,
        offered: undefined,
      }),
    )
  })

  test('5.5.5: a stored snapshot that expired still is a floor', () => {
    const repo = published()
    repo.publish('dev')
    const stored = storedNow(repo)
    repo.advance(30)
    repo.setNextVersion('dev', 1)
    repo.publish('dev')
    expect(accept(repo, stored)).toThrow(expect.objectContaining({ step: '5.5.5' }))
  })

  test('5.5.6: a snapshot that expires now is expired', () => {
    const repo = published()
    repo.expire('snapshot', repo.now)
    expect(accept(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_EXPIRED',
        role: 'snapshot',
        step: '5.5.6',
        expires: repo.now,
        now: repo.now,
      }),
    )
  })

  test('5.5.6: the stored snapshot is used again only until it expires', () => {
    const repo = published()
    const stored = storedNow(repo)
    expect(snapshotOf(repo, stored).snapshot.signed.version).toBe(1)
    repo.advance(8)
    repo.publish()
    const trust = timestampOf(repo, stored)
    expect(() => acceptSnapshot(trust, stored.snapshot ?? garbage, options)).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_EXPIRED', step: '5.5.6' }),
    )
  })
})
