import { describe, expect, test } from '@jest/globals'
import { rotateRoot, settleRoot, trustAnchor } from '../../src/core/trust/root.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { options, rootOf, served, settledOf } from '../support/phases.js'

const day = 86_400_000

function published(): TestRepository {
  const repo = createRepository({ keys: { root: { count: 3, threshold: 2 } } })
  repo.publish()
  return repo
}

/** Root N+1 as it is served, judged against the newest that was published. */
function rotated(repo: TestRepository): () => unknown {
  const trust = rootOf(repo)
  const bytes = served(repo, `${trust.root.signed.version + 1}.root.json`)
  return () => rotateRoot(trust, bytes, options)
}

describe('5.2: the root that came with the application', () => {
  test('is believed when its own keys signed it', () => {
    const { root } = trustAnchor(published().root(), options)
    expect(root).toMatchObject({
      role: 'root',
      signed: { type: 'root', version: 1 },
      report: { delegator: 'root', threshold: 2, signed: 3 },
    })
  })

  test('may be of any version and expired', () => {
    const repo = published()
    repo.publish('root')
    repo.expire('root')
    expect(trustAnchor(repo.root(3), options).root.signed.version).toBe(3)
  })

  test('is refused below its threshold', () => {
    const repo = published()
    const [signer] = repo.signers('root')
    repo.edit('root', { signers: signer ? [signer] : [] })
    expect(() => trustAnchor(repo.root(2), options)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        role: 'root',
        step: '5.2',
        delegator: 'root',
        threshold: 2,
        signed: 1,
      }),
    )
  })

  test('is refused when one signed byte differs', () => {
    const repo = published()
    const text = new TextDecoder().decode(repo.root()).replace('"version":1', '"version":2')
    expect(() => trustAnchor(new TextEncoder().encode(text), options)).toThrow(
      expect.objectContaining({ code: 'ERR_TUF_THRESHOLD_NOT_MET', step: '5.2', signed: 0 }),
    )
  })

  test('is refused when it is not a root', () => {
    const repo = published()
    for (const bytes of [new Uint8Array(), repo.file('timestamp.json')]) {
      expect(() => trustAnchor(bytes, options)).toThrow(
        expect.objectContaining({ code: 'ERR_TUF_METADATA_INVALID', role: 'root', step: '4.3' }),
      )
    }
  })
})

describe('5.3.4: root N+1 is signed by a threshold of root N and of its own', () => {
  test('the same keys, some other keys, and all other keys', () => {
    const repo = published()
    repo.publish('root')
    repo.rotate('root', { add: 1, remove: 1 })
    repo.rotate('root')
    expect(rootOf(repo).root.signed.version).toBe(4)
  })

  test('not by the new keys alone', () => {
    const repo = published()
    repo.attack.rootWithoutOldKeys()
    const keys = repo.signers('root').map(({ keyid }) => ({ keyid, verdict: 'no-signature' }))
    expect(rotated(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        role: 'root',
        step: '5.3.4',
        signed: 0,
        keys,
      }),
    )
  })

  test('not by the old keys alone', () => {
    const repo = published()
    repo.attack.rootWithoutNewKeys()
    const old = new Set(repo.signers('root').map(({ keyid }) => keyid))
    let error: unknown
    try {
      rotated(repo)()
    } catch (caught) {
      error = caught
    }
    expect(error).toMatchObject({ code: 'ERR_TUF_THRESHOLD_NOT_MET', step: '5.3.4', signed: 0 })
    const { keys } = error as { keys: { keyid: string; verdict: string }[] }
    expect(keys.map(({ verdict }) => verdict)).toEqual(Array(3).fill('no-signature'))
    expect(keys.some(({ keyid }) => old.has(keyid))).toBe(false)
  })

  test('the threshold of the old root counts, also where the new one asks for less', () => {
    const repo = published()
    const [signer] = repo.signers('root')
    const fork = repo.fork()
    fork.signWith('root', signer ? [signer] : [])
    fork.rotate('root', { remove: 0, threshold: 1 })
    expect(() => rotateRoot(rootOf(repo), fork.root(2), options)).toThrow(
      expect.objectContaining({ step: '5.3.4', threshold: 2, signed: 1 }),
    )
  })

  test('the threshold of the new root counts, also where the old one asks for less', () => {
    const repo = published()
    const fork = repo.fork()
    fork.signWith('root', repo.signers('root').slice(0, 2))
    fork.rotate('root', { remove: 0, threshold: 3 })
    expect(() => rotateRoot(rootOf(repo), fork.root(2), options)).toThrow(
      expect.objectContaining({ step: '5.3.4', threshold: 3, signed: 2 }),
    )
  })

  test('CVE-2026-6966: one key under two ids does not meet the new root’s own threshold', () => {
    const repo = createRepository()
    repo.publish()
    expect(repo.attack.sameKeyTwice('root')).toMatchObject({ step: '5.3.4' })
    expect(rotated(repo)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_THRESHOLD_NOT_MET',
        step: '5.3.4',
        threshold: 2,
        signed: 1,
        keys: [
          expect.objectContaining({ verdict: 'signed' }),
          expect.objectContaining({ verdict: 'same-key' }),
        ],
      }),
    )
  })

  test('is judged before the version', () => {
    const repo = published()
    repo.setNextVersion('root', 7)
    repo.edit('root', { signers: [] })
    expect(() => rotateRoot(trustAnchor(repo.root(), options), repo.root(7), options)).toThrow(
      expect.objectContaining({ step: '5.3.4' }),
    )
  })
})

describe('5.3.5: the version of root N+1 is N+1', () => {
  test.each([
    [5, 'ERR_TUF_VERSION_MISMATCH', { expected: 4, actual: 5 }],
    [3, 'ERR_TUF_ROLLBACK', { file: 'root.json', trusted: 3, offered: 3 }],
    [1, 'ERR_TUF_ROLLBACK', { file: 'root.json', trusted: 3, offered: 1 }],
  ])('%i is refused with %s', (version, code, fields) => {
    const repo = published()
    repo.publish('root')
    repo.publish('root')
    const trust = rootOf(repo)
    repo.publish('root')
    repo.publish('root')
    expect(() => rotateRoot(trust, repo.root(version), options)).toThrow(
      expect.objectContaining({ code, role: 'root', step: '5.3.5', ...fields }),
    )
    expect(rotateRoot(trust, repo.root(4), options).root.signed.version).toBe(4)
  })

  test('an expired root is believed on the way (5.3.10 judges the last one)', () => {
    const repo = published()
    repo.expire('root')
    repo.publish('root')
    expect(rootOf(repo).root.signed.version).toBe(3)
  })
})

describe('5.3.10: the last root must not be expired', () => {
  test('a root that expires now is expired', () => {
    const trust = rootOf(published())
    const { expires } = trust.root.signed
    expect(() => settleRoot(trust, expires)).toThrow(
      expect.objectContaining({
        code: 'ERR_TUF_EXPIRED',
        role: 'root',
        step: '5.3.10',
        expires,
        now: expires,
      }),
    )
    expect(settleRoot(trust, expires - 1).now).toBe(expires - 1)
  })

  test('the time is fixed with the root', () => {
    const repo = published()
    expect(settledOf(repo, repo.now + day)).toMatchObject({ now: repo.now + day })
  })
})

test('5.1: a time that is not a number is named in the refusal', () => {
  expect(() => settleRoot(rootOf(published()), Number.NaN)).toThrow(/^now /)
})
