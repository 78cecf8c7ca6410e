import { describe, expect, test } from '@jest/globals'
import type { Targets } from '../../src/core/metadata/model.js'
import type { Edge, TargetsTrust, Trusted } from '../../src/core/trust/phases.js'
import { acceptDelegated, acceptTargets, readDelegated } from '../../src/core/trust/roles.js'
import {
  createRepository,
  ed25519Signer,
  type MutableJson,
  type TestRepository,
} from '../../src/testing/index.js'
import { newest, options, snapshotOf, targetsOf } from '../support/phases.js'

const day = 86_400_000
const parseJson: (text: string) => MutableJson = JSON.parse

/** targets → a → b → c */
function published(): TestRepository {
  const repo = createRepository({ snapshotHashes: true })
  const chain = ['targets', 'a', 'b', 'c']
  for (const [index, name] of chain.slice(1).entries()) {
    repo.delegate(chain[index] ?? '', { name, count: 2, threshold: 2 })
  }
  repo.publish()
  return repo
}

function edgeTo(delegator: Trusted<Targets>, name: string): Edge {
  const role = delegator.signed.delegations?.roles?.find((one) => one.name === name)
  if (!role) throw new RangeError(`${delegator.role} does not delegate to ${name}`)
  return { delegator, role }
}

function believe(repo: TestRepository, trust: TargetsTrust, edge: Edge): Trusted<Targets> {
  const { name } = edge.role
  const file = readDelegated(trust, name, newest(repo, name), options)
  return acceptDelegated(trust, edge, file, options)
}

/** The last of these roles, believed through all those before it. */
function chainTo(repo: TestRepository, names: readonly string[]): Trusted<Targets> {
  const trust = targetsOf(repo)
  return names.reduce((role, name) => believe(repo, trust, edgeTo(role, name)), trust.targets)
}

test('a role that was read is judged as it was read, whatever becomes of the bytes', () => {
  const repo = published()
  const trust = targetsOf(repo)
  const bytes = newest(repo, 'a').slice()
  const file = readDelegated(trust, 'a', bytes, options)
  bytes.fill(0)
  expect(acceptDelegated(trust, edgeTo(trust.targets, 'a'), file, options).role).toBe('a')
})

const depths: readonly (readonly [string, () => string[]])[] = [
  ['targets', () => []],
  ['a', () => ['a']],
  ['c', () => ['a', 'b', 'c']],
]

describe.each(depths)('5.6: %s, by the one road of all targets roles', (role, names) => {
  const delegator = role === 'targets' ? 'root' : (names().at(-2) ?? 'targets')

  function read(repo: TestRepository): () => Trusted<Targets> {
    if (role !== 'targets') return () => chainTo(repo, names())
    const snapshot = snapshotOf(repo)
    return () => acceptTargets(snapshot, newest(repo, 'targets'), options).targets
  }

  test('is believed through its delegator', () => {
    expect(read(published())()).toMatchObject({
      role,
      signed: { type: 'targets', version: 1 },
      report: { delegator, signed: role === 'targets' ? 1 : 2 },
    })
  })

  test('5.6.1: is refused when the snapshot does not list it', () => {
    const repo = published()
    repo.edit('snapshot', (signed) => {
      const { meta } = signed
      if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) throw new TypeError()
      const { [`${role}.json`]: _, ...others } = meta
      signed['meta'] = others
    })
    expect(read(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_ROLE_NOT_LISTED',
        role,
        step: '5.6.1',
        file: `${role}.json`,
      }),
    )
  })

  test('5.6.2: is refused when its length or digest differs', () => {
    const repo = published()
    const { length } = newest(repo, role)
    repo.editInPlace(role, { bytes: (bytes) => Uint8Array.from([...bytes, 0x20]) })
    expect(read(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_LENGTH_MISMATCH',
        role,
        step: '5.6.2',
        expected: length,
        actual: length + 1,
      }),
    )
    repo.editInPlace(role, { bytes: (bytes) => bytes.map((byte) => byte ^ 1) })
    expect(read(repo)).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_HASH_MISMATCH', role, step: '5.6.2' }),
    )
  })

  test('4.5: is refused when it is not targets metadata', () => {
    const repo = published()
    repo.edit(role, (signed) => {
      signed['_type'] = 'root'
    })
    expect(read(repo)).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_METADATA_INVALID', role, step: '4.5' }),
    )
  })

  test('5.6.3: is refused below the threshold of its delegator', () => {
    const repo = published()
    const stolen = repo.signers(role).slice(0, -1)
    repo.edit(role, { signers: [...stolen, ed25519Signer('mallory')] })
    expect(read(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        role,
        step: '5.6.3',
        delegator,
        threshold: stolen.length + 1,
        signed: stolen.length,
      }),
    )
  })

  test('5.6.4: is refused when it is another version than the snapshot lists', () => {
    const repo = published()
    repo.edit(role, (signed) => {
      signed['version'] = 7
    })
    expect(read(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_VERSION_MISMATCH',
        role,
        step: '5.6.4',
        expected: 2,
        actual: 7,
      }),
    )
  })

  test('5.6.5: is refused when it expires now, or is expired', () => {
    const repo = published()
    for (const at of [repo.now, repo.now - day]) {
      repo.expire(role, at)
      expect(read(repo)).toThrow(
        expect.objectContaining({
          code: 'ERR_TUF_EXPIRED',
          role,
          step: '5.6.5',
          expires: at,
          now: repo.now,
        }),
      )
    }
    repo.expire(role, repo.now + 1000)
    expect(read(repo)).not.toThrow()
  })
})

