/** What a lock file says of one release of a project: the form that all lock files come down to. */

/** A file that a lock file names, or at least one of its hashes. */
export interface LockedFile {
  /** As it is written there, one plain segment; undefined in entries with `allFiles` alone. */
  readonly filename?: string
  /** Without its fragment. */
  readonly url?: string
  /** Bytes. */
  readonly size?: number
  /** Name → lower-case hexadecimal digest. Empty: the lock file says nothing of the content. */
  readonly hashes: ReadonlyMap<string, string>
}

/** One entry of a lock file. */
export interface LockEntry {
  /**
   * Normalised (PEP 503). Empty where nothing tells a project: the path of a folder, a URL or a
   * checksum of a file whose name is not that of a distribution.
   */
  readonly name: string
  /** As it is written there, without `==`; undefined where none is given. */
  readonly version: string | undefined
  readonly files: readonly LockedFile[]
  /**
   * `files` are hashes alone, any of which a file of the release may have (requirements.txt,
   * Pipfile.lock), not named files each of which must have its own.
   */
  readonly allFiles?: boolean
  /**
   * Where it comes from when that is no index: one URL, a version control system, or a path. Where
   * it has `files` too they can be compared like any others; without them nothing can.
   */
  readonly origin?: 'url' | 'vcs' | 'path'
  /** That URL or path, as it is written, without its fragment. */
  readonly location?: string
  /**
   * The folder inside that archive or checkout whose project is installed. No hash of the archive
   * says that it is the archive's own project.
   */
  readonly subdirectory?: string
  /**
   * The entry gives options to the build of a source distribution. They can name files that no hash
   * holds, so no hash says what is installed.
   */
  readonly buildOptions?: boolean
  /** The environment marker, as it is written. */
  readonly marker?: string
  /** The index that the entry names, when it names one. */
  readonly index?: string
  /** The lock file, or the file that it includes, as it was given. */
  readonly source?: string
  /** Where the entry starts in its source: 1 is the first line. */
  readonly line?: number
}
