/**
 * Credentials in URLs, masked wherever a text leaves this program: lines, JSON, errors, answers of
 * the proxy. A text without credentials stays as it is.
 */

/** `user:password@`, up to the last `@` before the path. `git@` is a user name, not a secret. */
const userinfo = /\b([a-z][a-z0-9+.-]*:\/\/)(?!git@)[^\s/?#"'<>\\]+@/gi

/** A parameter of a query or fragment that is named like a secret. */
const parameter =
  /([?&#;][\w.-]*(?:token|passw(?:or)?d|secret|signature|credential|api[_-]?key|auth)[\w.-]*=|[?&#;]sig=)[^&#;\s"'<>\\]+/gi

/** @internal `https://user:password@host/` becomes `https://****@host/`, in any text. */
export function maskCredentials(text: string): string {
  return text.replaceAll(userinfo, '$1****@').replaceAll(parameter, '$1****')
}
