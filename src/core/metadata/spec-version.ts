/** Which versions of the specification this client reads (4.3, `spec_version`). */

const supported = /^1\.(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))?$/

/**
 * Whether metadata with this `spec_version` may be read: `1.MINOR` or `1.MINOR.PATCH`, numbers
 * without leading zeros. Sigstore's first roots say `1.0`; every 1.x uses the same file format.
 */
export function isSupportedSpecVersion(text: string): boolean {
  return supported.test(text)
}
