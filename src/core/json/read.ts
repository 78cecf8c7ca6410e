/**
 * Bytes → JSON value and the canonical form of its member `signed`: strict, without loss, in linear
 * time. Two roads lead there and give the same: a scanner that proves the bytes, beside the platform's
 * parser for the parts that are needed as values; and, where that proves too little or cannot run, a
 * parser of our own, which alone reports errors.
 */
import { type CanonicalForm, olpc } from './canonical.js'
import { parseExact } from './exact.js'
import { scan, type Scanned, type Schema, type Slice } from './fast/scanner.js'
import { isJsonObject, JsonSyntaxError, member, type JsonValue } from './value.js'

export interface JsonDocument {
  readonly value: JsonValue
  /** The canonical form of the outermost object's member `signed`, if present. */
  readonly signedBytes: Uint8Array | undefined
}

/** A document, in whose value tables that were proved are empty. */
export interface FileDocument extends JsonDocument {
  readonly proved?: Pick<Scanned, 'table' | 'roles' | 'prefixLength'>
}

/**
 * Reads strict JSON: UTF-8 without a byte-order mark, no duplicate names, no lone surrogates,
 * integers only (unless the form allows doubles), at most 64 containers deep; `budget` bounds the
 * number of containers, members and elements.
 *
 * Throws {@link JsonSyntaxError} for anything else.
 */
export function readJson(bytes: Uint8Array, form: CanonicalForm = olpc): JsonDocument {
  return (form === olpc ? readSorted(bytes) : undefined) ?? readExact(bytes, form)
}

/**
 * @internal {@link readJson} for a file whose tables are wanted as they stand.
 *
 * @param mayChange as in `scan`
 */
export function readFile(
  bytes: Uint8Array,
  form: CanonicalForm,
  schema: Schema,
  mayChange: boolean,
): FileDocument {
  const scanned = form === olpc ? scan(bytes, schema, mayChange) : undefined
  if (scanned === undefined) return readExact(bytes, form)
  const { signedBytes, table, roles } = scanned
  // `delegations` comes before `targets`.
  const text = textWithout(bytes, roles, table)
  return { value: parsePlain(text), signedBytes, proved: scanned }
}

/** @internal The fast road, for the OLPC form; `undefined` where the scan proves too little. */
export function readSorted(bytes: Uint8Array): JsonDocument | undefined {
  const scanned = scan(bytes, 'none')
  if (scanned === undefined) return undefined
  return { value: parsePlain(decodeUtf8(bytes)), signedBytes: scanned.signedBytes }
}

/** @internal The exact road. */
export function readExact(bytes: Uint8Array, form: CanonicalForm): JsonDocument {
  const value = parseExact(decodeUtf8(bytes), form.numbers)
  const signed = isJsonObject(value) ? member(value, 'signed') : undefined
  return { value, signedBytes: signed === undefined ? undefined : form.encode(signed) }
}

/**
 * Strict JSON that is not metadata: the same syntax and bounds, with numbers as doubles. Throws
 * {@link JsonSyntaxError}.
 */
export function readPlainJson(bytes: Uint8Array): JsonValue {
  return parseExact(decodeUtf8(bytes), 'doubles')
}

const parsePlain: (text: string) => JsonValue = JSON.parse

/** The text of a file with an empty table in the place of each that was proved. */
function textWithout(
  bytes: Uint8Array,
  roles: Slice | undefined,
  table: Slice | undefined,
): string {
  let text = ''
  let at = 0
  if (roles) {
    text += `${decodeUtf8(bytes.subarray(at, roles.start))}[]`
    at = roles.end
  }
  if (table) {
    text += `${decodeUtf8(bytes.subarray(at, table.start))}{}`
    at = table.end
  }
  return text + decodeUtf8(bytes.subarray(at))
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new JsonSyntaxError(invalidUtf8Offset(bytes), '', 'not UTF-8')
  }
}

// Bytes that are not UTF-8 become a replacement character. They can begin as it does: then the first
// difference is inside it.
function invalidUtf8Offset(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const replaced = new TextEncoder().encode(text)
  let offset = 0
  while (replaced[offset] === bytes[offset]) offset++
  while (((replaced[offset] ?? 0) & 0xc0) === 0x80) offset--
  return offset
}
