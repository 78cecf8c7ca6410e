/** The tasks of a page and their figures, in milliseconds. */
import type { HashName } from 'tuffet/core'

export type Task =
  | { readonly cycle: CycleTask }
  | { readonly signature: SignatureTask }
  | { readonly digest: { readonly name: HashName; readonly length: number } }

export interface CycleTask {
  readonly metadataUrl: string
  readonly root: readonly number[]
  readonly now: number
  readonly path: string
}

/** A signature over so many bytes `a`. */
export interface SignatureTask {
  readonly jwk: JsonWebKey
  readonly length: number
  readonly signature: readonly number[]
}

export interface Both {
  readonly noble: number
  readonly web: number
}

export interface Watched {
  readonly blocked: number
  readonly all: number
}

export interface CycleFigures {
  readonly here: Watched
  /** With a worker. */
  readonly there: Watched
  /** Of `here`, and the number of signatures. */
  readonly spent: { readonly verify: number; readonly hash: number; readonly signatures: number }
}
