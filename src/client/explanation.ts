/** Why a target is believed, as data: the chain of trust from the root to the file. */
import type {
  Root,
  Signed,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from '../core/metadata/model.js'
import type { SearchResult } from '../core/search/search.js'
import type { TargetsTrust, Trusted } from '../core/trust/phases.js'
import type { KeyReport } from '../errors.js'

/** One link of the chain: a metadata file, and the keys that vouch for it. */
export interface ExplainedRole {
  readonly role: string
  /** Whose table of keys was used: `root`, or the role that delegates to this one. */
  readonly delegator: string
  readonly version: number
  /** Milliseconds since 1970. */
  readonly expires: number
  readonly threshold: number
  /** Number of distinct keys that signed. */
  readonly signed: number
  /** The verdict on each key of the role. */
  readonly keys: readonly KeyReport[]
}

/** The verdict on one target path. */
export interface Explanation {
  readonly path: string
  /** The fixed time at which all of this held, in milliseconds since 1970. */
  readonly now: number
  /** Undefined when no role that may list the path does so. */
  readonly target?: TargetFile
  /** root → timestamp → snapshot → targets → … → the role that lists the target. */
  readonly chain: readonly ExplainedRole[]
  /** Every role that was searched, in order. */
  readonly searched: readonly string[]
}

/** Makes the explanation from believed values. It never judges. */
export function explanationOf(
  path: string,
  trust: TargetsTrust,
  result: SearchResult,
): Explanation {
  const top: readonly Trusted<Root | Timestamp | Snapshot | Targets>[] = [
    trust.root,
    trust.timestamp,
    trust.snapshot,
  ]
  const roles = result.target ? result.chain : [trust.targets]
  return {
    path,
    now: trust.now,
    ...(result.target && { target: result.target }),
    chain: [...top, ...roles].map(explainedRole),
    searched: result.visited,
  }
}

function explainedRole({ role, signed, report }: Trusted<Signed>): ExplainedRole {
  const { version, expires } = signed
  return { role, version, expires, ...report }
}
