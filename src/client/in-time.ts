/** A time limit for the calls of a store on another machine, and the application's own signal. */

/** How long a call may take. */
export interface TimeLimit {
  /** Milliseconds. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

/**
 * @internal Rejects with the signal's reason, or with a `TimeoutError`, whatever `work` does. The signal
 * that `work` gets tells it to stop.
 */
export async function inTime<T>(
  { timeout, signal }: TimeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  let end: (reason: unknown) => void = () => undefined
  const ended = new Promise<never>((_, reject) => {
    end = (reason) => {
      controller.abort(reason)
      reject(reason)
    }
  })
  const abort = (): void => end(signal?.reason)
  signal?.addEventListener('abort', abort)
  const timer = setTimeout(() => {
    end(new DOMException(`no answer within ${timeout} ms`, 'TimeoutError'))
  }, timeout)
  try {
    return await Promise.race([work(controller.signal), ended])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
