/**
 * Keeps a client waiting while a file is verified. `100 Continue` may be sent any number of times
 * before the answer (RFC 9110, 15.2): pip begins its time-out anew at each. uv does not; `tuffet pypi
 * run` gives it a long one.
 */
import type { ServerResponse } from 'node:http'

/** Milliseconds. */
const interval = 1_000

/** Says every second that there is more to come, until the answer begins or `stop` is called. */
export function keepWaiting(response: ServerResponse): () => void {
  const timer = setInterval(() => {
    if (response.headersSent || response.destroyed) clearInterval(timer)
    else response.writeContinue()
  }, interval)
  return () => clearInterval(timer)
}
