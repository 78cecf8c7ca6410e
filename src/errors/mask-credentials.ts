/**
 * Credentials in URLs, masked wherever a text leaves this program: lines, JSON, errors, answers of
 * the proxy. A text without credentials stays as it is.
 */

/**
 * `user:password@`, up to the last `@` before the path. An apostrophe stays as it is in a URL. The
 * scheme is not looked at: from each letter on that would take seconds for a name of some length.
 */
const userinfo = /(:\/\/)([^\s/?#"<>\\]+)@/g

/** A parameter of a query or fragment that is named like a secret. The name is read once. */
const parameter =
  /([?&#;](?=[\w.-]*?(?:token|passw(?:or)?d|pwd|secret|signature|credential|(?:api|access)[_-]?key|auth|jwt)|sig=)[\w.-]+=)[^&#;\s"'<>\\]+/gi

/** @internal `https://user:password@host/` becomes `https://****@host/`, in any text. */
export function maskCredentials(text: string): string {
  return text
    .replaceAll(userinfo, (whole, slashes: string, user: string) =>
      // A user name, not a secret.
      user === 'git' ? whole : `${slashes}****@`,
    )
    .replaceAll(parameter, '$1****')
}
