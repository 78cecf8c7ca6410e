/** Where a target is and how it is fetched, for programs that know the target without a view. */
import { defaultCryptography, defaultFetcher } from '#platform'
import { type TargetSource } from '../client/download.js'
import type { Fetcher } from '../client/fetcher.js'
import { resolveLimits, type Limits } from '../client/limits.js'
import { retrying } from '../client/retry.js'
import { sourceOf } from '../client/target.js'
import { checkBaseUrl } from '../core/names.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import type { TargetFile } from '../core/metadata/model.js'

/** Options of {@link targetSource}. */
export interface TargetSourceOptions {
  /** Where target files are. */
  readonly targetsUrl: string
  /** Whether file names are hash-prefixed (6.2). Default true. */
  readonly hashPrefix?: boolean | undefined
  /** Default: over the platform's `fetch`, with requests repeated as `retrying` does. */
  readonly fetcher?: Fetcher | undefined
  /** Default: the platform's. */
  readonly cryptography?: Cryptography | undefined
  readonly limits?: { readonly [K in keyof Limits]?: Limits[K] | undefined } | undefined
}

/**
 * The source of a target whose length and hashes the program has from somewhere that it trusts: a
 * view of before, a signed statement, its own settings. A `Repository` makes the source of a target
 * that it lists (`downloadSource`). The bytes are judged by that length and those hashes alone: no
 * update cycle runs, so nothing says whether the repository still lists them.
 *
 * @throws NameUnsafeError; TypeError for a URL that cannot be a base, and for a target without a
 *   length or hashes; RangeError for a limit out of range
 *
 * @example
 * ```ts
 * import { targetSource, type TargetFile } from 'tuffet'
 * import { downloadFile } from 'tuffet/node'
 *
 * async function fetchPinned(target: TargetFile): Promise<void> {
 *   const targetsUrl = 'https://tuf.example.com/targets/'
 *   const source = targetSource(target, { targetsUrl })
 *   await downloadFile({ downloadSource: () => source }, target, 'pinned.whl')
 * }
 * ```
 */
export function targetSource(target: TargetFile, options: TargetSourceOptions): TargetSource {
  const { fetcher = retrying(defaultFetcher()), cryptography = defaultCryptography } = options
  return sourceOf(target, {
    fetcher,
    cryptography,
    limits: resolveLimits(options.limits),
    targetsUrl: checkBaseUrl(options.targetsUrl),
    hashPrefix: options.hashPrefix ?? true,
  })
}
