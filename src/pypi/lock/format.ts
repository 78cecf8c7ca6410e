/** How a format of lock files is recognised and read. Each format is one such value. */
import type { LockEntry, ParsedLock } from './entry.js'
import type { LockContent } from './content.js'
import type { LockTable } from './table.js'

/** Functions and facts of the caller. */
export interface LockPorts {
  /** The bytes of an included file. */
  read(path: string): Promise<Uint8Array>
  /** URL → the bytes of a local copy. */
  readonly copies?: ReadonlyMap<string, Uint8Array> | undefined
  /** Environment variables for `${NAME}`. */
  readonly variables: Readonly<Record<string, string | undefined>>
}

interface AnyFormat {
  /** The names of its files, without a folder. A file of such a name is of this format. */
  readonly filenames?: RegExp
}

/** A format in TOML. */
export interface TomlFormat extends AnyFormat {
  readonly syntax: 'toml'
  /** Whether a file of another name is of this format. */
  matches(root: LockTable): boolean
  read(root: LockTable): ParsedLock
}

/** A format of another syntax. */
export interface TextFormat extends AnyFormat {
  readonly syntax: 'text'
  /** Whether a file of another name is of this format. */
  matches?(text: string): boolean
  read(content: LockContent, ports: LockPorts): ParsedLock | Promise<ParsedLock>
  /** Refuses entries that would all be installed and contradict each other. */
  refuseTogether?(entries: readonly LockEntry[]): void
}
