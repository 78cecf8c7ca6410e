/** Wrong usage, which ends with status 2: options, words of the command line, `tuffet.json`. */

/** Its message is one line and names the correct input. */
export class UsageError extends Error {
  override get name(): string {
    return 'UsageError'
  }
}
