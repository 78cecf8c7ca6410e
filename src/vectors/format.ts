/**
 * The vector files of `spec-vectors/` as types; `spec-vectors/README.md` explains them. The format
 * is made for clients in any language: plain JSON, no number above 2^53, no references.
 */
import type { JsonValue } from '../core/json/value.js'

/** The version of the format; a runner refuses any other. */
export const vectorFormat = 1

/**
 * Whose rule a vector tests.
 *
 * - `spec`: the specification decides, for every client
 * - `tap4`: several repositories, by a map file
 * - `tap12`: keyids are names, as in TAP 12
 * - `tap15`: succinct hash bin delegations
 * - `tap21`: ML-DSA
 * - `tuffet`: the specification leaves it open, or this library differs on purpose
 */
export type VectorProfile = 'spec' | 'tap4' | 'tap12' | 'tap15' | 'tap21' | 'tuffet'

/** Every profile. */
export const vectorProfiles: readonly VectorProfile[] = [
  'spec',
  'tap4',
  'tap12',
  'tap15',
  'tap21',
  'tuffet',
]

/** The members of every vector. */
export interface VectorCommon {
  /** Unique among all files, and stable: `json-duplicate-name`. */
  readonly id: string
  /** A sentence about behaviour. */
  readonly title: string
  /** Ids of `requirements.json` that this vector bears on. At least one. */
  readonly requirements: readonly string[]
  readonly profile: VectorProfile
  /**
   * Known weaknesses, `CVE-2020-6174`, and attacks: a client with one of them fails this vector.
   */
  readonly tags?: readonly string[]
  /** Where the outcome could be argued: the section, and why it is this one. */
  readonly note?: string
}

/** A question with one answer: no state, no network. */
export interface FunctionVector extends VectorCommon {
  /** The meaning depends on the family. */
  readonly input: { readonly [name: string]: JsonValue }
  /** `refused`: the input is an error, or does not count. */
  readonly result: 'accepted' | 'refused'
  /** The required output for an accepted input, where the family has outputs. */
  readonly output?: JsonValue
}

/** The bytes served or stored under a name. Text is UTF-8. */
export type VectorBody =
  | string
  | { readonly base64: string }
  /** `text` again and again until there are `length` bytes. */
  | { readonly repeat: string; readonly length: number }
  /** An HTTP status without a file. */
  | { readonly status: number }
  /** The connection is closed before the file is complete. */
  | { readonly disconnectAfter: number; readonly text: string }

/** One command to the client, and its required outcome. */
export interface WorkflowStep {
  /** The time at which the command runs: `2026-01-01T00:00:00Z`. */
  readonly time: string
  /**
   * Changes to the served files: `metadata/1.root.json`, `targets/dir/SHA256.name` → body, or null
   * for a file that is gone (404). Names are as in the URL, percent-encoded.
   */
  readonly serve?: { readonly [path: string]: VectorBody | null }
  /**
   * Changes to the client's stored files, made without its knowledge, by the names of the
   * conformance command line: `timestamp.json`. Null deletes.
   */
  readonly store?: { readonly [name: string]: VectorBody | null }
  /** `refresh` runs the cycle 5.1 to 5.6.6; a target path downloads it after a refresh (5.7). */
  readonly command: 'refresh' | { readonly download: string }
  readonly expect: WorkflowOutcome
}

/** The required outcome of a command. */
export interface WorkflowOutcome {
  /** `absent`: the cycle succeeds and the target does not exist (5.7.2). */
  readonly result: 'accepted' | 'refused' | 'absent'
  /** The step that refuses; information for people, and for clients that can tell. */
  readonly step?: string
  /** The role whose file is refused; likewise. */
  readonly role?: string
  /** Versions of the files that the client trusts and stores afterwards; null: not stored. */
  readonly trusted?: { readonly [role: string]: number | null }
  /** SHA-256 of the downloaded file, hexadecimal. */
  readonly sha256?: string
  /** Metadata requests in order, by name: `2.root.json`. Only where the order is specified. */
  readonly requests?: readonly string[]
}

/** A client from its anchor through some commands. */
export interface WorkflowVector extends VectorCommon {
  /** The root that came with the client (5.2). */
  readonly anchor: VectorBody
  readonly steps: readonly WorkflowStep[]
}

interface VectorFileCommon {
  readonly format: typeof vectorFormat
  /** The file's name without `.json`. */
  readonly family: string
  /** The subject of the family and, for functions, their input and output. */
  readonly about: string
  /** Number of vectors: a truncated file is noticed. */
  readonly count: number
}

/** One family of function vectors. */
export interface FunctionVectorFile extends VectorFileCommon {
  readonly kind: 'function'
  readonly vectors: readonly FunctionVector[]
}

/** One family of workflow vectors. */
export interface WorkflowVectorFile extends VectorFileCommon {
  readonly kind: 'workflow'
  readonly vectors: readonly WorkflowVector[]
}

/** A file of `spec-vectors/`. */
export type VectorFile = FunctionVectorFile | WorkflowVectorFile

/** A sentence of the specification that a client can be seen to obey. */
export interface Requirement {
  /** Step or section, and a word: `5.4.3.1-rollback`. */
  readonly id: string
  readonly level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY'
  /** In our words. */
  readonly text: string
  /** Vectors of one kind exist, those of the other (or of both) cannot: {@link reason}. */
  readonly only?: 'accepting' | 'refusing' | 'none'
  readonly reason?: string
}
