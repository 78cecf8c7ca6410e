/** A negative verdict: the command worked, but its status is 1. */
export class VerdictError extends Error {
  /** The `error.code` of `--json`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }

  override get name(): string {
    return 'VerdictError'
  }
}
