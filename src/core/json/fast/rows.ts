/**
 * The tables that grow with a repository (`meta` of snapshot, `targets`) as they stand in the file:
 * the scanner has checked every row, and a row is made a value when it is first asked for. A search
 * needs one row of the hundreds that a hash bin has.
 */
import { deepFreeze } from '../../deep-freeze.js'
import { type JsonObject, type JsonValue, member } from '../value.js'
import type { Slice } from './scanner.js'

/** A row of JSON as a value of section 4. */
export type ReadRow<T> = (row: JsonValue, name: string) => T

const quote = 0x22
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const parse: (text: string) => JsonObject = JSON.parse

/** A table in the order of the file, which is that of code points. */
export class SlicedRows<T> implements ReadonlyMap<string, T> {
  readonly size: number
  readonly #bytes: Uint8Array
  readonly #rows: Uint32Array
  readonly #read: ReadRow<T>
  readonly #made = new Map<number, T>()

  constructor({ bytes, rows }: Slice, read: ReadRow<T>) {
    this.size = rows.length / 2
    this.#bytes = bytes
    this.#rows = rows
    this.#read = read
  }

  has(name: string): boolean {
    return this.#indexOf(name) !== undefined
  }

  get(name: string): T | undefined {
    const index = this.#indexOf(name)
    return index === undefined ? undefined : this.#row(index)
  }

  *keys(): Generator<string, undefined> {
    for (let index = 0; index < this.size; index++) yield this.#name(index)
  }

  *values(): Generator<T, undefined> {
    for (let index = 0; index < this.size; index++) yield this.#row(index)
  }

  *entries(): Generator<[string, T], undefined> {
    for (let index = 0; index < this.size; index++) yield [this.#name(index), this.#row(index)]
  }

  [Symbol.iterator](): Generator<[string, T], undefined> {
    return this.entries()
  }

  forEach(
    callback: (value: T, name: string, table: ReadonlyMap<string, T>) => void,
    thisArg?: unknown,
  ): void {
    for (const [name, value] of this) callback.call(thisArg, value, name, this)
  }

  /** The names of rows that `other` does not have with the same bytes. */
  *changedIn(other: SlicedRows<T>): Generator<string, undefined> {
    let at = 0
    for (let index = 0; index < this.size; index++) {
      while (at !== other.size && this.#compare(index, other, at) > 0) at++
      if (!this.#isSame(index, other, at)) yield this.#name(index)
    }
  }

  #start(index: number): number {
    return this.#rows[2 * index] ?? 0
  }

  #end(index: number): number {
    return this.#rows[2 * index + 1] ?? 0
  }

  #name(index: number): string {
    const start = this.#start(index)
    return decoder.decode(this.#bytes.subarray(start, this.#bytes.indexOf(quote, start)))
  }

  /** The same value each time, so that nobody may change it. */
  #row(index: number): T {
    let value = this.#made.get(index)
    if (value === undefined) {
      const bytes = this.#bytes.subarray(this.#start(index) - 1, this.#end(index))
      const name = this.#name(index)
      const row = member(parse(`{${decoder.decode(bytes)}}`), name) ?? null
      value = deepFreeze(this.#read(row, name))
      this.#made.set(index, value)
    }
    return value
  }

  #indexOf(name: string): number | undefined {
    const wanted = encoder.encode(name)
    let low = 0
    let high = this.size
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = compareName(this.#bytes, this.#start(middle), wanted)
      // Also as text: a lone surrogate is encoded as another character.
      if (order === 0) return this.#name(middle) === name ? middle : undefined
      if (order < 0) low = middle + 1
      else high = middle
    }
    return undefined
  }

  /** As numbers are compared: the name of a row here, and of one there. */
  #compare(index: number, other: SlicedRows<T>, otherIndex: number): number {
    let [at, otherAt] = [this.#start(index), other.#start(otherIndex)]
    for (;;) {
      const [one, another] = [this.#bytes[at++] ?? quote, other.#bytes[otherAt++] ?? quote]
      if (one !== another) return one === quote ? -1 : another === quote ? 1 : one - another
      if (one === quote) return 0
    }
  }

  /** After the last row of the other there is one of no bytes. */
  #isSame(index: number, other: SlicedRows<T>, otherIndex: number): boolean {
    const [start, otherStart] = [this.#start(index), other.#start(otherIndex)]
    const length = this.#end(index) - start
    if (other.#end(otherIndex) - otherStart !== length) return false
    for (let i = 0; i < length; i++) {
      if (this.#bytes[start + i] !== other.#bytes[otherStart + i]) return false
    }
    return true
  }
}

/** Below 0: the name that starts at `start`, and ends before a quotation mark, comes before `wanted`. */
function compareName(bytes: Uint8Array, start: number, wanted: Uint8Array): number {
  for (let i = 0; ; i++) {
    const unit = bytes[start + i] ?? quote
    if (unit === quote) return i - wanted.length
    const order = unit - (wanted[i] ?? 0)
    if (order !== 0) return order
  }
}
