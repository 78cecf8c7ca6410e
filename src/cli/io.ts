/** A command's view of the world. Tests replace the process by their own. */
import type { Fetcher } from '../client/fetcher.js'
import { maskCredentials } from '../errors/mask-credentials.js'
import { paint, type Line } from './paint.js'
import { printable } from '../words/printable.js'
import { unlimited } from './table.js'

/** An output for text. */
export interface Output {
  write(text: string): void
  /** Waits until there is room for more. */
  writeBytes(bytes: Uint8Array): Promise<void>
  /**
   * Waits until all of it is written.
   *
   * @throws OutputError when output was lost; not when the reader closed the pipe
   */
  flush(): Promise<void>
  readonly isTerminal: boolean
  /** Whether words may be painted. */
  readonly hasColours: boolean
  /** Width of the terminal; 80 without a terminal. */
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
  /** The number of the user who runs it; undefined where the system does not number users. */
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

/**
 * URLs may contain credentials, and names may come from unbelieved metadata: mask the one and
 * escape control characters in the other.
 */
export function printLine(output: Output, line: Line): void {
  const spans = typeof line === 'string' ? [{ text: line }] : line
  const parts = spans.map(({ text, style }) => {
    const plain = printable(maskCredentials(text))
    return style !== undefined && output.hasColours ? paint(plain, style) : plain
  })
  output.write(`${parts.join('')}\n`)
}

/** How long a line may be: as wide as the terminal, or without an end. */
export function lineWidth({ isTerminal, columns }: Output): number {
  return isTerminal ? columns : unlimited
}
