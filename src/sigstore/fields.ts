/** Fields in the JSON of protocol buffers: bytes are base64, and `null` stands for a field that is missing. */
import { decodeBase64 } from '../core/bytes.js'
import type { JsonObject, JsonValue } from '../core/json/value.js'
import { FieldRefusal, optional, stringFrom, type Read } from '../core/metadata/fields.js'

/** The own field `name`, or undefined where it is missing or `null`. */
export function maybe<T>(object: JsonObject, name: string, read: Read<T>): T | undefined {
  return optional(object, name, (value) => (value === null ? undefined : read(value)))
}

/** Strict base64, as bytes. */
export function base64From(value: JsonValue): Uint8Array {
  const bytes = decodeBase64(stringFrom(value))
  if (bytes === undefined) throw new FieldRefusal('is not base64')
  return bytes
}
