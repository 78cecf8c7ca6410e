/**
 * The files of Sigstore's repository that lead to its trusted root, to be carried to a machine without a
 * network. They are no more believed there than those of a server: a reader runs the whole cycle on them.
 */
import { defaultCryptography } from '#platform'
import { memoryStore, readEntry } from '../client/store.js'
import { encodeHex } from '../core/bytes.js'
import { metadataFileName, storedRoleName, storedRootName } from '../core/names.js'
import { NotStoredError } from '../errors.js'
import { loadTrustedRoot, trustedRootTarget, type SigstoreOptions } from './load-trusted-root.js'
import type { TrustedRoot } from './trusted-root.js'

/** A trusted root, and the files that vouch for it. */
export interface TrustedRootChain {
  readonly trustedRoot: TrustedRoot
  /**
   * The name below the metadata URL → bytes, as a server has them: `16.root.json`, `timestamp.json`,
   * `targets/DIGEST.trusted_root.json`.
   */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** When the first of them expires, in milliseconds since 1970. */
  readonly expires: number
}

/** Bytes of one file; those of Sigstore have a tenth. */
const longestFile = 4_000_000

/**
 * Sigstore's trusted root as `sigstoreTrustedRoot` loads it, with the files of the update cycle: every root
 * since the one that this package starts from, timestamp, snapshot, targets, and the file itself. A mirror
 * that serves them is enough for the next `sigstoreTrustedRoot`, until the first of them expires.
 *
 * @example
 * ```ts
 * import { sigstoreTrustedRootChain } from 'tuffet/sigstore'
 *
 * const { files, expires } = await sigstoreTrustedRootChain()
 * console.log([...files.keys()], new Date(expires))
 * ```
 *
 * @throws as `sigstoreTrustedRoot`; NotStoredError (`ERR_TUF_NOT_STORED`) when another process changes
 *   the store meanwhile
 */
export async function sigstoreTrustedRootChain(
  options: SigstoreOptions = {},
): Promise<TrustedRootChain> {
  const { store = memoryStore(), cryptography = defaultCryptography, signal } = options
  const { trustedRoot, repository } = await loadTrustedRoot({ ...options, store })
  const digest = (text: string): string =>
    encodeHex(cryptography.hash('sha256', new TextEncoder().encode(text)))
  const files = new Map<string, Uint8Array>()
  const { version, consistentSnapshot } = repository.root
  for (let number = version; number > 0; number--) {
    const bytes = await readEntry(store, storedRootName(number), longestFile)
    if (bytes === undefined) break
    files.set(`${number}.root.json`, bytes)
  }
  const { chain, target } = await repository.explain(trustedRootTarget, { signal })
  for (const { role, version: number } of chain) {
    if (role === 'root') continue
    const entry = storedRoleName(role, digest)
    const bytes = await readEntry(store, entry, longestFile)
    if (bytes === undefined) throw new NotStoredError(entry)
    const versioned = consistentSnapshot && role !== 'timestamp'
    files.set(versioned ? metadataFileName(role, number) : metadataFileName(role), bytes)
  }
  const prefixes = [...(target?.hashes.values() ?? [])].map((hash) => `${hash}.`)
  for (const prefix of consistentSnapshot ? prefixes : ['']) {
    files.set(`targets/${prefix}${trustedRootTarget}`, trustedRoot.bytes)
  }
  return { trustedRoot, files, expires: Math.min(...chain.map(({ expires }) => expires)) }
}
