/** The conversation between the run and the process that tries mutants. */

/** To the process. */
export type Order =
  | { readonly kind: 'load'; readonly tree: string; readonly files: readonly string[] }
  | { readonly kind: 'cover'; readonly slowest: number }
  | {
      readonly kind: 'try'
      readonly mutant: string
      /** Ids. */
      readonly tests: readonly string[]
      /** A loop that asks its switch more often has no end. */
      readonly hitLimit: number
      /** Milliseconds a test. */
      readonly patience: number
    }

/** From it. */
export type Answer =
  | { readonly kind: 'loaded'; readonly tests: number; readonly atLoad: readonly string[] }
  | { readonly kind: 'covered'; readonly test: Covered }
  | { readonly kind: 'all-covered' }
  | {
      readonly kind: 'tried'
      readonly outcome: Outcome
      readonly by?: string
      readonly why?: string
    }

export type Outcome = 'killed' | 'survived' | 'timeout'

/** A test in the first look. */
export interface Covered {
  readonly id: string
  readonly file: string
  readonly passed: boolean
  readonly why?: string
  readonly milliseconds: number
  /** Mutant and how often. */
  readonly hits: readonly (readonly [string, number])[]
}
