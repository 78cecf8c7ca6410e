/** Errors about index pages and lock files. */

import { TufError } from './base.js'

/** Bytes that are not an index page (PEP 503, PEP 691) of the requested project. */
export class IndexPageError extends TufError {
  readonly code = 'ERR_TUF_PAGE_INVALID'
  /** The project, normalised. */
  readonly project: string
  /** The field, such as `files[3].hashes.sha256`; empty for the page as a whole. */
  readonly path: string
  readonly reason: string

  constructor(project: string, path: string, reason: string, options?: ErrorOptions) {
    const field = path === '' ? '' : `${path}: `
    super(`the index page of ${JSON.stringify(project)}: ${field}${reason}`, options)
    this.project = project
    this.path = path
    this.reason = reason
  }
}

/** A lock file, or a file that it includes, with a part that cannot be read. */
export class LockFileError extends TufError {
  readonly code = 'ERR_TUF_LOCK_INVALID'
  /** As it was given; for an included file its path beside that. */
  readonly file: string
  /** 1 is the first line; undefined when it is not known. */
  readonly line: number | undefined
  /**
   * The field, such as `package[3].files[0].hash`; undefined where the format does not name fields.
   */
  readonly path: string | undefined
  readonly reason: string

  constructor(
    place: { readonly file: string; readonly line?: number; readonly path?: string },
    reason: string,
    options?: ErrorOptions,
  ) {
    const { file, line, path } = place
    const start = line === undefined ? file : `${file}:${line}`
    super(`${start}: ${path === undefined ? '' : `${path}: `}${reason}`, options)
    this.file = file
    this.line = line
    this.path = path
    this.reason = reason
  }
}
