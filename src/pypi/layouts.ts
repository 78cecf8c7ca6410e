/**
 * Locates index pages and files among a repository's targets. The PEP leaves that open and
 * implementations disagree, so the caller picks a layout:
 *
 * | layout | targets | a file is verified by | |---|---|---| | `pagesLayout` | pages (Warehouse's
 * draft) | the hashes on its verified page | | `pagesAndFilesLayout` | pages and files (PEP 458 in
 * full) | its page and its own target | | `rstufLayout` | the operator's choice | those of the two
 * that exist |
 */
import type { TargetAddress } from '../client/target.js'
import { blake2bOfUrl, blake2bPath } from './names/names.js'

/** @internal Why a project lacks a page, with the tried target paths. */
export function noPage(layout: Layout, project: string): string {
  const paths = layout.pages(project).map(({ path }) => path)
  if (paths.length === 0) return `the layout ${layout.name} lacks a template for index pages (page)`
  return `the repository has no page of ${project} (no target ${paths.join(', no target ')})`
}

/** A target path, and its URL if it is served elsewhere than the repository's targets. */
export interface LayoutAddress extends TargetAddress {
  readonly path: string
}

/** Where an index page is. */
export interface PageAddress extends LayoutAddress {
  /** Default: told by the first character. */
  readonly form?: 'json' | 'html' | undefined
  /** The base of relative URLs on the page. Default: the page's own URL. */
  readonly baseUrl?: string | undefined
}

/** The facts about a file that a layout may use for its target path. */
export interface FileQuestion {
  /** Normalised. */
  readonly project: string
  /** Normalised. */
  readonly version: string
  readonly filename: string
  /** As on its verified page. */
  readonly url?: string | undefined
  /** BLAKE2b-256 of its bytes, in hexadecimal, when those are at hand. */
  readonly blake2b?: string | undefined
}

/** A layout of one's own is any object like this. All paths are target paths, not encoded. */
export interface Layout {
  /** For messages. */
  readonly name: string
  /**
   * Where the page of a project may be: the first that is a target is the page. Empty: pages are
   * not targets, and a file is known by its own target alone.
   */
  pages(project: string): readonly PageAddress[]
  /**
   * Whether files are targets themselves: a file on a page that is not a target is not covered yet.
   */
  readonly filesAreTargets: boolean
  /**
   * Where a file is; undefined when that takes more than is known of it. Where files are not targets
   * only a URL counts, in place of the page's.
   */
  file(question: FileQuestion): LayoutAddress | undefined
}

/**
 * Options of {@link pagesLayout}. Templates may contain `{project}`; those for files also
 * `{version}`, `{filename}`, `{blake2b}` (64 digits), `{blake2b_path}` (`ab/cd/…`) and `{url}` (as
 * on the page).
 */
export interface PagesLayoutOptions {
  /** Template of the target path of a page; of several the first that is a target counts. */
  readonly page?: string | readonly string[] | undefined
  /** Template of a page's whole URL. Default: below the repository's targets URL. */
  readonly pageUrl?: string | undefined
  /** Whether the names of pages are hash-prefixed. Default: as in the repository. */
  readonly pageHashPrefix?: boolean | undefined
  /** Default: told by the first character. */
  readonly form?: 'json' | 'html' | undefined
  /** Template of the base of relative URLs on a page. Default: its own URL. */
  readonly baseUrl?: string | undefined
  /**
   * Template of a file's whole URL, as of a mirror; `{url}` is the page's. Default: the page's URL, or
   * below the targets URL where files are targets.
   */
  readonly fileUrl?: string | undefined
}

/** Options of {@link pagesAndFilesLayout}: those for files besides those for pages. */
export interface FilesLayoutOptions extends PagesLayoutOptions {
  /** Template of the target path of a file. */
  readonly file?: string | undefined
  /** Whether the names of files are hash-prefixed. Default: as in the repository. */
  readonly fileHashPrefix?: boolean | undefined
}

/**
 * Pages alone are targets, by default under the normalised name of the project; files are fetched
 * from where the page says and verified by the hashes on it.
 *
 * @throws TypeError for an invalid template
 *
 * @example
 * ```ts runs
 * import { pagesLayout } from 'tuffet/pypi'
 *
 * const layout = pagesLayout({ page: 'simple/{project}/index.html' })
 * ```
 */
