import { describe, expect, test } from '@jest/globals'
import {
  follows,
  laterRoot,
  leadsTo,
  mayFollow,
  ownRoot,
  readableRoot,
  vouchesForFloor,
  vouchesForRoot,
} from '../../src/core/trust/root-file.js'
import { trustAnchor } from '../../src/core/trust/root.js'
import type { RootTrust } from '../../src/core/trust/phases.js'
import {
  createRepository,
  ed25519Signer,
  withDeclaration,
  type Signer,
  type TestRepository,
} from '../../src/testing/index.js'
import { newest, options } from '../support/phases.js'

const garbage = new TextEncoder().encode('{"signed":')

/** Roots 1 to 4, each with other keys than the one before. */
function rotated(seed = 'tuffet'): TestRepository {
  const repo = createRepository({ seed })
  repo.publish()
  for (let version = 2; version <= 4; version++) repo.rotate('root')
  return repo
}

/** Root 2 by the keys of root 1. */
function unsignedRoot(): Uint8Array {
  const repo = createRepository()
  repo.publish()
  repo.edit('root', { signers: [] })
  return repo.root(2)
}

const anchorOf = (repo: TestRepository, version = 1): RootTrust =>
  trustAnchor(repo.root(version), options)

/** A platform that fails at each signature. */
const broken = {
  cryptography: {
    ...options.cryptography,
    importKey: () => (): never => {
      throw new TypeError('no such thing')
    },
  },
}

describe('a stored root', () => {
  test('can be read without a good signature, and stands for itself only with one', () => {
    const signed = rotated().root(2)
    expect(readableRoot(signed, options)?.signed.version).toBe(2)
    expect(ownRoot(signed, options)).toMatchObject({
      trust: { root: { signed: { version: 2 } } },
      bytes: signed,
    })
    expect(readableRoot(unsignedRoot(), options)?.signed.version).toBe(2)
    expect(ownRoot(unsignedRoot(), options)).toBeUndefined()
  })

  test('is neither when it is damaged, or another role', () => {
    for (const bytes of [garbage, newest(rotated(), 'timestamp')]) {
      expect(readableRoot(bytes, options)).toBeUndefined()
      expect(ownRoot(bytes, options)).toBeUndefined()
    }
  })

  test('is not taken for a damaged one when the platform fails', () => {
    const repo = rotated()
    expect(() => ownRoot(repo.root(2), broken)).toThrow('no such thing')
    expect(() => follows(anchorOf(repo), repo.root(2), broken)).toThrow('no such thing')
  })

  test('follows its predecessor, and no other root', () => {
    const repo = rotated()
    expect(follows(anchorOf(repo), repo.root(2), options)).toBe(true)
    expect(follows(anchorOf(repo), repo.root(3), options)).toBe(false)
    expect(follows(anchorOf(repo, 2), repo.root(2), options)).toBe(false)
    expect(follows(anchorOf(rotated('other')), repo.root(2), options)).toBe(false)
    expect(follows(anchorOf(repo), garbage, options)).toBe(false)
  })

  test('leads to its successor, and to no other root', () => {
    const repo = rotated()
    expect(leadsTo(repo.root(1), repo.root(2), options)?.version).toBe(1)
    expect(leadsTo(repo.root(1), repo.root(3), options)).toBeUndefined()
    expect(leadsTo(rotated('other').root(1), repo.root(2), options)).toBeUndefined()
    expect(leadsTo(garbage, repo.root(2), options)).toBeUndefined()
    expect(leadsTo(unsignedRoot(), repo.root(3), options)).toBeUndefined()
  })

  test('is vouched for by the keys of another, whatever the versions', () => {
    const repo = createRepository()
    repo.publish()
    for (let version = 2; version <= 3; version++) repo.publish('root')
    const third = readableRoot(repo.root(3), options)!
    expect(vouchesForRoot(anchorOf(repo), third, options)).toBe(true)
    expect(vouchesForRoot(anchorOf(rotated('other')), third, options)).toBe(false)
  })
})

