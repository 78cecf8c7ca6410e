/** JSON values as both roads give them, and the error of bytes that are not strict JSON. */

/** A JSON value without loss: integers that a number cannot hold exactly are `bigint`. */
export type JsonValue =
  null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject

/** Has own properties only; `__proto__` and `constructor` are names like any other. */
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** Whether `value` is an object: not null, not an array. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object's own member of that name; inherited members are not JSON. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** @internal Not strict JSON; the caller that knows the role makes it a `MetadataInvalidError`. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError'
  /** Bytes. */
  readonly offset: number
  /** The field, such as `signed.keys.abc`; empty for the document as a whole. */
  readonly path: string
  readonly reason: string

  constructor(offset: number, path: string, reason: string) {
    super(`${path === '' ? '' : `${path}: `}${reason} (at byte ${offset})`)
    this.offset = offset
    this.path = path
    this.reason = reason
  }
}

/** The path of a member or an element of the field at `path`, fit to be shown. */
export function fieldPath(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`
  const shown = step.length > 100 ? `${step.slice(0, 100)}…` : step
  if (!/^[\w./@+…-]+$/.test(shown)) return `${path}[${JSON.stringify(shown)}]`
  return path === '' ? shown : `${path}.${shown}`
}
