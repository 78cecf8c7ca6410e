/** What a lock file says, whatever its format. */
import type { PublisherPin } from '../../attestations/pins.js'

/** A file that a lock file names, or at least one of its hashes. */
export interface LockedFile {
  /** As it is written there, one plain segment; undefined in entries with `anyFile` alone. */
  readonly filename?: string
  /** Without its fragment. */
  readonly url?: string
  /** Bytes. */
  readonly size?: number
  /** Name → lower-case hexadecimal digest. Empty: the lock file does not fix the content. */
  readonly hashes: ReadonlyMap<string, string>
}

/** One entry of a lock file. */
export interface LockEntry {
  /**
   * Normalised (PEP 503). Empty where the project is unknown: for the path of a folder, or for a
   * URL or a checksum of a file that is not named like a distribution.
   */
  readonly name: string
  /** As it is written there, without `==`; undefined where none is given. */
  readonly version: string | undefined
  readonly files: readonly LockedFile[]
  /**
   * `files` are bare hashes, any of which a file of the release may match (requirements.txt,
   * Pipfile.lock), not named files that must each match their own.
   */
  readonly anyFile?: boolean
  /**
   * Where it comes from if not from an index: one URL, a version control system, or a path. Its
   * `files`, if listed, can be compared like any others.
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
   * The entry gives options to the build of a source distribution. They can name files outside
   * every hash, so the hashes do not fix the installed code.
   */
  readonly buildOptions?: boolean
  /**
   * The publishers that the lock file allows for its files (`attestation-identities` of
   * pylock.toml). They count where attestations do, for a project without a pin in the settings.
   */
  readonly identities?: readonly PublisherPin[]
  /** The environment marker, as it is written. */
  readonly marker?: string
  /** The index that the entry names, when it names one. */
  readonly index?: string
  /** The lock file, or the file that it includes, as it was given. */
  readonly source?: string
  /** Where the entry starts in its source: 1 is the first line. */
  readonly line?: number
}

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

/** @internal As in `LockFile`; a list that is absent is empty. */
export interface ParsedLock {
  readonly entries: readonly LockEntry[]
  readonly formatVersion?: string
  readonly own?: LockEntry
  readonly constraints?: readonly LockEntry[]
  readonly options?: readonly LockOption[]
  readonly copied?: readonly string[]
  readonly indexes?: readonly string[]
}