describe('5.6.7: trust is in the edge, not in the role', () => {
  test('python-tuf#2977: one file, two delegators with different keys: each judges for itself', () => {
    const repo = createRepository()
    repo.delegate('targets', { name: 'a' })
    repo.delegate('targets', { name: 'b' })
    const [forA, forB] = [ed25519Signer('for a'), ed25519Signer('for b')]
    repo.delegate('a', { name: 'shared', signers: [forA] })
    repo.delegate('b', { name: 'shared', signers: [forB] })
    repo.publish()
    expect(chainTo(repo, ['a', 'shared']).report.delegator).toBe('a')
    expect(chainTo(repo, ['b', 'shared']).report.delegator).toBe('b')

    repo.edit('shared', { signers: [forA] })
    expect(chainTo(repo, ['a', 'shared']).report).toMatchObject({
      delegator: 'a',
      keys: [{ keyid: forA.keyid, verdict: 'signed' }],
    })
    expect(() => chainTo(repo, ['b', 'shared'])).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        role: 'shared',
        step: '5.6.3',
        delegator: 'b',
        keys: [{ keyid: forB.keyid, verdict: 'no-signature' }],
      }),
    )
  })

  test('rust-tuf#279: a keyid refers to the delegator’s own table', () => {
    const repo = createRepository()
    const { keyid } = ed25519Signer('owner')
    repo.delegate('targets', { name: 'a' })
    repo.delegate('a', { name: 'dev', signers: [ed25519Signer('owner')] })
    repo.publish()
    // The table of `a` gives the owner's keyid to another key.
    repo.edit('a', (signed) => {
      const text = JSON.stringify(signed['delegations'])
      const other = ed25519Signer('mallory').key.keyval.public
      signed['delegations'] = parseJson(
        text.replaceAll(ed25519Signer('owner').key.keyval.public, other),
      )
    })
    expect(() => chainTo(repo, ['a', 'dev'])).toThrow(
      expect.objectContaining({ keys: [{ keyid, verdict: 'wrong-signature' }] }),
    )
  })

  test('a delegator that declares no keys vouches for nobody', () => {
    const repo = published()
    const trust = targetsOf(repo)
    const leaf = chainTo(repo, ['a', 'b', 'c'])
    const { role } = edgeTo(trust.targets, 'a')
    expect(() => believe(repo, trust, { delegator: leaf, role })).toThrow(
      expect.objectContaining({
        delegator: 'c',
        signed: 0,
        keys: role.keyids.map((keyid) => ({ keyid, verdict: 'unknown-key' })),
      }),
    )
  })
})
