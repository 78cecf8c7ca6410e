/**
 * Repositories of PyPI's shape (PEP 458): offline root, targets and bins, one online key for
 * everything that changes daily, and thousands of hash bins, each made when it is first requested.
 */

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { createRepository, type RepositoryOptions } from './create.js'
import { ed25519Signer, seedFrom } from './keys.js'
import type { TestRepository } from './repository.js'
import type { TargetEntry } from './state.js'

/** All optional. Consistent snapshots and lifetimes default to the PEP's values. */
export interface Pep458Options extends RepositoryOptions {
  /** A power of two, 2 to 65,536. Default 16,384. */
  readonly bins?: number | undefined
  /**
   * - `path-hash-prefixes` (default): targets → `bins` → `0000-0003`, …, as Warehouse drafted it
   * - `succinct`: targets → `bins-0000`, …, as RSTUF does (TAP 15)
   */
  readonly layout?: 'path-hash-prefixes' | 'succinct' | undefined
  /** Made-up targets in each bin, for weight: PyPI of 2026 has about 1,083, 225 KB. Default 0. */
  readonly fillers?: number | undefined
}

/** Two offline keys, and both must sign: the (2, 2) of the PEP. */
const offline = { count: 2, threshold: 2 }

/**
 * A repository as PEP 458 describes it. Targets find their bin by themselves; publish it before
 * use. `tuffet/testing/node` offers a faster signer for making many bins.
 *
 * @example
 * ```ts runs
 * import { createPep458Repository } from 'tuffet/testing'
 *
 * const repository = createPep458Repository({ bins: 16 })
 * repository.addTarget('simple/requests/index.html', '<!DOCTYPE html>')
 * repository.publish()
 * ```
 */
export function createPep458Repository(options: Pep458Options = {}): TestRepository {
  const { bins = 16_384, layout = 'path-hash-prefixes', fillers = 0 } = options
  const { seed = 'tuffet', makeSigner = ed25519Signer, keys = {} } = options
  const online = { signers: [makeSigner(seedFrom(`${seed}/online`))] }
  const repo = createRepository({
    ...options,
    lifetimes: { ...options.lifetimes, snapshot: options.lifetimes?.snapshot ?? 1 },
    keys: {
      root: keys.root ?? offline,
      targets: keys.targets ?? offline,
      snapshot: keys.snapshot ?? online,
      timestamp: keys.timestamp ?? online,
    },
  })
  const daily = { ...online, lifetime: options.lifetimes?.delegated ?? 1 }
  if (layout === 'succinct') {
    repo.delegateSuccinct('targets', { bitLength: Math.log2(bins), ...daily })
  } else {
    // Every first digit is every path: a pattern would need the number of segments.
    const pathHashPrefixes = Array.from({ length: 16 }, (_, digit) => digit.toString(16))
    repo.delegate('targets', { name: 'bins', pathHashPrefixes, ...offline })
    repo.delegateHashBins('bins', { bins, ...daily })
  }
  if (fillers > 0) {
    for (const role of repo.roles()) {
      if (role === 'targets' || role === 'bins') continue
      repo.fill(role, () => fillerTargets(`${seed}/${role}`, fillers))
    }
  }
  return repo
}

/**
 * Made-up targets with paths, lengths and digests like those of wheels on PyPI, about 210 bytes
 * each in compact JSON. They lack content, and their paths spread over all bins.
 *
 * @example
 * ```ts runs
 * import { fillerTargets } from 'tuffet/testing'
 *
 * for (const [path, { length }] of fillerTargets('seed', 3)) console.debug(path, length)
 * ```
 */
export function* fillerTargets(seed: string, count: number): Generator<[string, TargetEntry]> {
  for (let i = 0; i < count; i++) {
    const digest = bytesToHex(sha256(utf8ToBytes(`${seed}/${i}`)))
    const content = bytesToHex(sha256(utf8ToBytes(`${seed}/${i}/content`)))
    const folder = `${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}`
    const length = 1_000_000 + (Number.parseInt(digest.slice(0, 8), 16) % 8_000_000)
    yield [`${folder}/filler_${i}-1.0-py3-none-any.whl`, { length, hashes: { sha256: content } }]
  }
}