export function pagesLayout(options: PagesLayoutOptions = {}): Layout {
  const { page = '{project}' } = options
  return templateLayout('pages', { ...options, page })
}

/**
 * Pages and files are targets: by default `<project>/index.html`, and `ab/cd/<60
 * digits>/<filename>` with the digits of the file's BLAKE2b-256. A page and a target must agree
 * about a file.
 *
 * @throws TypeError for an invalid template
 *
 * @example
 * ```ts runs
 * import { pagesAndFilesLayout } from 'tuffet/pypi'
 *
 * const layout = pagesAndFilesLayout({ file: 'packages/{filename}' })
 * ```
 */
export function pagesAndFilesLayout(options: FilesLayoutOptions = {}): Layout {
  const { page = '{project}/index.html', file = '{blake2b_path}/{filename}' } = options
  return templateLayout('pages-and-files', { ...options, page, file })
}

/**
 * Paths as registered with RSTUF, which does not fix them: at least one of `page` and `file`. RSTUF
 * does not serve target files, so they usually keep their plain names: then the updater needs
 * `hashPrefix: false`.
 *
 * @throws TypeError without either, or for an invalid template
 *
 * @example
 * ```ts runs
 * import { rstufLayout } from 'tuffet/pypi'
 *
 * const layout = rstufLayout({ page: 'simple/{project}/index.html', file: 'packages/{filename}' })
 * ```
 */
export function rstufLayout(options: FilesLayoutOptions): Layout {
  const { page, file } = options
  if (page === undefined && file === undefined) {
    throw new TypeError('the rstuf layout needs a template for pages, for files, or for both')
  }
  return templateLayout('rstuf', options)
}

function templateLayout(name: string, options: FilesLayoutOptions): Layout {
  const { page = [], form, pageHashPrefix, fileHashPrefix } = options
  const pagePaths = [page].flat().map((text) => template(text, pageFields))
  const pageUrl = template(options.pageUrl, pageFields)
  const baseUrl = template(options.baseUrl, pageFields)
  const filePath = template(options.file, fileFields)
  const fileUrl = template(options.fileUrl, fileFields)
  return {
    name,
    filesAreTargets: options.file !== undefined,
    pages: (project) =>
      pagePaths.map((path) => ({
        path: path({ project }) ?? '',
        ...defined('url', pageUrl({ project })),
        ...defined('baseUrl', baseUrl({ project })),
        ...defined('hashPrefix', pageHashPrefix),
        ...defined('form', form),
      })),
    file(question) {
      const { project, version, filename, url } = question
      const blake2b = question.blake2b ?? (url === undefined ? undefined : blake2bOfUrl(url))
      const digest = blake2b === undefined ? {} : { blake2b, blake2b_path: blake2bPath(blake2b) }
      const fields = { project, version, ...defined('url', url), ...digest }
      const path = filePath({ ...fields, filename })
      const address = fileUrl({ ...fields, filename: encodeURIComponent(filename) })
      if (options.file === undefined)
        return address === undefined ? undefined : { path: '', url: address }
      if (path === undefined) return undefined
      return { path, ...defined('url', address), ...defined('hashPrefix', fileHashPrefix) }
    },
  }
}

type Fields = Readonly<Record<string, string>>

const pageFields = ['project']
const fileFields = ['project', 'version', 'filename', 'blake2b', 'blake2b_path', 'url']

/** Fills a template; undefined when there is no template or a field of it is unknown. */
function template(
  text: string | undefined,
  names: readonly string[],
): (fields: Fields) => string | undefined {
  // Errors and events show URLs. Slashes before a host do not count, and `\` is one.
  if (/^[a-z][a-z0-9+.-]*:[/\\]{2,}[^/\\]*@/i.test(text ?? '')) {
    throw new TypeError('the URL of a layout must not contain credentials')
  }
  const parts = text?.split(/\{([^{}]*)\}/) ?? []
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1 ? !names.includes(part) : /[{}]/.test(part)) {
      throw new TypeError(`${JSON.stringify(text)}: the fields are {${names.join('}, {')}}`)
    }
  }
  return (fields) => {
    if (text === undefined) return undefined
    const filled = parts.map((part, index) => (index % 2 === 1 ? fields[part] : part))
    return filled.includes(undefined) ? undefined : filled.join('')
  }
}

function defined<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [key in Name]?: Value } {
  const field: { [key in Name]?: Value } = {}
  if (value !== undefined) field[name] = value
  return field
}
