/**
 * JSON as repositories write it: compact or indented, names sorted (python-tuf, RSTUF) or in the
 * order of the object. The signatures are over the canonical form, never over this text.
 */

import type { JsonObject, JsonValue } from '../core/json/value.js'

/** How files are written. */
export interface JsonStyle {
  /** Spaces for each level; 0 is compact, without any white space. Default 0. */
  readonly indent?: number | undefined
  /**
   * Whether names are in the order of their code points, as python-tuf writes them. Default true.
   */
  readonly sorted?: boolean | undefined
}

/** The text of a JSON value; integers beyond 2^53 are given as `bigint`. */
export function jsonText(value: JsonValue, style: JsonStyle = {}): string {
  const { indent = 0, sorted = true } = style
  return textOf(value, ' '.repeat(indent), '', sorted ? sortedNames : Object.keys)
}

/** A copy that may be changed without the original noticing. */
export function copyJson(value: JsonValue): MutableJson {
  if (isList(value)) return value.map(copyJson)
  if (typeof value !== 'object' || value === null) return value
  // fromEntries, so that `__proto__` is a name like any other.
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyJson(item)]))
}

/** JSON that may be changed in place. */
export type MutableJson =
  null | boolean | number | bigint | string | MutableJson[] | { [name: string]: MutableJson }

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function textOf(
  value: JsonValue,
  indent: string,
  margin: string,
  namesOf: (object: JsonObject) => string[],
): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = margin + indent
  const before = indent === '' ? '' : `\n${inner}`
  const colon = indent === '' ? ':' : ': '
  const after = indent === '' ? '' : `\n${margin}`
  let text = ''
  if (isList(value)) {
    if (value.length === 0) return '[]'
    for (const item of value) {
      text += `${text === '' ? '[' : ','}${before}${textOf(item, indent, inner, namesOf)}`
    }
    return `${text}${after}]`
  }
  for (const name of namesOf(value)) {
    const item = textOf(value[name] ?? null, indent, inner, namesOf)
    text += `${text === '' ? '{' : ','}${before}${JSON.stringify(name)}${colon}${item}`
  }
  return text === '' ? '{}' : `${text}${after}}`
}

const surrogate = /[\ud800-\udfff]/

function sortedNames(object: JsonObject): string[] {
  const names = Object.keys(object).sort()
  return names.some((name) => surrogate.test(name)) ? names.sort(byCodePoint) : names
}

/** UTF-16 order differs from the order of code points where surrogates meet U+E000 to U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return lift(x) - lift(y)
  }
  return a.length - b.length
}

function lift(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
