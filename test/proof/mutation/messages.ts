/** The conversation between the run and the process that tries mutants. */

/** To the process. */
export type Order =
  | { readonly kind: 'load'; readonly tree: string; readonly files: readonly string[] }
  | { readonly kind: 'cover'; readonly slowest: number }
  | {
      readonly kind: 'try'
      readonly mutant: string
      readonly tests: readonly Asked[]
      /** A loop that asks its switch more often within one test has no end. */
      readonly hitLimit: number
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

export interface Asked {
  readonly id: string
  /** Milliseconds, by the clock on the wall. */
  readonly patience: number
}

export type Outcome = 'killed' | 'survived' | 'timeout'

/** A test in the first look. */
export interface Covered {
  readonly id: string
  readonly file: string
  readonly passed: boolean
  readonly why?: string
  /** Of the process. */
  readonly milliseconds: number
  /** Milliseconds by the clock on the wall. */
  readonly wall: number
  /** Mutant and how often. */
  readonly hits: readonly (readonly [string, number])[]
}
