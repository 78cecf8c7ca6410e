/**
 * JSON value → canonical bytes, which signatures cover (4.2.1). The default is the OLPC form: names
 * sorted by code point, integers only, no white space, and of all characters only `"` and `\`
 * escaped. A repository may choose another form, so the form is a value.
 */
import type { JsonValue } from './value.js'

/** A way to write a JSON value as the bytes that are signed. */
export interface CanonicalForm {
  readonly name: string
  /**
   * - `integers`: files with a fraction or an exponent are refused, integers are kept exactly
   * - `doubles`: every number becomes a double; an integer that a double cannot hold is refused
   */
  readonly numbers: 'integers' | 'doubles'
  /** Throws a `TypeError` for a value without such a form. */
  encode(value: JsonValue): Uint8Array
}

/** OLPC canonical JSON, the form that 4.2.1 names and every TUF implementation writes. */
export const olpc: CanonicalForm = { name: 'olpc', numbers: 'integers', encode: encodeCanonical }

/**
 * The OLPC canonical form of `value`, in UTF-8.
 *
 * Throws a `TypeError` for a value without such a form: a number that is not a safe integer (use
 * `bigint`), a lone surrogate, a value that is not JSON.
 *
 * @example
 * ```ts runs
 * import { encodeCanonical } from 'tuffet/core'
 *
 * encodeCanonical({ b: 1, a: ['x'] }) // the UTF-8 bytes of {"a":["x"],"b":1}
 * ```
 */
export function encodeCanonical(value: JsonValue): Uint8Array {
  const writer = new CanonicalWriter()
  writer.value(value)
  return writer.bytes()
}

/** Writes a code point above ASCII as UTF-8 at `at`; returns the index after it. */
function writeUtf8(target: Uint8Array, at: number, codePoint: number): number {
  if (codePoint < 0x800) {
    target[at] = 0xc0 | (codePoint >> 6)
    target[at + 1] = 0x80 | (codePoint & 0x3f)
    return at + 2
  }
  if (codePoint < 0x10000) {
    target[at] = 0xe0 | (codePoint >> 12)
    target[at + 1] = 0x80 | ((codePoint >> 6) & 0x3f)
    target[at + 2] = 0x80 | (codePoint & 0x3f)
    return at + 3
  }
  target[at] = 0xf0 | (codePoint >> 18)
  target[at + 1] = 0x80 | ((codePoint >> 12) & 0x3f)
  target[at + 2] = 0x80 | ((codePoint >> 6) & 0x3f)
  target[at + 3] = 0x80 | (codePoint & 0x3f)
  return at + 4
}

class CanonicalWriter {
  #buffer = new Uint8Array(1024)
  #length = 0

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length)
  }

  value(value: JsonValue | undefined): void {
    if (typeof value === 'string') {
      this.#string(value)
    } else if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) {
        throw new TypeError(
          `canonical JSON cannot express number ${value}: only safe integers and bigint`,
        )
      }
      this.#ascii(String(value))
    } else if (typeof value === 'bigint' || typeof value === 'boolean' || value === null) {
      this.#ascii(String(value))
    } else if (isArray(value)) {
      this.#array(value)
    } else if (typeof value === 'object') {
      this.#object(value)
    } else {
      throw new TypeError(`canonical JSON cannot express ${typeof value}`)
    }
  }

  #array(values: readonly JsonValue[]): void {
    let separator = '['
    for (const value of values) {
      this.#ascii(separator)
      this.value(value)
      separator = ','
    }
    this.#ascii(values.length === 0 ? '[]' : ']')
  }

  #object(object: { readonly [name: string]: JsonValue }): void {
    const names = sortedNames(object)
    let separator = '{'
    for (const name of names) {
      this.#ascii(separator)
      this.#string(name)
      this.#ascii(':')
      this.value(object[name])
      separator = ','
    }
    this.#ascii(names.length === 0 ? '{}' : '}')
  }

  #string(text: string): void {
    // A UTF-16 unit takes three bytes at most: an astral character is two units and four bytes.
    const buffer = this.#reserve(text.length * 3 + 2)
    let at = this.#length
    buffer[at++] = 0x22
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit < 0x80) {
        if (unit === 0x22 || unit === 0x5c) buffer[at++] = 0x5c
        buffer[at++] = unit
      } else {
        const codePoint = text.codePointAt(i) ?? unit
        if (codePoint >= 0xd800 && codePoint <= 0xdfff) {
          throw new TypeError('canonical JSON cannot express lone surrogates')
        }
        if (codePoint > 0xffff) i++
        at = writeUtf8(buffer, at, codePoint)
      }
    }
    buffer[at++] = 0x22
    this.#length = at
  }

  #ascii(text: string): void {
    const buffer = this.#reserve(text.length)
    let at = this.#length
    for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i)
    this.#length = at
  }

  #reserve(length: number): Uint8Array {
    const needed = this.#length + length
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2))
      larger.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = larger
    }
    return this.#buffer
  }
}

// `Array.isArray` alone does not narrow a read-only array away.
function isArray(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value)
}

const surrogate = /[\ud800-\udfff]/

/** By code point. Without surrogates the order of UTF-16 units is the same, and faster. */
function sortedNames(object: { readonly [name: string]: JsonValue }): readonly string[] {
  const names = Object.keys(object)
  return names.some((name) => surrogate.test(name)) ? names.sort(compareNames) : names.sort()
}

function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return codePointRank(x) - codePointRank(y)
  }
  return a.length - b.length
}

// Code point order is the order of UTF-16 units with the surrogates moved after U+FFFF.
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
