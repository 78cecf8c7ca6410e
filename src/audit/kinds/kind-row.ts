/** One row of the table of findings. */

/**
 * How much a finding matters.
 *
 * - `error`: clients refuse a file, or miss one, now
 * - `warning`: it needs a person: it will fail, or fails for some clients
 * - `notice`: worth knowing; it may be a choice
 */
export type Severity = 'error' | 'warning' | 'notice'

/** One kind of finding. */
export interface KindRow {
  readonly severity: Severity
  /** A sentence for every finding of the kind. */
  readonly about: string
  /** Advice for the operator. */
  readonly advice: string
  /** Vectors whose answers by other clients the kind stands for; `clients/answers.ts` has them. */
  readonly vectors?: readonly string[]
  /** Nobody needs to know where every known client agrees. */
  readonly onlyWithClients?: true
}
