/** The parts of a function vector's input. A `TypeError` here means that the vector is wrong. */
import type { JsonObject, JsonValue } from '../core/json/value.js'
import { isList } from '../testing/json-text.js'

/** The own member of that name. */
export function memberOf(input: JsonObject, name: string): JsonValue {
  const value = Object.hasOwn(input, name) ? input[name] : undefined
  if (value === undefined) throw new TypeError(`${name} is missing`)
  return value
}

export function textOf(input: JsonObject, name: string): string {
  const value = memberOf(input, name)
  if (typeof value !== 'string') throw new TypeError(`${name} is not a text`)
  return value
}

export function numberOf(input: JsonObject, name: string): number {
  const value = memberOf(input, name)
  if (typeof value !== 'number') throw new TypeError(`${name} is not a number`)
  return value
}

export function objectOf(input: JsonObject, name: string): JsonObject {
  const value = memberOf(input, name)
  if (typeof value !== 'object' || value === null || isList(value)) {
    throw new TypeError(`${name} is not an object`)
  }
  return value
}

/** The bytes of a body: text, `{ base64 }`, or `{ repeat, length }`. */
export function bytesOf(input: JsonObject, name: string): Uint8Array {
  const body = memberOf(input, name)
  if (typeof body === 'string') return new TextEncoder().encode(body)
  const fields = objectOf(input, name)
  if (Object.hasOwn(fields, 'base64')) {
    return Uint8Array.from(atob(textOf(fields, 'base64')), (unit) => unit.charCodeAt(0))
  }
  return repeated(new TextEncoder().encode(textOf(fields, 'repeat')), numberOf(fields, 'length'))
}

function repeated(part: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += part.length) bytes.set(part.subarray(0, length - at), at)
  return bytes
}
