import { describe, expect, test } from '@jest/globals'
import { resolveAuditLimits } from '../../src/audit/options.js'
import { memoryLimits } from '../../src/cli/audit-memory.js'

describe('the memory of an audit by the command', () => {
  const { kept, fileLength } = resolveAuditLimits()

  test('is a part of a small heap', () => {
    expect(memoryLimits(500_000_000)).toEqual({ kept: 150_000_000, fileLength: 20_833_333 })
  })

  test('is the default in a large heap, and where the runtime does not say', () => {
    for (const heap of [1e12, Number.NaN, 0])
      expect(memoryLimits(heap)).toEqual({ kept, fileLength })
  })

  test('is less than the heap of this process', () => {
    const limits = memoryLimits()
    expect(limits.kept).toBeGreaterThan(0)
    expect(limits.kept).toBeLessThanOrEqual(kept)
  })
})
