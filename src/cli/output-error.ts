import { systemWords } from './system-words.js'

/** Output was lost although its reader is still there, for example on a full disk. */
export class OutputError extends Error {
  /** @param name of the stream, as a sentence begins with it */
  constructor(name: string, cause: unknown) {
    const reason = cause instanceof Error ? (systemWords(cause) ?? cause.message) : String(cause)
    super(`${name} could not be written: ${reason}`, { cause })
  }

  override get name(): string {
    return 'OutputError'
  }
}
