/**
 * Asks a client the vectors and counts. It knows no folder, network or process: files come as
 * `parseVectorFile` gives them, the client as an adapter.
 */
import { checkInteger } from '../core/number-option.js'
import { isTufError } from '../errors.js'
import {
  VectorRefusal,
  VectorSkip,
  type VectorClient,
  type VectorFunction,
  type WorkflowSession,
} from './client.js'
import { countResults, type VectorCount } from './counts.js'
import { functionDifference, workflowDifference, type FunctionActual } from './compare.js'
import type {
  FunctionVector,
  VectorFile,
  VectorProfile,
  WorkflowOutcome,
  WorkflowStep,
  WorkflowVector,
} from './format.js'
import { VectorFileError } from './parse-file.js'

/** Which vectors are asked, and how. All optional. */
export interface RunOptions {
  /** Selects vectors with this text in their id, family, a tag or the id of a requirement. */
  readonly filter?: string | undefined
  /** Only those of these profiles. Default: all. */
  readonly profiles?: readonly VectorProfile[] | undefined
  /** How many are asked at the same time. Default 1. */
  readonly concurrency?: number | undefined
  /** Called for each, in the order in which they end. */
  readonly onResult?: ((result: VectorResult) => void) | undefined
  /** When it aborts, no further vector is asked, and the reason is thrown. */
  readonly signal?: AbortSignal | undefined
}

/** One vector and its origin. */
export type SelectedVector =
  | { readonly kind: 'function'; readonly family: string; readonly vector: FunctionVector }
  | { readonly kind: 'workflow'; readonly family: string; readonly vector: WorkflowVector }

/** A vector that was not answered as it must be. */
export interface VectorFailure {
  readonly id: string
  readonly family: string
  readonly profile: VectorProfile
  readonly title: string
  readonly requirements: readonly string[]
  /** One line: the difference, and the step of a workflow. */
  readonly message: string
  /** Of the step that failed. Data for JSON. */
  readonly expected: Pick<FunctionVector, 'result' | 'output'> | WorkflowOutcome
  /** The client's answer; undefined where it broke down. */
  readonly actual: unknown
}

/** A vector that was answered as it must be. */
export interface VectorPassed {
  readonly id: string
  readonly family: string
  readonly profile: VectorProfile
}

/** A vector that the client could not be asked. */
export interface VectorSkipped {
  readonly id: string
  readonly family: string
  readonly profile: VectorProfile
  readonly reason: string
}

/** The result of one vector. */
export type VectorResult =
  | ({ readonly outcome: 'passed' } & VectorPassed)
  | { readonly outcome: 'failed'; readonly failure: VectorFailure }
  | { readonly outcome: 'skipped'; readonly skip: VectorSkipped }

/** The result of a run; vectors that were not selected do not count. */
export interface VectorReport {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** The same numbers for each profile of each family, in the order of the files. */
  readonly counts: readonly VectorCount[]
  /** In the order of the files. */
  readonly failures: readonly VectorFailure[]
  readonly skips: readonly VectorSkipped[]
  /** Ids, in the order of the files. */
  readonly passes: readonly string[]
}

/**
 * Asks a client every selected vector.
 *
 * @throws VectorFileError for a file with another number of vectors than it states, and for an id
 *   that occurs twice; RangeError for a concurrency below 1; the signal's reason
 *
 * @example
 * ```ts
 * import { runVectors, type VectorClient, type VectorFile } from 'tuffet/vectors'
 *
 * async function failed(files: readonly VectorFile[], client: VectorClient): Promise<number> {
 *   return (await runVectors(files, client)).failed
 * }
 * ```
 */
