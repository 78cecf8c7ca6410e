import { describe, expect, test } from '@jest/globals'
import { jcs } from '../../src/jcs.js'
import { createRepository, ed25519Signer, withDeclaration } from '../../src/testing/index.js'
import type { Signer, TestRepository } from '../../src/testing/index.js'
import { finished, online, runCycle, seen, type Disk } from '../support/run-cycle.js'

const able = ed25519Signer('able')
/** Of a kind that this program does not use. */
const lacking: readonly (readonly [string, Signer])[] = [
  ['pkcs1v15', other('rsa', 'rsa-pkcs1v15-sha256')],
  ['an unknown key type', other('future', 'future')],
  ['a key that the platform refuses', other('ecdsa', 'ecdsa-sha2-nistp256')],
]

function other(keytype: string, scheme: string): Signer {
  const signer = ed25519Signer(scheme)
  return withDeclaration(signer, { keytype, scheme, keyval: signer.key.keyval })
}

/** A store whose timestamp 50 was signed by the key that is lacking alone, and is a floor. */
function storedByOther(signer: Signer): { readonly repo: TestRepository; readonly disk: Disk } {
  const { repo, disk } = seen()
  repo.rotate('timestamp', { add: [able, signer], remove: 1, threshold: 1 })
  finished(online(repo), repo, disk)
  const fork = repo.fork()
  fork.setNextVersion('timestamp', 50)
  fork.edit('timestamp', { signers: [signer] })
  disk.set('timestamp.json', fork.file('timestamp.json'))
  return { repo, disk }
}

describe('row 24: a program that lacks a kind of key keeps the floors of others', () => {
  test.each(lacking)('%s: no file is deleted, and no older one is accepted', (_what, signer) => {
    const { repo, disk } = storedByOther(signer)
    const before = new Map(disk)
    const { refused, written } = runCycle(online(repo), repo, disk)
    expect(refused).toEqual({ code: 'ERR_TUF_ROLLBACK', role: 'timestamp', step: '5.4.3.1' })
    expect(written).toEqual([])
    expect(disk).toEqual(before)
  })

  test.each(lacking)('%s: a newer file replaces it', (_what, signer) => {
    const { repo, disk } = storedByOther(signer)
    repo.setNextVersion('timestamp', 51)
    repo.publish()
    expect(finished(online(repo), repo, disk).written).toEqual(['persist timestamp.json'])
  })
})

/** Without the signatures of others. */
function signedBy({ keyid }: Signer, bytes: Uint8Array): Uint8Array {
  const { signed, signatures } = JSON.parse(new TextDecoder().decode(bytes))
  const own = signatures.filter((signature: { keyid: string }) => signature.keyid === keyid)
  return new TextEncoder().encode(JSON.stringify({ signed, signatures: own }))
}

describe('a program that cannot follow a stored root leaves the floors of those that can', () => {
  /** Root 3 was signed by the key that is lacking alone, and revoked the timestamp key. */
  function leftBehind(signer: Signer): { readonly repo: TestRepository; readonly disk: Disk } {
    const { repo, disk } = seen()
    repo.rotate('root', { add: [able, signer], remove: 1, threshold: 1 })
    finished(online(repo), repo, disk)
    const fork = repo.fork()
    fork.setNextVersion('timestamp', 50)
    fork.rotate('timestamp')
    const root = signedBy(signer, fork.root(3))
    disk.set('root_history/3.root.json', root)
    disk.set('root.json', root)
    disk.set('timestamp.json', fork.file('timestamp.json'))
    // The mirror withholds root 3.
    repo.publish()
    return { repo, disk }
  }

  test.each(lacking)('%s', (_what, signer) => {
    const { repo, disk } = leftBehind(signer)
    const before = new Map(disk)
    const { refused, written } = runCycle(online(repo), repo, disk)
    expect(refused).toEqual({ code: 'ERR_TUF_THRESHOLD_NOT_MET', role: 'root', step: '5.3.4' })
    expect(written).toEqual([])
    expect(disk).toEqual(before)
  })

  test('a root that no key of the chain signed blocks no program', () => {
    const { repo, disk } = seen()
    const other = createRepository({ seed: 'other' })
    other.publish()
    other.publish('root')
    disk.set('root_history/2.root.json', other.root(2))
    repo.publish()
    expect(finished(online(repo), repo, disk).written).toContain('persist timestamp.json')
  })
})

test('row 24: another canonical form deletes no file', () => {
  const repo = createRepository()
  repo.edit('timestamp', (signed) => {
    signed['note'] = 'two\nlines'
  })
  repo.publish()
  const disk: Disk = new Map()
  repo.edit('timestamp', (signed) => {
    signed['note'] = 'two\nlines'
  })
  finished(online(repo), repo, disk)
  const before = new Map(disk)
  const { refused, written } = runCycle(online(repo, { canonicalForm: jcs }), repo, disk)
  expect(refused).toMatchObject({ code: 'ERR_TUF_THRESHOLD_NOT_MET' })
  expect(written).toEqual([])
  expect(disk).toEqual(before)
})

test('5.3.11: a program with a newer anchor finds the proof in the stored history', () => {
  const { repo, disk } = seen()
  repo.attack.fastForward()
  finished(online(repo), repo, disk)
  repo.attack.stop()
  repo.rotate('timestamp')
  // It obtained the root elsewhere, and did not see the rotation.
  const { written } = finished(online(repo, { anchor: repo.root(2) }), repo, disk)
  expect(written).toEqual(expect.arrayContaining(['delete snapshot.json', 'delete timestamp.json']))
})
