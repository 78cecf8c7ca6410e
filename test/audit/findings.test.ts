import { describe, expect, test } from '@jest/globals'
import { findingCodes, findingKinds } from '../../src/audit/index.js'
import { audit } from './audit.js'
import { cases, goodRepository } from './cases.js'

describe('a good repository', () => {
  const report = audit(goodRepository())

  test.each(findingCodes)('has no finding of the kind %s', async (code) => {
    const { findings, totals } = await report
    expect(totals[code]).toBeUndefined()
    expect(findings.filter((one) => one.code === code)).toEqual([])
  })

  test('is seen as a whole', async () => {
    const { complete, anchored, counts, roles, soonest } = await report
    expect({ complete, anchored }).toEqual({ complete: true, anchored: true })
    expect(counts).toMatchObject({ roots: 1, roles: 2, edges: 2, targets: 2, asked: 2, read: 0 })
    expect(roles.map(({ role }) => role)).toEqual(['root', 'timestamp', 'snapshot', 'targets'])
    expect(soonest.map(({ role }) => role).sort()).toEqual(['more', 'pkgs'])
  })

  test('has a sample that matches', async () => {
    const { counts, findings } = await audit(goodRepository(), { sample: 1 })
    expect(counts).toMatchObject({ asked: 0, read: 1 })
    expect(findings).toEqual([])
  })
})

describe('a repository with a fault', () => {
  test.each(findingCodes)('has a finding of the kind %s, of its role', async (code) => {
    const { repository, options, role, says } = cases[code]()
    const { findings, totals } = await audit(repository, options)
    const found = findings.filter((one) => one.code === code)
    expect(found).toContainEqual(
      expect.objectContaining({ role, message: expect.stringContaining(says) }),
    )
    expect(totals[code]).toBeGreaterThanOrEqual(found.length)
    const { severity, advice } = findingKinds[code]
    for (const one of found) expect(one).toMatchObject({ severity, advice })
  })
})
