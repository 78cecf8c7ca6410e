/**
 * Groups failures by cause: the client gives the same message for each, or they differ in the same
 * way.
 */
import type { VectorFailure } from './runner.js'

/** At least one failure. */
export interface FailureGroup {
  /** The client's own last line if it gave a message, else the difference. */
  readonly cause: string
  readonly failures: readonly VectorFailure[]
}

/**
 * The largest groups first; groups of one size, and the failures of each, in the given order.
 *
 * @example
 * ```ts
 * import { groupFailures, type VectorReport } from 'tuffet/vectors'
 *
 * function causes(report: VectorReport): string[] {
 *   return groupFailures(report.failures).map(({ cause, failures }) => `${failures.length} × ${cause}`)
 * }
 * ```
 */
export function groupFailures(failures: readonly VectorFailure[]): FailureGroup[] {
  const groups = new Map<string, { cause: string; failures: VectorFailure[] }>()
  for (const failure of failures) {
    const cause = causeOf(failure)
    const key = withoutDetails(cause)
    const group = groups.get(key)
    if (group) group.failures.push(failure)
    else groups.set(key, { cause, failures: [failure] })
  }
  return [...groups.values()].sort((a, b) => b.failures.length - a.failures.length)
}

function causeOf({ actual, message }: VectorFailure): string {
  return lastLine(saidIn(actual)) ?? message.replace(/^command \d+ /, '')
}

/** The client's message, for people; empty where it gave none. */
export function saidIn(actual: unknown): string {
  if (typeof actual !== 'object' || actual === null || !('message' in actual)) return ''
  return typeof actual.message === 'string' ? actual.message.trim() : ''
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '')
}

/**
 * The parts of one message that differ from vector to vector: addresses, paths, digests, numbers.
 */
function withoutDetails(text: string): string {
  return text
    .replaceAll(/[a-z]+:\/\/[^\s"']+/g, 'URL')
    .replaceAll(/(?:\/[^\s"'/:,;]+){2,}/g, 'PATH')
    .replaceAll(/\b[0-9a-f]{16,}\b/gi, 'HEX')
    .replaceAll(/\d+/g, 'N')
}
