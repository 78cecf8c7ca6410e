/**
 * RFC 8785 (JCS) as a canonical form, for repositories whose POUF chose it. TUF's own form is
 * another one: metadata signed in one form never verifies in the other if it contains a PEM key.
 *
 * @module tuffet/jcs
 */
import canonicalize from 'canonicalize'
import type { CanonicalForm } from './core/json/canonical.js'
import type { JsonValue } from './core/json/value.js'

/**
 * RFC 8785: names sorted by UTF-16 unit, control characters escaped, numbers are doubles. An
 * integer that a double cannot hold exactly is refused as metadata.
 *
 * @example
 * ```ts
 * import { Updater } from 'tuffet'
 * import { jcs } from 'tuffet/jcs'
 *
 * const metadataUrl = 'https://tuf.example.com/metadata/'
 * const updater = new Updater({ metadataUrl, canonicalForm: jcs })
 * ```
 */
export const jcs: CanonicalForm = { name: 'rfc8785', numbers: 'doubles', encode: encodeJcs }

function encodeJcs(value: JsonValue): Uint8Array {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError(`RFC 8785 cannot express ${typeof value}`)
  return new TextEncoder().encode(text)
}
