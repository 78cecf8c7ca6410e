/**
 * The tables that grow with a repository (`meta` of snapshot, `targets`): every row is checked when
 * the file is read, and made a value when it is first asked for. A search needs one of the hundreds
 * of rows in a hash bin (docs/adr/0010-rows-are-made-when-asked-for.md).
 */
import { deepFreeze } from './deep-freeze.js'
import { objectFrom, within } from './fields.js'
import type { JsonObject, JsonValue } from './metadata.js'

/** How the rows of one table are read. */
export interface RowReader<T> {
  /** Whether `read` would certainly take the row; false for rare rows, which it may take. */
  readonly isPlain: (row: JsonValue) => boolean
  /** Throws a refusal for a value that is not a row. */
  readonly read: (row: JsonValue, name: string) => T
}

/** The table in `value`, all of it checked. */
export function tableFrom<T>(value: JsonValue, reader: RowReader<T>): ReadonlyMap<string, T> {
  const rows = objectFrom(value)
  const names = Object.keys(rows)
  const made = new Map<string, T>()
  let name = ''
  try {
    for (name of names) {
      const row = rows[name] ?? null
      if (!reader.isPlain(row)) made.set(name, reader.read(row, name))
    }
  } catch (error) {
    throw within(name, error)
  }
  return new RowTable(rows, names.length, made, reader)
}

class RowTable<T> implements ReadonlyMap<string, T> {
  readonly size: number
  readonly #rows: JsonObject
  readonly #made: Map<string, T>
  readonly #reader: RowReader<T>

  constructor(rows: JsonObject, size: number, made: Map<string, T>, reader: RowReader<T>) {
    this.#rows = rows
    this.size = size
    this.#made = made
    this.#reader = reader
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#rows, name)
  }

  get(name: string): T | undefined {
    return this.has(name) ? this.#row(name) : undefined
  }

  *keys(): Generator<string, undefined> {
    for (const name of Object.keys(this.#rows)) yield name
  }

  *values(): Generator<T, undefined> {
    for (const name of Object.keys(this.#rows)) yield this.#row(name)
  }

  *entries(): Generator<[string, T], undefined> {
    for (const name of Object.keys(this.#rows)) yield [name, this.#row(name)]
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

  /** The same value each time, so it must not be changed. */
  #row(name: string): T {
    let value = this.#made.get(name)
    if (value === undefined) {
      value = this.#reader.read(this.#rows[name] ?? null, name)
      this.#made.set(name, value)
    }
    return deepFreeze(value)
  }
}
