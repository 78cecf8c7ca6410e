/** What was asked about is not what the repository vouches for, or not all of it is. */

/** Its message is one line. */
export class NotVerifiedError extends Error {
  override get name(): string {
    return 'NotVerifiedError'
  }
}
