/** The result of reading a lock file of any format. */
import type { LockEntry } from './entry.js'

/** The supported formats, each named after its usual file. */
export type LockFormat =
  | 'requirements.txt'
  | 'Pipfile.lock'
  | 'poetry.lock'
  | 'pdm.lock'
  | 'uv.lock'
  | 'pylock.toml'
  | 'SHA256SUMS'

/** An option of requirements.txt that is of no single requirement. */
export interface LockOption {
  /** In its long form: `--index-url` for `-i`. */
  readonly name: string
  /** Undefined for options that take none. */
  readonly value?: string
  readonly source: string
  /** 1 is the first line. */
  readonly line: number
}

/** A lock file as it was read. */
export interface LockFile {
  /** As it was given. */
  readonly name: string
  readonly format: LockFormat
  /** The version of the format, as written, where files state one. */
  readonly formatVersion?: string
  /** In the order of the file; those of included files where they are included. */
  readonly entries: readonly LockEntry[]
  /**
   * The project that the lock file is of, where it is an entry too (uv.lock, pylock.toml): it is
   * the folder of the lock file and is not fetched.
   */
  readonly own?: LockEntry
  /** Entries whose marker is false in the given environment. */
  readonly skipped: readonly LockEntry[]
  /** The entries of `-c` files in requirements.txt: they do not install a project by themselves. */
  readonly constraints: readonly LockEntry[]
  /** Of requirements.txt and all that it includes, in the order in which pip meets them. */
  readonly options: readonly LockOption[]
  /** URLs of included files of which a copy was read. An installer fetches them itself. */
  readonly copied: readonly string[]
  /** URLs of every index that is named, each once. */
  readonly indexes: readonly string[]
}

/** @internal The result of one format's parser. */
export interface ParsedLock extends Partial<LockFile> {
  readonly entries: readonly LockEntry[]
}
