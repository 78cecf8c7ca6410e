/** An origin as users write it. */

/** @throws TypeError */
export function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && ['https:', 'http:'].includes(url.protocol) && text.replace(/\/$/, '') === url.origin) {
    return url.origin
  }
  throw new TypeError(`${JSON.stringify(text)} is not an origin such as https://pypi.org`)
}
