import { systemWords } from './system-words.js'

/** Output that was lost for another reason than that nobody reads it, such as a full disk. */
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
