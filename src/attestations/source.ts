/**
 * Where the attestations of a file come from. Rules for an index, which chooses its links:
 * - a link is followed to the page's own origin, or to one that the user allows, and so is a redirect;
 * - "not found" means "none" only where the page has no link: a link to nothing is a contradiction;
 * - a link that cannot be used never counts as "none", and any failure is an error.
 */
import { attestationBudget } from './budget.js'
import type { Fetcher } from '../client/fetcher.js'
import { fetchBytes } from '../client/fetch-bytes.js'
import { resolveLimits, type Limits } from '../client/limits.js'
import { originOf } from './origin.js'
import { joinUrl } from '../core/names.js'
import { isTufError } from '../errors.js'
import { defaultFetcher } from '#platform'

/** A file as an index lists it, for a judge. */
export interface AttestableFile {
  /** Normalised. */
  readonly project: string
  /** Normalised. */
  readonly version: string
  readonly filename: string
  /** Lower-case hexadecimal; undefined when neither page nor target list it. */
  readonly sha256: string | undefined
  /** The URL on the page, if it lists one. */
  readonly provenance?: string | undefined
  /** Why the page's link cannot be read; a clause. */
  readonly unreadableLink?: string | undefined
  /** The URL of the page, whose origin links may lead to. */
  readonly page?: string | undefined
}

/** The answer of a {@link ProvenanceSource}. */
export type ProvenanceAnswer =
  | { readonly provenance: Uint8Array }
  /** None; or none that can be used, and why: a clause. */
  | { readonly provenance: undefined; readonly unusable?: string | undefined }

/**
 * Brings the provenance object of a file, and does not judge it.
 *
 * @throws the errors of fetching it, and the signal's reason
 */
export type ProvenanceSource = (
  file: AttestableFile,
  signal: AbortSignal | undefined,
) => Promise<ProvenanceAnswer>

/** Options of {@link indexProvenance}. */
export interface IndexProvenanceOptions {
  /** The Integrity API, such as `https://pypi.org/integrity/`, for pages without links. */
  readonly integrityUrl?: string | undefined
  /**
   * Where links may lead besides the origin of their page, such as `https://pypi.org` for a mirror
   * that keeps its links. Default: nowhere.
   */
  readonly origins?: readonly string[] | undefined
  /** Default: the platform's. */
  readonly fetcher?: Fetcher | undefined
  /** Deadlines and rates, as for `Updater`. */
  readonly limits?: { readonly [K in keyof Limits]?: Limits[K] | undefined } | undefined
}

const mediaType = 'application/vnd.pypi.integrity.v1+json'

/**
 * The provenance that an index serves: at the link of the page, else at its Integrity API.
 *
 * @example
 * ```ts
 * import { attestationJudge, indexProvenance } from 'tuffet/attestations'
 * import { sigstoreTrustedRoot } from 'tuffet/sigstore'
 *
 * // A mirror whose pages link to PyPI.
 * const source = indexProvenance({ origins: ['https://pypi.org'] })
 * const judge = attestationJudge({ trustedRoot: await sigstoreTrustedRoot(), source })
 * ```
 *
 * @throws TypeError for text that is not an origin
 */
export function indexProvenance(options: IndexProvenanceOptions = {}): ProvenanceSource {
  const { fetcher = defaultFetcher(), integrityUrl } = options
  const { metadataDeadline: deadline, minimumRate, rateWindow } = resolveLimits(options.limits)
  const allowed = (options.origins ?? []).map(originOf)

  async function fetchFrom(
    url: string,
    origins: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array | undefined> {
    try {
      return await fetchBytes(fetcher, url, {
        kind: 'metadata',
        accept: mediaType,
        redirectOrigins: origins,
        maxLength: attestationBudget.provenanceLength,
        deadline,
        minimumRate,
        rateWindow,
        signal,
      })
    } catch (error) {
      // "Forbidden" is also what a firewall or a limit of rate says.
      const missing = isTufError(error) && error.code === 'ERR_TUF_FETCH_NOT_FOUND'
      if (missing && !('status' in error && error.status === 403)) return undefined
      throw error
    }
  }

  return async (file, signal) => {
    const { provenance: link, unreadableLink, page } = file
    if (unreadableLink !== undefined)
      return unusable(`its page links to it wrongly: ${unreadableLink}`)
    if (link !== undefined) {
      const origins = page === undefined ? allowed : [new URL(page).origin, ...allowed]
      const problem = problemOf(link, origins)
      if (problem !== undefined) return unusable(problem)
      const provenance = await fetchFrom(link, origins, signal)
      return provenance ? { provenance } : unusable('its page links to one that is not there')
    }
    if (integrityUrl === undefined) return { provenance: undefined }
    const segments = [file.project, file.version, file.filename].map(encodeURIComponent)
    const url = joinUrl(integrityUrl, [...segments, 'provenance'].join('/'))
    return { provenance: await fetchFrom(url, allowed, signal) }
  }
}

/** @internal */
export function unusable(reason: string): ProvenanceAnswer {
  return { provenance: undefined, unusable: reason }
}

function problemOf(link: string, origins: readonly string[]): string | undefined {
  if (!URL.canParse(link)) return 'its page links to no URL'
  const { origin, username, password } = new URL(link)
  if (username !== '' || password !== '') return 'its page links to a URL with credentials'
  if (origins.includes(origin)) return undefined
  return `its page links to ${origin}, which is not the origin of the page, and not one of "origins"`
}
