/** Some or all of the files in question are not the repository's. */

/** Its message is one line. */
export class NotVerifiedError extends Error {
  override get name(): string {
    return 'NotVerifiedError'
  }
}
