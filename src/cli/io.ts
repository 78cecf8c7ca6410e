/** What a command sees of the world. Tests give another one than the process. */
import type { Fetcher } from '../client/fetcher.js'
import { maskCredentials } from '../pypi/mask-credentials.js'
import { printable } from './printable.js'

/** Where text goes. */
export interface Output {
  write(text: string): void
  /** Waits until there is room for more. */
  writeBytes(bytes: Uint8Array): Promise<void>
  /**
   * Waits until all of it is written.
   *
   * @throws OutputError when some was lost; nothing when nobody reads it any more
   */
  flush(): Promise<void>
  readonly isTerminal: boolean
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number
}

/** The world of one run. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  /** A function: asking for the process's own keeps it waiting. */
  readonly stdin: () => AsyncIterable<Uint8Array>
  /** Relative file names start here. */
  readonly folder: string
  /** The number of the user who runs it; undefined where the system has no such numbers. */
  readonly user: number | undefined
  /** Aborts when the user does not want to wait any more. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Default: the platform's. */
  readonly fetcher?: Fetcher
}

/**
 * The status a process ends with: 0 done, 1 refused (or input and output failed), 2 wrong usage;
 * of `pypi run`, that of its child.
 */
export type ExitStatus = number

/** URLs may have credentials. Names come from metadata that may not be believed: no line does more than be read. */
export function printLine(output: Output, line: string): void {
  output.write(`${printable(maskCredentials(line))}\n`)
}
