/** Small changes to metadata on its way out. */
import type { MutableJson } from '../../../src/testing/index.js'

/** An object of metadata that may be changed in place. */
export type JsonRecord = Record<string, MutableJson>

/** The object at a path of names. */
export function objectAt(value: JsonRecord, ...names: readonly string[]): JsonRecord {
  let place: MutableJson = value
  for (const name of names) {
    place = recordOf(place, name)[name] ?? null
  }
  return recordOf(place, names.join('.'))
}

/** The array at a path of names. */
export function arrayAt(value: JsonRecord, ...names: readonly string[]): MutableJson[] {
  const last = names.at(-1) ?? ''
  const array = objectAt(value, ...names.slice(0, -1))[last]
  if (!Array.isArray(array)) throw new RangeError(`there is no array ${names.join('.')}`)
  return array
}

/** A value that must be an object. */
export function recordOf(value: MutableJson | undefined, name = 'value'): JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RangeError(`${name} is not an object`)
  }
  return value
}

/** Puts other text into a file without signing it again. */
export function replaced(bytes: Uint8Array, text: string, other: string): Uint8Array {
  const before = new TextDecoder().decode(bytes)
  const after = before.replace(text, other)
  if (after === before) throw new RangeError(`there is no ${text}`)
  return new TextEncoder().encode(after)
}
