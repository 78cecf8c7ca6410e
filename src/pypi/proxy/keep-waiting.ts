/**
 * Keeps a client waiting while a file is verified. `100 Continue` may be sent any number of times
 * before the answer (RFC 9110, 15.2): pip begins its time-out anew at each. uv does not; `tuffet pypi
 * run` gives it a long one.
 */
import type { ServerResponse } from 'node:http'

/** Says that there is more to come, until the answer begins or `stop` is called. */
export function keepWaiting(
  response: ServerResponse,
  /** Milliseconds between two of them. */
  interval = 1_000,
): () => void {
  const timer = setInterval(() => {
    if (response.headersSent || response.destroyed) clearInterval(timer)
    // Without a socket it waits for the answer before it (pipelining). Node would keep the line, and
    // send it behind the header of this answer, as a part of the file.
    else if (response.socket) response.writeContinue()
  }, interval)
  return () => clearInterval(timer)
}
