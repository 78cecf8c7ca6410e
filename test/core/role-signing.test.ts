import { describe, expect, test } from '@jest/globals'
import {
  offlineRole,
  onlineRole,
  signedDigest,
  type RoleRequest,
} from '../../src/core/cycle/role.js'
import type { KeptFiles } from '../../src/core/metadata/kept-files.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { options, targetsOf } from '../support/phases.js'
import { cycleOptions, finished, runCycle, type Disk } from '../support/run-cycle.js'

const gone = { code: 'ERR_TUF_SNAPSHOT_GONE', role: 'a', step: '5.6.1' }

function published(snapshotHashes = false): TestRepository {
  const repo = createRepository({ snapshotHashes })
  repo.delegate('targets', { name: 'a' })
  repo.publish()
  return repo
}

function requestOf(repo: TestRepository, before?: string): RoleRequest {
  const trust = targetsOf(repo)
  const role = trust.targets.signed.delegations?.roles?.[0]
  if (!role) throw new Error('targets does not delegate')
  const edge = { delegator: trust.targets, role }
  return { trust, edge, options: cycleOptions(repo), ...(before !== undefined && { before }) }
}

/** The repository signs other targets with the version that a view has used. */
function signedTwice(): {
  readonly repo: TestRepository
  readonly disk: Disk
  readonly before: string
} {
  const repo = published()
  const { result } = finished(onlineRole(requestOf(repo)), repo, new Map())
  const before = result && signedDigest(result.file, options)
  if (before === undefined) throw new Error('the first signing lacks a digest')
  repo.editInPlace('a', (signed) => {
    signed['note'] = 'another signing'
  })
  return { repo, disk: new Map([['a.json', repo.file('1.a.json')]]), before }
}

describe('a view that loaded a role of a snapshot without hashes', () => {
  test('takes the same signing again, from the network and from the store', () => {
    const repo = published()
    const disk: Disk = new Map()
    const { result } = finished(onlineRole(requestOf(repo)), repo, disk)
    const before = result && signedDigest(result.file, options)
    expect(before).toMatch(/^[0-9a-f]{64}$/)
    expect(finished(onlineRole(requestOf(repo, before)), repo, new Map()).result?.from).toBe(
      'network',
    )
    expect(finished(offlineRole(requestOf(repo, before)), repo, disk).result?.from).toBe('store')
  })

  test('refuses another signing of the version, and does not store it', () => {
    const { repo, before } = signedTwice()
    const { refused, written } = runCycle(onlineRole(requestOf(repo, before)), repo, new Map())
    expect({ refused, written }).toEqual({ refused: gone, written: [] })
  })

  test('refuses it from the store as well', () => {
    const { repo, disk, before } = signedTwice()
    expect(runCycle(offlineRole(requestOf(repo, before)), repo, disk).refused).toEqual(gone)
  })
})

test('a file that the snapshot lists with a hash needs no other digest', () => {
  const repo = published(true)
  const { result } = finished(onlineRole(requestOf(repo)), repo, new Map())
  expect(result && signedDigest(result.file, options)).toBeUndefined()
})

describe('a loaded role', () => {
  const memory: KeptFiles = {
    find: () => undefined,
    note: () => {},
    bytesOf: () => undefined,
    keep: () => {},
  }

  function loaded(snapshotHashes: boolean, kept?: KeptFiles) {
    const repo = published(snapshotHashes)
    const request = requestOf(repo)
    const cycle = onlineRole({ ...request, options: { ...request.options, kept } })
    const { result } = finished(cycle, repo, new Map())
    if (!result) throw new Error('the role was not loaded')
    return result
  }

  test('has the digest of its signing', () => {
    const role = loaded(false)
    expect(role.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(role.digest).toBe(signedDigest(role.file, options))
  })

  test('has none where the whole file stays in memory, or the snapshot lists a hash', () => {
    expect(loaded(false, memory)).not.toHaveProperty('digest')
    expect(loaded(true)).not.toHaveProperty('digest')
  })
})
