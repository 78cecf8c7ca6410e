/**
 * Small readers for one field each: they return the value in its type or refuse it. A refusal
 * collects the field's path on its way out, so that reading a valid file does not spend time on
 * paths.
 */
import { fieldPath, type JsonObject, type JsonValue } from '../json/value.js'

/** A field that breaks section 4. Its path grows while the refusal travels outwards. */
export class FieldRefusal extends Error {
  /** Innermost first. */
  readonly steps: (string | number)[]
  readonly reason: string

  constructor(reason: string, ...steps: (string | number)[]) {
    super(reason)
    this.reason = reason
    this.steps = steps
  }

  /** Written as the JSON reader writes it. */
  get path(): string {
    return this.steps.reduceRight(fieldPath, '')
  }
}

/** Puts `name` before the path of a refusal; anything else is a defect and passes unchanged. */
export function within(name: string | number, error: unknown): unknown {
  if (error instanceof FieldRefusal) error.steps.push(name)
  return error
}

/** Reads one kind of value. */
export type Read<T> = (value: JsonValue) => T

/** The own field `name`, which must be there. */
export function required<T>(object: JsonObject, name: string, read: Read<T>): T {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  if (value === undefined) throw new FieldRefusal('is missing', name)
  return readField(value, name, read)
}

/**
 * The own field `name`, or undefined where it is absent. `null` is a value, not an absent field.
 */
export function optional<T>(object: JsonObject, name: string, read: Read<T>): T | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  return value === undefined ? undefined : readField(value, name, read)
}

function readField<T>(value: JsonValue, name: string, read: Read<T>): T {
  try {
    return read(value)
  } catch (error) {
    throw within(name, error)
  }
}

/** An object as a map, each entry read with its name at hand. */
export function mapOf<T>(
  value: JsonValue,
  read: (value: JsonValue, name: string) => T,
): ReadonlyMap<string, T> {
  const object = objectFrom(value)
  const map = new Map<string, T>()
  let name = ''
  try {
    for (name of Object.keys(object)) map.set(name, read(object[name] ?? null, name))
  } catch (error) {
    throw within(name, error)
  }
  return map
}

/** An array, each element read. */
export function arrayOf<T>(value: JsonValue, read: Read<T>): readonly T[] {
  const array = arrayFrom(value)
  const result: T[] = []
  let index = 0
  try {
    for (; index < array.length; index++) result.push(read(array[index] ?? null))
  } catch (error) {
    throw within(index, error)
  }
  return result
}

/** Strings that occur once each. */
export function distinctStringsFrom(value: JsonValue): readonly string[] {
  const strings = stringsFrom(value)
  const seen = new Set<string>()
  for (const [index, string] of strings.entries()) {
    if (seen.has(string)) throw new FieldRefusal('is repeated', index)
    seen.add(string)
  }
  return strings
}

/** An array of strings, checked and not copied. */
export function stringsFrom(value: JsonValue): readonly string[] {
  const array = arrayFrom(value)
  if (isStrings(array)) return array
  const index = array.findIndex((element) => typeof element !== 'string')
  throw within(index, refusal('a string', array[index] ?? null))
}

function isStrings(array: readonly JsonValue[]): array is readonly string[] {
  for (let index = 0; index < array.length; index++) {
    if (typeof array[index] !== 'string') return false
  }
  return true
}

export function arrayFrom(value: JsonValue): readonly JsonValue[] {
  if (!isArray(value)) throw refusal('an array', value)
  return value
}

export function objectFrom(value: JsonValue): JsonObject {
  if (!isObject(value)) throw refusal('an object', value)
  return value
}

export function stringFrom(value: JsonValue): string {
  if (typeof value !== 'string') throw refusal('a string', value)
  return value
}

export function booleanFrom(value: JsonValue): boolean {
  if (typeof value !== 'boolean') throw refusal('a boolean', value)
  return value
}

/** An integer from `least` to `most`, both included. */
export function integerBetween(
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): Read<number> {
  return (value) => {
    if (
      typeof value === 'number' &&
      Number.isSafeInteger(value) &&
      value >= least &&
      value <= most
    ) {
      return value
    }
    throw refusal(
      most === Number.MAX_SAFE_INTEGER
        ? `an integer from ${least} to 2^53 - 1`
        : `an integer from ${least} to ${most}`,
      value,
    )
  }
}

/**
 * The value without prototypes, for data that is passed on to the application as it is. It is the
 * value itself: a copy would take several times the memory of a file that is not yet believed.
 */
function opaqueFrom(value: JsonValue): JsonValue {
  if (isArray(value)) for (const element of value) opaqueFrom(element)
  else if (isObject(value)) opaqueObject(value)
  return value
}

/** {@link opaqueFrom} for an object. */
export function opaqueObject(value: JsonObject): JsonObject {
  for (const name of Object.keys(value)) opaqueFrom(value[name] ?? null)
  Object.setPrototypeOf(value, null)
  return value
}

/** The fields of an object that are not in `known`, as {@link opaqueFrom} returns them. */
export function otherFields(value: JsonObject, known: ReadonlySet<string>): JsonObject {
  const others: Record<string, JsonValue> = { __proto__: null }
  for (const name of Object.keys(value)) {
    if (!known.has(name)) others[name] = opaqueFrom(value[name] ?? null)
  }
  return others
}

/**
 * `fields` with a member that is made when it is first read: to go through a table of a million names
 * takes longer than to parse it, and most members are never asked for.
 */
export function withLate<T extends object, N extends string, V>(
  fields: T,
  name: N,
  make: () => V,
): T & { readonly [K in N]: V } {
  let made: { readonly value: V } | undefined
  const get = (): V => (made ??= { value: make() }).value
  const descriptor = { get, enumerable: true, configurable: true }
  return Object.defineProperty(fields, name, descriptor) as T & { readonly [K in N]: V }
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refusal(wanted: string, value: JsonValue): FieldRefusal {
  return new FieldRefusal(`must be ${wanted}, is ${describe(value)}`)
}

function describe(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`
  return Array.isArray(value) ? 'an array' : 'an object'
}
