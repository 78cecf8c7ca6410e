/**
 * An index as it is (PEP 503, 691), without signatures. Rules:
 * - a page is believed as it comes: only an attestation can vouch for a file on it;
 * - the index is asked for JSON, which alone names sizes; HTML is read too;
 * - a page that the index does not have is an unlisted project; any other failure is an error;
 * - an index can hide files and versions, and nothing here notices.
 */
import { defaultCryptography, defaultFetcher } from '#platform'
import type { TargetSource } from '../client/download.js'
import { fetchBytes } from '../client/fetch-bytes.js'
import type { Fetcher } from '../client/fetcher.js'
import { resolveLimits, type Limits } from '../client/limits.js'
import type { AskOptions } from '../client/repository.js'
import type { TargetAddress } from '../client/target.js'
import { encodeHex } from '../core/bytes.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import type { TargetFile } from '../core/metadata/model.js'
import { checkBaseUrl, joinUrl } from '../core/names.js'
import { isTufError, TargetNotFoundError } from '../errors.js'
import type { Layout } from './layouts.js'
import { defaultPageLength } from './pages/index-page.js'
import { jsonPageType } from './pages/page-json.js'
import type { PageRepository } from './pages/project-pages.js'

/** Where PyPI has its pages. */
export const pypiIndexUrl = 'https://pypi.org/simple/'

/** Options of {@link PlainIndex}. */
export interface PlainIndexOptions {
  /** Where the pages of projects are, such as `https://pypi.org/simple/`. */
  readonly url: string
  /** Default: the platform's. */
  readonly fetcher?: Fetcher | undefined
  /** Default: the platform's. */
  readonly cryptography?: Cryptography | undefined
  /** Deadlines and rates, as for `Updater`. */
  readonly limits?: { readonly [K in keyof Limits]?: Limits[K] | undefined } | undefined
  /** The longest page, in bytes. Default 64,000,000. */
  readonly maxPageLength?: number | undefined
}

/** JSON first; `text/html` is what indexes served before PEP 691. */
const accepted = `${jsonPageType}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1`

/**
 * An index without signatures, for `PypiView` with `unsigned: true`. It has the shape of a verified
 * repository, and verifies nothing.
 *
 * @example
 * ```ts
 * import type { JudgeFile } from 'tuffet/attestations'
 * import { PlainIndex, plainIndexLayout, PypiView } from 'tuffet/pypi'
 *
 * declare const judge: JudgeFile // made by attestationJudge
 * const index = new PlainIndex({ url: 'https://pypi.org/simple/' })
 * const view = new PypiView(index, plainIndexLayout, { unsigned: true, judge })
 * console.log((await view.find('demo-1.0.tar.gz')).vouched?.attestation?.reason)
 * ```
 */
export class PlainIndex implements PageRepository {
  readonly url: string
  readonly #fetcher: Fetcher
  readonly #cryptography: Cryptography
  readonly #limits: Limits
  readonly #maxLength: number
  /** Pages that were found and not yet read. */
  readonly #found = new Map<string, Uint8Array>()

  /** @throws TypeError for a URL that cannot be a base; RangeError for a limit */
  constructor(options: PlainIndexOptions) {
    this.url = checkBaseUrl(options.url)
    this.#fetcher = options.fetcher ?? defaultFetcher()
    this.#cryptography = options.cryptography ?? defaultCryptography
    this.#limits = resolveLimits(options.limits)
    this.#maxLength = options.maxPageLength ?? defaultPageLength
  }

  /** The page of a project, by its normalised name; its length and hash are those of what came. */
  async find(project: string, options: AskOptions = {}): Promise<TargetFile | undefined> {
    let bytes
    try {
      bytes = await this.#fetch(project, options.signal)
    } catch (error) {
      const missing = isTufError(error) && error.code === 'ERR_TUF_FETCH_NOT_FOUND'
      if (missing && !('status' in error && error.status === 403)) return undefined
      throw error
    }
    this.#found.set(project, bytes)
    const sha256 = encodeHex(this.#cryptography.hash('sha256', bytes))
    return { path: project, length: bytes.length, hashes: new Map([['sha256', sha256]]) }
  }

  /** The bytes that `find` brought. */
  async read(project: string, options: AskOptions = {}): Promise<Uint8Array> {
    const found = this.#found.get(project)
    this.#found.delete(project)
    if (found !== undefined) return found
    try {
      return await this.#fetch(project, options.signal)
    } catch (error) {
      if (!isTufError(error) || error.code !== 'ERR_TUF_FETCH_NOT_FOUND') throw error
      throw new TargetNotFoundError(project)
    }
  }

  downloadSource(target: TargetFile, { url }: TargetAddress = {}): TargetSource {
    return {
      target,
      urls: [url ?? this.#pageUrl(target.path)],
      fetcher: this.#fetcher,
      cryptography: this.#cryptography,
      limits: this.#limits,
    }
  }

  #fetch(project: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { metadataDeadline: deadline, minimumRate, rateWindow } = this.#limits
    return fetchBytes(this.#fetcher, this.#pageUrl(project), {
      kind: 'metadata',
      accept: accepted,
      maxLength: this.#maxLength,
      deadline,
      minimumRate,
      rateWindow,
      signal,
    })
  }

  #pageUrl(project: string): string {
    return joinUrl(this.url, `${project}/`)
  }
}

/** The layout of a {@link PlainIndex}: pages by the normalised name of the project. */
export const plainIndexLayout: Layout = {
  name: 'index',
  filesAreTargets: false,
  pages: (project) => [{ path: project }],
  file: () => undefined,
}
