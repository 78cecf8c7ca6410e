/** The runner's interface to a client under test. An adapter implements one or both halves. */
import type { JsonValue } from '../core/json/value.js'
import type { FunctionVector, WorkflowStep, WorkflowVector } from './format.js'

/** A client that can be asked vectors. */
export interface VectorClient {
  /** For reports: `python-tuf 7.0.0`. */
  readonly name: string
  /** By family. Vectors of a family that is not here are skipped. */
  readonly functions?: Readonly<Record<string, VectorFunction>> | undefined
  /** Without it workflow vectors are skipped. Called once for each vector. */
  startWorkflow?(vector: WorkflowVector): Promise<WorkflowSession>
}

/**
 * Answers the vectors of one family: the output, or undefined where a vector compares none. Throws
 * {@link VectorRefusal} (an error of this library will do) for an input that the client refuses,
 * and {@link VectorSkip} for one that it does not support. Every other error is a failure.
 */
export type VectorFunction = (
  input: FunctionVector['input'],
) => VectorAnswer | Promise<VectorAnswer>

/** The output of a function for an accepted input. */
export type VectorAnswer = JsonValue | undefined | void

/** One client with its own store, from its anchor through the steps of a vector. */
export interface WorkflowSession {
  /**
   * Applies the step's served and stored files, runs its command at its time, and returns the
   * outcome. Throws {@link VectorSkip} where that cannot be done.
   */
  run(step: WorkflowStep): Promise<WorkflowActual>
  /** Called once, also after a failure. */
  close(): Promise<void>
}

/**
 * The outcome of a command. A client leaves out fields that it cannot tell; they are not compared.
 */
export interface WorkflowActual {
  /** `refused-or-absent`: the client says no, and cannot say which of the two it is. */
  readonly result: 'accepted' | 'refused' | 'absent' | 'refused-or-absent'
  /** Where it was refused. */
  readonly step?: string | undefined
  readonly role?: string | undefined
  /** At least the roles of the expectation; null: not stored, or not readable as metadata. */
  readonly trusted?: Readonly<Record<string, number | null>> | undefined
  /** Of the file that the download left, even where it should not have left one. */
  readonly sha256?: string | undefined
  /** Metadata requests by name, in order. */
  readonly requests?: readonly string[] | undefined
  /** The client's message, for people. */
  readonly message?: string | undefined
}

/**
 * The client says that an input is wrong, or does not count.
 *
 * @example
 * ```ts runs
 * import { VectorRefusal, type VectorFunction } from 'tuffet/vectors'
 *
 * // A client that refuses every input of a family.
 * const refuse: VectorFunction = () => {
 *   throw new VectorRefusal('not supported by this client')
 * }
 * ```
 */
export class VectorRefusal extends Error {
  override get name(): string {
    return 'VectorRefusal'
  }
}

/**
 * The client cannot be asked this vector; the message says why.
 *
 * @example
 * ```ts runs
 * import { VectorSkip, type VectorFunction } from 'tuffet/vectors'
 *
 * // A client that has no such function.
 * const skip: VectorFunction = () => {
 *   throw new VectorSkip('no path patterns')
 * }
 * ```
 */
export class VectorSkip extends Error {
  override get name(): string {
    return 'VectorSkip'
  }
}
