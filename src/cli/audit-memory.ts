/** Limits of an audit that fit into the heap of this process: V8 ends a process that needs more. */
import { getHeapStatistics } from 'node:v8'
import { resolveAuditLimits } from '../audit/options.js'
import type { AuditLimits } from '../audit/index.js'

/** A file that is read takes some ten times its bytes, for a moment. */
const heapOfFile = 24

/** The share of what stays. */
const keptShare = 0.3

/** @param heap in bytes; the defaults hold where the runtime does not say */
export function memoryLimits(
  heap: number = getHeapStatistics().heap_size_limit,
): Pick<AuditLimits, 'kept' | 'fileLength'> {
  const { kept, fileLength } = resolveAuditLimits()
  if (!(heap > 0)) return { kept, fileLength }
  return {
    kept: Math.min(kept, Math.floor(heap * keptShare)),
    fileLength: Math.min(fileLength, Math.floor(heap / heapOfFile)),
  }
}
