/**
 * Files verified without a network, with what an offline bundle has: pages, attestations, and the files
 * that lead to Sigstore's trusted root. Rules:
 * - the bundle is an index that nobody vouches for: all that holds for one, holds for it;
 * - `trusted_root.json` in it counts by a whole update cycle, from the root that this package has, with the floors
 *   of the caller's store;
 * - an attestation is absent only where the bundle's page lists the file without a link.
 */
import { unusable, type ProvenanceSource } from '../../attestations/source.js'
import type { Fetcher } from '../../client/fetcher.js'
import { attestationBudget } from '../../attestations/budget.js'
import { fetchBytes } from '../../client/fetch-bytes.js'
import { resolveLimits } from '../../client/limits.js'
import { memoryStore, type Store } from '../../client/store.js'
import { clockEntry } from '../../core/names.js'
import { isTufError } from '../../errors.js'
import { sigstoreTrustedRoot, type SigstoreOptions } from '../../sigstore/load-trusted-root.js'
import type { TrustedRoot } from '../../sigstore/trusted-root.js'
import { plainIndexLayout, PlainIndex } from '../plain-index.js'
import { ProjectPages } from '../pages/project-pages.js'
import { bundleFetcher, bundleUrl, checkBundle } from './folder.js'

/** How a bundle's trusted root is judged. The rest is as for `sigstoreTrustedRoot`. */
export interface BundleTrustOptions extends Omit<
  SigstoreOptions,
  'metadataUrl' | 'targetsUrl' | 'fetcher' | 'retries' | 'mode' | 'targetStore'
> {
  /**
   * Where floors against rollback are kept: the store that `sigstoreTrustedRoot` has online. At a
   * `fixedTime` it is read and not written. Default: memory, without floors.
   */
  readonly store?: Store | undefined
}

/** An offline bundle. */
export interface OfflineBundle {
  /** Its pages, as an index without signatures. Files cannot be fetched. */
  readonly index: PlainIndex
  /** Its attestations, for `attestationJudge`. */
  readonly source: ProvenanceSource
  /**
   * Sigstore's trusted root, through an update cycle over the bundle's files.
   *
   * @throws as `sigstoreTrustedRoot`: ExpiredError (`ERR_TUF_EXPIRED`) for an old bundle, RollbackError
   *   (`ERR_TUF_ROLLBACK`) for one that is older than the store
   */
  trustedRoot(options?: BundleTrustOptions): Promise<TrustedRoot>
}

/**
 * Opens a folder that `writeOfflineBundle` or `tuffet pypi bundle` wrote. Nothing in it is believed.
 *
 * @example
 * ```ts
 * import { attestationJudge } from 'tuffet/attestations'
 * import { fileStore } from 'tuffet/node'
 * import { openOfflineBundle, plainIndexLayout, PypiView } from 'tuffet/pypi'
 *
 * const bundle = openOfflineBundle('attestations')
 * const trustedRoot = await bundle.trustedRoot({ store: fileStore('sigstore') })
 * const judge = attestationJudge({ trustedRoot, source: bundle.source })
 * const view = new PypiView(bundle.index, plainIndexLayout, { unsigned: true, judge })
 * console.log((await view.verifyFile('wheels/demo-1.0-py3-none-any.whl')).verdict)
 * ```
 *
 * @throws FetchFailedError (`ERR_TUF_FETCH_FAILED`) for a folder that is not a bundle, or one with links
 */
export function openOfflineBundle(folder: string): OfflineBundle {
  checkBundle(folder)
  const fetcher = bundleFetcher(folder)
  const index = new PlainIndex({ url: `${bundleUrl}simple/`, fetcher })
  return {
    index,
    source: bundleSource(fetcher, index),
    trustedRoot({ store = memoryStore(), ...options } = {}) {
      return sigstoreTrustedRoot({
        ...options,
        store: options.fixedTime === undefined ? store : lookingBack(store),
        metadataUrl: `${bundleUrl}sigstore/`,
        fetcher,
        retries: 0,
      })
    },
  }
}

/** By the SHA-256, so that it serves a TUF repository's files too, whatever their pages link to. */
function bundleSource(fetcher: Fetcher, index: PlainIndex): ProvenanceSource {
  const { metadataDeadline: deadline, minimumRate, rateWindow } = resolveLimits()
  const pages = new ProjectPages(index, plainIndexLayout, { unsigned: true })
  const maxLength = attestationBudget.provenanceLength
  return async (file, signal) => {
    const { project, filename, sha256 = '' } = file
    const url = `${bundleUrl}provenance/${sha256}.json`
    const limits = { maxLength, deadline, minimumRate, rateWindow, signal }
    try {
      return { provenance: await fetchBytes(fetcher, url, { kind: 'metadata', ...limits }) }
    } catch (error) {
      if (!isTufError(error) || error.code !== 'ERR_TUF_FETCH_NOT_FOUND') throw error
    }
    const page = await pages.get(project, signal)
    const entry = page?.files.get(filename)
    const isListed = entry !== undefined && entry.hashes.get('sha256') === sha256
    const isLeftOut = page?.page.leftOut?.some(({ name }) => name === filename) === true
    const isLinked = [entry, file].some((one) => one?.provenance !== undefined)
    return isListed && !isLinked && !isLeftOut && file.unreadableLink === undefined
      ? { provenance: undefined }
      : unusable('the bundle does not have its attestation')
  }
}

/** For a time that was asked for: floors are read, except that of the clock, and nothing is written. */
function lookingBack(store: Store): Store {
  const own = memoryStore()
  const changed = new Set<string>([clockEntry])
  return {
    get: (name, options) => (changed.has(name) ? own : store).get(name, options),
    set(name, bytes) {
      changed.add(name)
      return own.set(name, bytes)
    },
    delete(name) {
      changed.add(name)
      return own.delete(name)
    },
  }
}
