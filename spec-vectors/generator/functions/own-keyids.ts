/** Keys under the keyids that 4.2.1 gives them, and tables in which they are not. */
import { createHash } from 'node:crypto'
import { encodeCanonical } from '../../../src/core/json/canonical.js'
import type { JsonValue } from '../../../src/core/json/value.js'

/** A key, and the keyid that a table declares it under. */
export interface DeclaredKeyid {
  readonly keyid: string
  /** The calculated one. */
  readonly own: string
}

/** 4.2.1: SHA-256 of the canonical form, with all fields of the key. */
export function ownKeyid(key: JsonValue): string {
  return createHash('sha256').update(encodeCanonical(key)).digest('hex')
}

/** Every key that stands in a table `keys`, at any depth of a value or of JSON in its texts. */
export function declaredKeyids(value: unknown): readonly DeclaredKeyid[] {
  if (typeof value === 'string') {
    const document = parsed(value)
    return document === undefined ? [] : declaredKeyids(document)
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => [
    ...(name === 'keys' ? entries(inner) : []),
    ...declaredKeyids(inner),
  ])
}

/** The text of a file, in which every key bears its own keyid wherever that is named. */
export function withOwnKeyids(document: string): string {
  return declaredKeyids(document).reduce(
    (text, { keyid, own }) => text.replaceAll(`"${keyid}"`, `"${own}"`),
    document,
  )
}

function entries(table: unknown): readonly DeclaredKeyid[] {
  if (typeof table !== 'object' || table === null || Array.isArray(table)) return []
  return Object.entries(table).flatMap(([keyid, key]: [string, unknown]) =>
    isKey(key) ? [{ keyid, own: ownKeyid(key) }] : [],
  )
}

function isKey(value: unknown): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined for text that is not JSON: that is nobody's table of keys. */
function parsed(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
