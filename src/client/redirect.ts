/**
 * Where redirects led a request, as messages show it. The address is the server's choice, and may
 * hold a key to the file: user name, password, query and fragment are left out.
 */
import { FetchError } from '../errors.js'

/** Characters: nobody reads a longer address, and a server could fill a log with it. */
const longest = 2_048

/** @internal The address as it may be shown; undefined for one that is not a URL, or too long. */
export function shownUrl(text: string): string | undefined {
  if (text.length > longest || !URL.canParse(text)) return undefined
  const url = new URL(text)
  url.username = ''
  url.password = ''
  url.search = ''
  url.hash = ''
  return url.href.length > longest ? undefined : url.href
}

/** @internal Where the answer came from, unless that is where it was asked for. */
export function redirectedTo(asked: string, final: string | undefined): string | undefined {
  if (final === undefined) return undefined
  const shown = shownUrl(final)
  return shown === shownUrl(asked) ? undefined : shown
}

/** @internal Notes on a failed request where it was redirected to. */
export function noteRedirect(error: unknown, to: string | undefined): void {
  if (to === undefined || !(error instanceof FetchError)) return
  error.origin ??= { from: 'network', url: error.url, redirectedTo: to }
}
