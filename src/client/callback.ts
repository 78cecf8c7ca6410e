/**
 * Functions of the application that are told of something. They are observers: an error of theirs
 * becomes a warning, and changes nothing here.
 */

/** The parts of a runtime that report an error without ending the program. */
interface Reporting {
  readonly process?: {
    emitWarning?: (text: string, options: { readonly detail: string }) => void
  }
  readonly reportError?: (error: unknown) => void
}

/**
 * @internal `callback`, which does not throw any more. An error, or the rejection of a promise that
 * it returns, becomes a warning of the process; in a browser it goes to `reportError`.
 *
 * @param name of the option, for the warning
 */
export function guarded<A extends readonly unknown[]>(
  name: string,
  callback: ((...args: A) => unknown) | undefined,
): (...args: A) => void {
  if (!callback) return () => undefined
  const report = (error: unknown): void => warn(name, error)
  return (...args) => {
    try {
      const answer = callback(...args)
      // The option may be an asynchronous function, whose rejection would end a process.
      if (typeof answer === 'object') Promise.resolve(answer).catch(report)
    } catch (error) {
      report(error)
    }
  }
}

function warn(name: string, error: unknown): void {
  const { process, reportError }: Reporting = globalThis as object
  if (typeof process?.emitWarning === 'function') {
    process.emitWarning(`${name} threw`, { detail: detailOf(error) })
  } else reportError?.(error)
}

function detailOf(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  } catch {
    return 'an error that cannot be read'
  }
}
