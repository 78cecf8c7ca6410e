/** A verdict that is no: nothing went wrong, and the status is 1 all the same. */
export class VerdictError extends Error {
  /** What `--json` gives as `error.code`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }

  override get name(): string {
    return 'VerdictError'
  }
}
