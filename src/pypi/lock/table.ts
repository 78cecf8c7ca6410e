/** The tables of lock files in TOML and JSON, read field by field; an error names the field. */
import type { LockFileError } from '../../errors.js'
import { type Hash, LockPlace, show } from './place.js'

/** Name of an array of tables → the lines of its headers. */
export type HeaderLines = ReadonlyMap<string, readonly number[]>

/** One table. */
export class LockTable {
  readonly place: LockPlace
  readonly #fields: ReadonlyMap<string, unknown>
  readonly #headers: HeaderLines

  /** @throws LockFileError for a value that is not a table */
  constructor(value: unknown, place: LockPlace, headers: HeaderLines = new Map()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw place.refusal('it is not a table')
    }
    this.place = place
    this.#fields = new Map(Object.entries(value))
    this.#headers = headers
  }

  get names(): string[] {
    return [...this.#fields.keys()]
  }

  /**
   * Refuses every field that is not one of `known`: it may name a file, or change how a file is
   * used. Numbers and dates do neither.
   *
   * @throws LockFileError
   */
  refuseOthers(known: readonly string[]): void {
    for (const [name, value] of this.#fields) {
      if (known.includes(name) || isNumber(value) || value instanceof Date) continue
      throw this.refusal(name, 'it is an unknown field, which could name a file')
    }
  }

  has(name: string): boolean {
    return this.#fields.has(name)
  }

  refusal(name: string, reason: string): LockFileError {
    return this.placeOf(name).refusal(reason)
  }

  placeOf(name: string): LockPlace {
    const key = /^[\w-]{1,100}$/.test(name) ? name : show(name)
    const { file, line, path } = this.place
    return new LockPlace(file, line, path === undefined ? key : `${path}.${key}`)
  }

  /** Undefined where it is missing; null is a value. */
  optional(name: string): unknown {
    return this.#fields.get(name)
  }

  string(name: string): string {
    const value = this.#required(name)
    if (typeof value !== 'string') throw this.refusal(name, 'it is not a text')
    return value
  }

  optionalString(name: string): string | undefined {
    return this.has(name) ? this.string(name) : undefined
  }

  table(name: string): LockTable {
    return new LockTable(this.#required(name), this.placeOf(name))
  }

  optionalTable(name: string): LockTable | undefined {
    return this.has(name) ? this.table(name) : undefined
  }

  /** Empty where it is missing. */
  tables(name: string): LockTable[] {
    const values = this.#list(name)
    const lines = this.#headers.get(name)
    const { file, line, path = '' } = this.placeOf(name)
    return values.map((value, index) => {
      const header = lines?.length === values.length ? lines[index] : undefined
      return new LockTable(value, new LockPlace(file, header ?? line, `${path}[${index}]`))
    })
  }

  /** One table, or each of several; none where there is a text, or a list of texts. */
  alternatives(name: string): LockTable[] {
    const value = this.#fields.get(name)
    const all = isList(value) ? value : [value]
    return all
      .filter((one) => typeof one === 'object')
      .map((one) => new LockTable(one, this.placeOf(name)))
  }

  /** Empty where it is missing. */
  strings(name: string): string[] {
    return this.#list(name).map((value, index) => {
      if (typeof value === 'string') return value
      throw this.refusal(name, `[${index}] is not a text`)
    })
  }

  /** The name of a project, normalised. */
  project(name: string): string {
    return this.placeOf(name).project(this.string(name))
  }

  version(name: string): string {
    return this.placeOf(name).version(this.string(name))
  }

  optionalVersion(name: string): string | undefined {
    return this.has(name) ? this.version(name) : undefined
  }

  /** A list of `sha256:HEX`; empty where it is missing. */
  hashes(name: string): Hash[] {
    return this.strings(name).map((text) => this.placeOf(name).hash(text))
  }

  /** A length in bytes. */
  optionalLength(name: string): number | undefined {
    const value = this.optional(name)
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw this.refusal(name, 'it is not a length in bytes')
  }

  /** `sha256:HEX`; an empty list where it is missing. */
  optionalHash(name: string): Hash[] {
    const text = this.optionalString(name)
    return text === undefined ? [] : [this.placeOf(name).hash(text)]
  }

  #required(name: string): unknown {
    if (!this.has(name)) throw this.refusal(name, 'it is missing')
    return this.#fields.get(name)
  }

  #list(name: string): readonly unknown[] {
    if (!this.has(name)) return []
    const value = this.#fields.get(name)
    if (!isList(value)) throw this.refusal(name, 'it is not a list')
    return value
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** `Array.isArray` makes an unknown value `any[]`. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}
