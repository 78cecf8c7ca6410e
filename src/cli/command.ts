/** The interface of a command. Each lives in a file of its own, which is loaded when needed. */
import type { ExitStatus, Io } from './io.js'
import type { Line } from './paint.js'
import type { OptionName, OptionValues } from './options.js'

/** One call of a command. */
export interface Call {
  readonly options: OptionValues
  /** The words after the command. */
  readonly words: readonly string[]
  readonly io: Io
}

/** The answer of a command, for people and for programs. */
export interface Answer {
  readonly lines: readonly Line[]
  /** Printed as it is in place of `lines`, in a format that has escapes of its own. */
  readonly verbatim?: string
  /** Without `ok` and `error`. */
  readonly json: Readonly<Record<string, unknown>>
  /** Why the status is 1 all the same. */
  readonly error?: unknown
  /** The status, if neither 0 nor the error's. */
  readonly status?: ExitStatus
}

/** One command. */
export interface Command {
  /** The words after its name, such as `PATH FILE`. */
  readonly parameters: string
  /** How many words it takes. */
  readonly words: { readonly least: number; readonly most: number }
  readonly options: readonly OptionName[]
  /** Help texts of options that mean something else in this command. */
  readonly optionHelp?: Partial<Record<OptionName, string>>
  /** For its help. */
  readonly about: readonly string[]
  /** Whole command lines, for its help. */
  readonly examples: readonly string[]
  run(call: Call): Promise<Answer>
}