describe('a stored root shows that roots are missing', () => {
  test('when the known keys signed it', () => {
    const repo = createRepository()
    repo.publish()
    repo.publish('root')
    expect(laterRoot(anchorOf(repo), repo.root(2), options)).toBe(2)
  })

  test('when its own keys signed it, and it is too new to be the next', () => {
    const repo = rotated()
    expect(laterRoot(anchorOf(repo), repo.root(3), options)).toBe(3)
    expect(laterRoot(anchorOf(repo), repo.root(4), options)).toBe(4)
  })

  test('not when it could be the next, and the known keys did not sign it', () => {
    expect(laterRoot(anchorOf(rotated()), rotated('other').root(2), options)).toBeUndefined()
  })

  test('not when neither signed it, or it is not newer, or not a root', () => {
    const repo = createRepository()
    repo.publish()
    repo.publish('root')
    repo.edit('root', { signers: [] })
    expect(laterRoot(anchorOf(repo), repo.root(3), options)).toBeUndefined()
    expect(laterRoot(anchorOf(repo), repo.root(1), options)).toBeUndefined()
    expect(laterRoot(anchorOf(repo, 2), repo.root(1), options)).toBeUndefined()
    expect(laterRoot(anchorOf(repo), garbage, options)).toBeUndefined()
  })
})

test.each(['timestamp', 'snapshot'] as const)(
  'a root vouches for a %s of its keys alone',
  (role) => {
    const [repo, other] = [rotated(), rotated('other')]
    expect(vouchesForFloor(anchorOf(repo), role, newest(repo, role), options)).toBe(true)
    expect(vouchesForFloor(anchorOf(repo), role, newest(other, role), options)).toBe(false)
    expect(vouchesForFloor(anchorOf(repo), role, newest(repo, 'targets'), options)).toBe(false)
    expect(vouchesForFloor(anchorOf(repo), role, garbage, options)).toBe(false)
  },
)

describe('a root may follow', () => {
  const able = ed25519Signer('able')
  const future = futureSigner('future')

  function futureSigner(seed: string): Signer {
    const signer = ed25519Signer(seed)
    return withDeclaration(signer, {
      keytype: 'future',
      scheme: 'future',
      keyval: signer.key.keyval,
    })
  }

  /** Root 2 names both keys and asks for one; root 3 has the signatures of `signers`. */
  function thirdBy(...signers: readonly Signer[]): {
    readonly trust: RootTrust
    readonly bytes: Uint8Array
  } {
    const repo = createRepository()
    repo.publish()
    repo.rotate('root', { add: [able, future], remove: 1, threshold: 1 })
    repo.edit('root', { signers: [...signers] })
    return { trust: anchorOf(repo, 2), bytes: repo.root(3) }
  }

  test('when it does', () => {
    const { trust, bytes } = thirdBy(able)
    expect(mayFollow(trust, bytes, options)).toBe(true)
  })

  test('when a key of a kind that is not known here signed it', () => {
    const { trust, bytes } = thirdBy(future)
    expect(follows(trust, bytes, options)).toBe(false)
    expect(mayFollow(trust, bytes, options)).toBe(true)
  })

  test('not when nobody signed it, or a stranger did', () => {
    for (const signers of [[], [futureSigner('stranger')], [ed25519Signer('stranger')]]) {
      const { trust, bytes } = thirdBy(...signers)
      expect(mayFollow(trust, bytes, options)).toBe(false)
    }
  })

  test('not when it is not the next, or not a root', () => {
    const repo = rotated()
    expect(mayFollow(anchorOf(repo), repo.root(2), options)).toBe(true)
    expect(mayFollow(anchorOf(repo), repo.root(3), options)).toBe(false)
    expect(mayFollow(anchorOf(repo, 2), repo.root(2), options)).toBe(false)
    expect(mayFollow(anchorOf(repo, 3), repo.root(2), options)).toBe(false)
    expect(mayFollow(anchorOf(repo), garbage, options)).toBe(false)
    // Of the right version, and signed by its own keys alone.
    expect(mayFollow(anchorOf(repo), rotated('other').root(2), options)).toBe(false)
  })
})
