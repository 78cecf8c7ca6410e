/** `trusted_root.json`, a target of Sigstore's own TUF repository, through an update cycle. */
import type { Repository } from '../client/repository.js'
import type { Store } from '../client/store.js'
import type { UpdaterOptions } from '../client/updater.js'
import { Updater } from '../platform/updater.js'
import { sigstoreInstances, type SigstoreInstanceName } from './instances.js'
import { firstRootBytes } from './roots/first-root.js'
import { parseTrustedRoot, type TrustedRoot } from './trusted-root.js'

/** Options of {@link sigstoreTrustedRoot}, all optional. The rest are those of `Updater`. */
export interface SigstoreOptions extends Omit<UpdaterOptions, 'metadataUrl' | 'canonicalForm'> {
  /** Default `public-good`. */
  readonly instance?: SigstoreInstanceName | undefined
  /** Of a mirror, or of an instance of your own, with its `root`. Default: of the instance. */
  readonly metadataUrl?: string | undefined
  /** Default: `targets/` below the metadata URL. */
  readonly targetsUrl?: string | undefined
  /** Where the file is kept for the modes `cached` and `offline`. Default: the `store`. */
  readonly targetStore?: Store | undefined
  /** As for `Updater.refresh`. Default `online`. */
  readonly mode?: 'online' | 'cached' | 'offline' | undefined
  /** The time of the cycle, as `now` of `Updater.refresh`. Default: as `now` says. */
  readonly fixedTime?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** The path of the target. */
export const trustedRootTarget = 'trusted_root.json'

/**
 * Sigstore's trusted root, as its repository vouches for it now: a whole update cycle (section 5) from
 * the root that comes with this package. With a store, rollback is noticed, and the modes `cached` and
 * `offline` work.
 *
 * @example
 * ```ts
 * import { fileStore } from 'tuffet/node'
 * import { sigstoreTrustedRoot } from 'tuffet/sigstore'
 *
 * const trustedRoot = await sigstoreTrustedRoot({ store: fileStore('sigstore') })
 * ```
 *
 * @throws all that `Updater.refresh` and `Repository.read` throw; TrustedRootError
 *   (`ERR_TUF_TRUSTED_ROOT_INVALID`) for a file that is not a trusted root
 */
export async function sigstoreTrustedRoot(options: SigstoreOptions = {}): Promise<TrustedRoot> {
  return (await loadTrustedRoot(options)).trustedRoot
}

/** The same, with the view that vouches for it. */
export async function loadTrustedRoot(
  options: SigstoreOptions,
): Promise<{ readonly trustedRoot: TrustedRoot; readonly repository: Repository }> {
  const { instance = 'public-good', mode, fixedTime, signal, store, ...rest } = options
  const { metadataUrl, root } = sigstoreInstances[instance]
  const base = withSlash(options.metadataUrl ?? metadataUrl)
  const updater = new Updater({
    ...rest,
    root: options.root ?? firstRootBytes(root),
    metadataUrl: base,
    targetsUrl: options.targetsUrl ?? `${base}targets/`,
    store,
    targetStore: options.targetStore ?? store,
  })
  const repository = await updater.refresh({ mode, now: fixedTime, signal })
  const trustedRoot = parseTrustedRoot(await repository.read(trustedRootTarget, { signal }))
  return { trustedRoot, repository }
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}