export async function runVectors(
  files: readonly VectorFile[],
  client: VectorClient,
  options: RunOptions = {},
): Promise<VectorReport> {
  const { concurrency = 1, onResult, signal } = options
  checkInteger('concurrency', concurrency, 1)
  const selected = selectVectors(files, options)
  const results: VectorResult[] = []
  const waiting = selected.entries()
  const work = async (): Promise<void> => {
    for (const [index, one] of waiting) {
      signal?.throwIfAborted()
      const result = await playVector(one, client)
      results[index] = result
      onResult?.(result)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return reportOf(results)
}

/**
 * The vectors that a run would ask, in order.
 *
 * @throws VectorFileError as {@link runVectors}
 */
export function selectVectors(
  files: readonly VectorFile[],
  options: Pick<RunOptions, 'filter' | 'profiles'> = {},
): SelectedVector[] {
  const all = files.flatMap(vectorsOf)
  const ids = new Set<string>()
  for (const { vector } of all) {
    if (ids.has(vector.id)) throw new VectorFileError(`two vectors share the id ${vector.id}`)
    ids.add(vector.id)
  }
  const { filter, profiles } = options
  return all.filter(({ family, vector }) => {
    if (profiles && !profiles.includes(vector.profile)) return false
    const { id, tags = [], requirements } = vector
    return (
      filter === undefined ||
      [id, family, ...tags, ...requirements].some((text) => text.includes(filter))
    )
  })
}

function vectorsOf(file: VectorFile): SelectedVector[] {
  const { family, count, vectors } = file
  if (count !== vectors.length) {
    throw new VectorFileError(`${family}: count is ${count}, there are ${vectors.length}`)
  }
  return file.kind === 'function'
    ? file.vectors.map((vector) => ({ kind: file.kind, family, vector }))
    : file.vectors.map((vector) => ({ kind: file.kind, family, vector }))
}

/** Asks a client one vector. An error instead of an answer is a failure. */
export async function playVector(
  selected: SelectedVector,
  client: VectorClient,
): Promise<VectorResult> {
  const { family, vector } = selected
  const { id, title, requirements, profile } = vector
  const place = { id, family, profile }
  try {
    const difference =
      selected.kind === 'function'
        ? await playFunction(selected.vector, client.functions?.[family])
        : await playWorkflow(selected.vector, client)
    if (difference === undefined) return { outcome: 'passed', ...place }
    return { outcome: 'failed', failure: { ...place, title, requirements, ...difference } }
  } catch (error) {
    if (!(error instanceof VectorSkip)) throw error
    return { outcome: 'skipped', skip: { ...place, reason: error.message } }
  }
}

type Difference = Pick<VectorFailure, 'message' | 'expected' | 'actual'>

async function playFunction(
  vector: FunctionVector,
  answer: VectorFunction | undefined,
): Promise<Difference | undefined> {
  if (!answer) throw new VectorSkip('the client lacks a function for this family')
  const { result, output } = vector
  const expected = { result, ...(output !== undefined && { output }) }
  let actual: FunctionActual
  try {
    actual = { result: 'accepted', output: (await answer(vector.input)) ?? undefined }
  } catch (error) {
    if (error instanceof VectorSkip) throw error
    if (!(error instanceof VectorRefusal) && !isTufError(error)) return broken(error, expected)
    actual = { result: 'refused' }
  }
  const message = functionDifference(expected, actual)
  return message === undefined ? undefined : { message, expected, actual }
}

async function playWorkflow(
  vector: WorkflowVector,
  client: VectorClient,
): Promise<Difference | undefined> {
  if (!client.startWorkflow) throw new VectorSkip('the client lacks an update cycle')
  const session = await client.startWorkflow(vector)
  try {
    for (const [index, step] of vector.steps.entries()) {
      const difference = await playStep(step, session)
      if (!difference) continue
      const at = vector.steps.length > 1 ? `command ${index + 1} ` : ''
      return { ...difference, message: at + difference.message }
    }
    return undefined
  } finally {
    await session.close()
  }
}

async function playStep(
  step: WorkflowStep,
  session: WorkflowSession,
): Promise<Difference | undefined> {
  const expected = step.expect
  try {
    const actual = await session.run(step)
    const message = workflowDifference(expected, actual)
    return message === undefined ? undefined : { message, expected, actual }
  } catch (error) {
    if (error instanceof VectorSkip) throw error
    return broken(error, expected)
  }
}

/** The client did not refuse: it fell over. */
function broken(error: unknown, expected: VectorFailure['expected']): Difference {
  return { message: `breaks down: ${String(error)}`, expected, actual: undefined }
}

function reportOf(results: readonly VectorResult[]): VectorReport {
  const failures = results.flatMap((one) => (one.outcome === 'failed' ? [one.failure] : []))
  const skips = results.flatMap((one) => (one.outcome === 'skipped' ? [one.skip] : []))
  const passes = results.flatMap((one) => (one.outcome === 'passed' ? [one.id] : []))
  return {
    passed: passes.length,
    failed: failures.length,
    skipped: skips.length,
    counts: countResults(results),
    failures,
    skips,
    passes,
  }
}
