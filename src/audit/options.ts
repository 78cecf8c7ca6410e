/** The options of an audit, and the limits on its own work. */
import type { Fetcher } from '../client/fetcher.js'
import type { CanonicalForm } from '../core/json/canonical.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { checkInteger } from '../core/number-option.js'

/** Limits on the work of one audit. All optional in options. */
export interface AuditLimits {
  /** Requests, repeated ones not counted. Default 1,000,000. */
  readonly requests: number
  /** Bytes of all answers. Default 16,000,000,000. */
  readonly bytes: number
  /** Milliseconds in all. Default 3,600,000, an hour. */
  readonly time: number
  /** Bytes of one metadata file. Default 64,000,000. */
  readonly fileLength: number
  /** Roots that are followed. Default 4,096. */
  readonly roots: number
  /** Delegated roles that are loaded. Default 300,000. */
  readonly roles: number
  /** Delegations that are followed, in all roles. Default 1,000,000. */
  readonly edges: number
  /** Target paths that are compared with each other and with delegations. Default 2,000,000. */
  readonly targets: number
  /** Steps of comparing paths with patterns, in all. Default 1,000,000,000: about ten seconds. */
  readonly steps: number
  /**
   * Bytes that stay in memory up to the end, roughly: the snapshot, delegations, and the names of roles
   * and targets. Default 1,000,000,000.
   */
  readonly kept: number
  /** Findings of one kind that are kept; the others are counted. Default 20. */
  readonly findings: number
}

const defaults: AuditLimits = {
  requests: 1_000_000,
  bytes: 16_000_000_000,
  time: 3_600_000,
  fileLength: 64_000_000,
  roots: 4_096,
  roles: 300_000,
  edges: 1_000_000,
  targets: 2_000_000,
  steps: 1_000_000_000,
  kept: 1_000_000_000,
  findings: 20,
}

/** Which repository is audited, and how. */
export interface AuditOptions {
  /** Where `timestamp.json` is. */
  readonly metadataUrl: string
  /** Where target files are. Default: none is asked for. */
  readonly targetsUrl?: string | undefined
  /**
   * The root that clients have. Default: the first that the server has, which shows whether the
   * repository agrees with itself, and not whose it is.
   */
  readonly root?: Uint8Array | undefined
  /** Default: the platform's. */
  readonly fetcher?: Fetcher | undefined
  /** How often a failed request is repeated, as in `Updater`. Default 2. */
  readonly retries?: number | undefined
  /** Default: the platform's. */
  readonly cryptography?: Cryptography | undefined
  /** Default: OLPC canonical JSON. */
  readonly canonicalForm?: CanonicalForm | undefined
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: number | undefined
  /**
   * How many days before its expiry a file that the online key does not sign is reported. Default 14.
   */
  readonly days?: number | undefined
  /**
   * The same for single roles. Default: a quarter of a day for those that only keys of timestamp and
   * snapshot sign, since a machine renews them.
   */
  readonly daysOf?: Readonly<Record<string, number>> | undefined
  /** Whether target files have hash-prefixed names. Default: as root says. */
  readonly hashPrefix?: boolean | undefined
  /**
   * How many target files are read to their end and verified; no other is asked for then. Default:
   * every one is asked for, and its answer ended after its first bytes.
   */
  readonly sample?: number | undefined
  /** Chooses the sample: equal seeds choose equal files. Default `tuffet`. */
  readonly seed?: string | undefined
  /** How many requests are made at the same time. Default 8. */
  readonly concurrency?: number | undefined
  readonly limits?: { readonly [K in keyof AuditLimits]?: number | undefined } | undefined
  readonly signal?: AbortSignal | undefined
  /** Told of each role that was read. */
  readonly onRole?: ((role: string, counts: AuditCounts) => void) | undefined
}

/** The extent of an audit. */
export interface AuditCounts {
  readonly roots: number
  /** Delegated roles that were read. */
  readonly roles: number
  readonly edges: number
  readonly targets: number
  /** Target files that were asked for. */
  readonly asked: number
  /** Target files that were read to their end. */
  readonly read: number
  readonly requests: number
  readonly bytes: number
}

/** @throws RangeError for a limit that is not an integer of at least 0, or is not a limit */
export function resolveAuditLimits(given: AuditOptions['limits'] = {}): AuditLimits {
  const limits: { -readonly [K in keyof AuditLimits]: number } = { ...defaults }
  for (const [name, value] of Object.entries(given)) {
    if (!isLimit(name)) throw new RangeError(`${JSON.stringify(name)} is not a limit of an audit`)
    if (value !== undefined) limits[name] = checkInteger(`the limit ${name}`, value, 0)
  }
  return limits
}

function isLimit(name: string): name is keyof AuditLimits {
  return Object.hasOwn(defaults, name)
}
