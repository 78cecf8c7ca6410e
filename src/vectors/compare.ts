/**
 * Compares a client's answer with a vector's expectation: a sentence about the first difference.
 */
import type { JsonValue } from '../core/json/value.js'
import type { WorkflowActual } from './client.js'
import type { FunctionVector, WorkflowOutcome } from './format.js'

/** The outcome of a function vector. */
export type FunctionActual =
  | { readonly result: 'refused' }
  | { readonly result: 'accepted'; readonly output?: JsonValue | undefined }

/**
 * Undefined when the answer is the expected one. Names of an object may be in any order.
 *
 * @example
 * ```ts runs
 * import { functionDifference } from 'tuffet/vectors'
 *
 * functionDifference({ result: 'refused' }, { result: 'refused' }) // undefined: they agree
 * ```
 */
export function functionDifference(
  expected: Pick<FunctionVector, 'result' | 'output'>,
  actual: FunctionActual,
): string | undefined {
  if (actual.result !== expected.result) {
    return `is ${actual.result}, must be ${expected.result}`
  }
  if (expected.output === undefined || actual.result === 'refused') return undefined
  if (actual.output === undefined) return 'gives no output'
  return sameJson(expected.output, actual.output) ? undefined : 'gives another output'
}

/**
 * Undefined when all that both sides tell is the same.
 *
 * @example
 * ```ts
 * import { workflowDifference, type WorkflowActual, type WorkflowOutcome } from 'tuffet/vectors'
 *
 * function assertSame(expected: WorkflowOutcome, actual: WorkflowActual): void {
 *   const difference = workflowDifference(expected, actual)
 *   if (difference !== undefined) throw new Error(difference)
 * }
 * ```
 */
export function workflowDifference(
  expected: WorkflowOutcome,
  actual: WorkflowActual,
): string | undefined {
  return (
    resultDifference(expected, actual) ??
    fileDifference(expected, actual) ??
    trustedDifference(expected, actual) ??
    requestsDifference(expected, actual) ??
    placeDifference(expected, actual)
  )
}

function resultDifference(expected: WorkflowOutcome, actual: WorkflowActual): string | undefined {
  if (actual.result === expected.result) return undefined
  if (actual.result === 'refused-or-absent' && expected.result !== 'accepted') return undefined
  return `is ${actual.result}, must be ${expected.result}`
}

/** 5.7: an unverified file must not stay, so an unexpected file is a difference too. */
function fileDifference(expected: WorkflowOutcome, actual: WorkflowActual): string | undefined {
  if (expected.sha256 === undefined) {
    return actual.sha256 === undefined ? undefined : 'left a file that must not be there'
  }
  if (actual.sha256 === expected.sha256) return undefined
  return actual.sha256 === undefined ? 'left no file' : 'left another file'
}

function trustedDifference(expected: WorkflowOutcome, actual: WorkflowActual): string | undefined {
  if (actual.trusted === undefined) return undefined
  for (const [role, version] of Object.entries(expected.trusted ?? {})) {
    const found = actual.trusted[role] ?? null
    if (found !== version) {
      return `trusts ${versionOf(role, found)}, must trust ${versionOf(role, version)}`
    }
  }
  return undefined
}

function versionOf(role: string, version: number | null): string {
  return version === null ? `no ${role}` : `version ${version} of ${role}`
}

function requestsDifference(expected: WorkflowOutcome, actual: WorkflowActual): string | undefined {
  if (expected.requests === undefined || actual.requests === undefined) return undefined
  if (sameJson(expected.requests, actual.requests)) return undefined
  return `asks for ${listed(actual.requests)}, must ask for ${listed(expected.requests)}`
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ')
}

function placeDifference(expected: WorkflowOutcome, actual: WorkflowActual): string | undefined {
  for (const what of ['role', 'step'] as const) {
    const [wanted, found] = [expected[what], actual[what]]
    if (wanted !== undefined && found !== undefined && wanted !== found) {
      return `is refused at ${what} ${found}, must be at ${wanted}`
    }
  }
  return undefined
}

/** Whether two JSON values are the same, whatever the order of names. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (isList(a) || isList(b)) {
    if (!isList(a) || !isList(b) || a.length !== b.length) return false
    const other = b
    return a.every((one, index) => {
      const counterpart = other[index]
      return counterpart !== undefined && sameJson(one, counterpart)
    })
  }
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every((name) => {
    const [one, counterpart] = [a[name], Object.hasOwn(b, name) ? b[name] : undefined]
    return one !== undefined && counterpart !== undefined && sameJson(one, counterpart)
  })
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
