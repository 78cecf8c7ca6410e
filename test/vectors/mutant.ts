/** A client that is broken on purpose: this library with a few places of its source changed. */

export interface Mutant extends Edit {
  /** Its fault. */
  readonly name: string
  /** Where the specification says otherwise; vectors of this step are asked first. */
  readonly step: string
  /** Further changes that belong to it. */
  readonly also?: readonly Edit[]
  /** Weaknesses by this cause, as vectors are tagged with them. */
  readonly embodies?: readonly string[]
}

/** One place of the source, and its replacement. */
export interface Edit {
  /** Below `src/`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}
