/** The settings of tuf-js, and their meaning as limits of this client. */
import { resolveLimits, type Limits } from '../index.js'

/** How requests are repeated, in the words of the package `retry`. */
export interface RetryTimeouts {
  /** Default 10. */
  readonly retries?: number | undefined
  /** The first wait, in milliseconds; each further one is twice as long. Default 500. */
  readonly minTimeout?: number | undefined
  /** The longest wait, in milliseconds. Default 60,000. */
  readonly maxTimeout?: number | undefined
  /** A hundred times, which is as often as this client asks again. */
  readonly forever?: boolean | undefined
  /** Not used: waits double. */
  readonly factor?: number | undefined
  /** Not used: a part of each wait is random. */
  readonly randomize?: boolean | undefined
  /** Not used. */
  readonly unref?: boolean | undefined
}

/** The value of `fetchRetry`: true is `forever`, a number `retries`. */
export type RetrySetting = boolean | number | RetryTimeouts

/** The settings of tuf-js. */
export interface Config {
  readonly maxRootRotations: number
  readonly maxDelegations: number
  /** Bytes, as all lengths; they also bound lengths that metadata states. */
  readonly rootMaxLength: number
  readonly timestampMaxLength: number
  readonly snapshotMaxLength: number
  readonly targetsMaxLength: number
  /** Whether consistent snapshots mean hash-prefixed target names. Default true. */
  readonly prefixTargetsWithHash: boolean
  /** Milliseconds for one attempt at a file; 0 or undefined: no time-out. Default 100,000. */
  readonly fetchTimeout: number | undefined
  /** Takes precedence over `fetchRetry`. */
  readonly fetchRetries: number | undefined
  readonly fetchRetry: RetrySetting | undefined
  /** Sent before this client's own. */
  readonly userAgent?: string | undefined
}

const limits = resolveLimits()

/** The settings that hold when none are given: tuf-js's, with the limits of this client. */
export const defaultConfig: Config = {
  maxRootRotations: limits.rootRotations,
  maxDelegations: limits.searchedRoles,
  rootMaxLength: limits.rootLength,
  timestampMaxLength: limits.timestampLength,
  snapshotMaxLength: limits.snapshotLength,
  targetsMaxLength: limits.targetsLength,
  prefixTargetsWithHash: true,
  fetchTimeout: 100_000,
  fetchRetries: undefined,
  fetchRetry: 2,
  userAgent: '',
}

/** Milliseconds: no fetch ends for its time, because each attempt has its own. */
const longestTime = 2 ** 31 - 1

/** @internal @param streams whether the rate of a download can be judged */
export function limitsOf(config: Config, streams: boolean): Limits {
  return resolveLimits({
    rootRotations: config.maxRootRotations,
    searchedRoles: config.maxDelegations,
    rootLength: config.rootMaxLength,
    timestampLength: config.timestampMaxLength,
    snapshotLength: config.snapshotMaxLength,
    targetsLength: config.targetsMaxLength,
    metadataDeadline: longestTime,
    minimumRate: streams ? undefined : 0,
  })
}
