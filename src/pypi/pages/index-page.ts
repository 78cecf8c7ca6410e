/**
 * The index page of a project (the Simple API, PEP 503, 691 and later ones): its model, and the
 * rules that its two forms share.
 */
import { checkInteger } from '../../core/number-option.js'
import { IndexPageError } from '../../errors.js'
import { normalizeName } from '../names/names.js'

/** One file of a project. Optional fields are absent where the page lacks them. */
export interface IndexFile {
  /** A plain file name. */
  readonly filename: string
  /** Absolute, http or https, without a fragment. */
  readonly url: string
  /** Name → lower-case hexadecimal digest; may be empty. */
  readonly hashes: ReadonlyMap<string, string>
  /** PEP 345: a specifier such as `>=3.9`. */
  readonly requiresPython?: string
  /** PEP 714: whether `<url>.metadata` is there, and its hashes when they are known. */
  readonly coreMetadata?: boolean | ReadonlyMap<string, string>
  /** PEP 592: a text is the reason, and is not empty. */
  readonly yanked?: boolean | string
  /** Bytes (PEP 700). */
  readonly size?: number
  /** As it is written (PEP 700). */
  readonly uploadTime?: string
  /** Absolute URL of the attestations (PEP 740). */
  readonly provenance?: string
  /** Further members of the file on a JSON page. */
  readonly other?: ReadonlyMap<string, unknown>
}

/**
 * An entry of a page, or a part of one, that was not understood. The page does not vouch for it.
 */
export interface LeftOut {
  /** The field, such as `files[3].hashes.sha256` or `a[3].href`. */
  readonly path: string
  /** The file's name, or the link's text, as written; empty where it is missing. */
  readonly name: string
  /** A clause. */
  readonly reason: string
  /** `file`: the page is read as if it did not list it. Else the file stays, without this. */
  readonly part: 'file' | 'core-metadata' | 'provenance'
}

/** The page of one project. */
export interface IndexPage {
  /** Of the page's form; its major number is 1. */
  readonly apiVersion: string
  /** Normalised (PEP 503). */
  readonly project: string
  readonly files: readonly IndexFile[]
  /** Entries that were not understood, in the order of the page; absent if all were understood. */
  readonly leftOut?: readonly LeftOut[]
  /** PEP 700; absent in HTML. */
  readonly versions?: readonly string[]
  /** PEP 792. */
  readonly projectStatus?: { readonly status: string; readonly reason?: string }
  /** Further members of `meta` on a JSON page. */
  readonly meta?: ReadonlyMap<string, unknown>
  /** Further members of a JSON page. */
  readonly other?: ReadonlyMap<string, unknown>
}

/** How a page is read. */
export interface ParsePageOptions {
  /** The project of the page. */
  readonly project: string
  /** The base of relative URLs: the page's URL on its index. */
  readonly baseUrl: string
  /** The longest page, in bytes. Default 64,000,000: three times the longest on PyPI. */
  readonly maxLength?: number | undefined
}

/** @internal The longest page by default. */
export const defaultPageLength = 64_000_000

/** @internal Refuses the page for a reason. */
export class PageReader {
  readonly project: string
  readonly text: string
  readonly leftOut: LeftOut[] = []
  baseUrl: string

  /** @throws IndexPageError for bytes that are too many or not UTF-8, NameUnsafeError */
  constructor(bytes: Uint8Array, options: ParsePageOptions) {
    const { project, baseUrl, maxLength = defaultPageLength } = options
    this.project = normalizeName(project)
    this.baseUrl = baseUrl
    checkInteger('maxLength', maxLength, 0)
    if (bytes.length > maxLength) {
      throw this.refusal('', `it is ${bytes.length} bytes long, more than ${maxLength}`)
    }
    try {
      this.text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch (error) {
      throw this.refusal('', 'it is not UTF-8', { cause: error })
    }
  }

  /** One odd entry must not take the whole page away: undefined, and kept in `leftOut`. */
  attempt<T>(part: LeftOut['part'], name: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof IndexPageError)) throw error
      this.leftOut.push({ path: error.path, name: name.slice(0, 255), reason: error.reason, part })
      return undefined
    }
  }

  refusal(path: string, reason: string, options?: ErrorOptions): IndexPageError {
    return new IndexPageError(this.project, path, reason, options)
  }

  apiVersion(version: string, path: string): string {
    const major = /^(\d+)\.\d+$/.exec(version)?.[1]
    if (major === '1') return version
    throw this.refusal(
      path,
      `version ${JSON.stringify(version)} is not supported; this client reads 1.x`,
    )
  }

  url(text: string, path: string): URL {
    let url
    try {
      url = new URL(text, this.baseUrl)
    } catch (error) {
      throw this.refusal(path, 'it is not a URL', { cause: error })
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      throw this.refusal(path, `a URL with ${url.protocol} is not followed`)
    }
    return url
  }

  /** Names and digests are compared in lower case. */
  hash(name: string, digest: string, path: string): [name: string, digest: string] {
    if (/^(?:[0-9a-f]{2})+$/i.test(digest)) return [name.toLowerCase(), digest.toLowerCase()]
    throw this.refusal(path, 'it is not hexadecimal')
  }
}

/** Where a client is to find a file, instead of the place that the page gives. */
export type MapFileUrl = (file: IndexFile) => string

/** How a page is written. */
export interface WritePageOptions {
  /**
   * The URL to write for each file; installers look for its core metadata at the same URL with
   * `.metadata` appended. Default: the file's own.
   */
  readonly fileUrl?: MapFileUrl | undefined
}

/** @internal */
export function ownUrl({ url }: IndexFile): string {
  return url
}
