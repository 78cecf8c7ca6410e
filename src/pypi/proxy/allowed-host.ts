/**
 * The names by which the proxy answers. A page in a browser can reach loopback under a name of its
 * own (DNS rebinding); then `Host` is that name.
 */
import { isIP } from 'node:net'

/** Whether an address is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** Whether a request with this `Host` may be meant for a proxy. An address cannot be rebound. */
export function isAllowedHost(
  header: string | undefined,
  options: { readonly remote: boolean; readonly hostnames: readonly string[] },
): boolean {
  const name = hostOf(header)
  if (name === undefined) return false
  if (isLoopback(name) || options.hostnames.includes(name)) return true
  return options.remote && isIP(name) !== 0
}

/** Without port and brackets, in lower case. */
function hostOf(header: string | undefined): string | undefined {
  const [, bracketed, plain] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? []
  return (bracketed ?? plain)?.toLowerCase()
}
