/**
 * Failures that a browser does not explain: a page must not learn whether a server of another
 * origin is down, or answered and does not let the page read it (CORS).
 */

/** @internal The name is compared: the error may be of another realm. */
export function isUnexplained(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  return 'name' in error && error.name === 'TypeError' && !('cause' in error)
}

/** @internal Possible reasons, where a page asked another origin. */
export function possibleReasons(
  url: string,
  place: { readonly location?: { readonly origin?: string } } = globalThis,
): string | undefined {
  const own = place.location?.origin
  if (own === undefined || own === new URL(url).origin) return undefined
  return `the server does not answer, or does not let ${own} read the answer (Access-Control-Allow-Origin)`
}
