/**
 * Takes the fields of a JSON object one by one, each by its own reader, and refuses those that no
 * reader took. A reader throws a TypeError that names the place.
 */
import type { JsonValue } from '../core/json/value.js'

/** Gives the value its type, or throws a TypeError that starts with `path`. */
export type Read<T> = (value: unknown, path: string) => T

/** Whether a JSON value is an object. */
export function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of one object. */
export class Fields {
  readonly #rest: Map<string, unknown>
  readonly #path: string

  constructor(value: unknown, path: string) {
    if (!isRecord(value)) throw new TypeError(`${path || 'it'} must be an object`)
    this.#rest = new Map(Object.entries(value))
    this.#path = path
  }

  has(name: string): boolean {
    return this.#rest.has(name)
  }

  required<T>(name: string, read: Read<T>): T {
    const value = this.optional(name, read)
    if (value === undefined) throw new TypeError(`${below(this.#path, name)} is missing`)
    return value
  }

  optional<T>(name: string, read: Read<T>): T | undefined {
    if (!this.#rest.has(name)) return undefined
    const value = this.#rest.get(name)
    this.#rest.delete(name)
    return read(value, below(this.#path, name))
  }

  /** Call it last. */
  end(): void {
    const [other] = this.#rest.keys()
    if (other !== undefined) throw new TypeError(`${below(this.#path, other)} is not a field`)
  }
}

export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new TypeError(`${path} must be text`)
  return value
}

/** Text that says something. */
export function readSentence(value: unknown, path: string): string {
  const text = readText(value, path)
  if (text.trim() === '') throw new TypeError(`${path} must not be empty`)
  return text
}

/** An integer from 0 to 2^53 - 1. */
export function readCount(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new TypeError(`${path} must be an integer from 0 to 2^53 - 1`)
  }
  return value
}

/** JSON as the format allows it: only integers that every language can hold. */
export function readJson(value: unknown, path: string): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
  if (Array.isArray(value)) return listOf(readJson)(value, path)
  if (isRecord(value)) return tableOf(readJson)(value, path)
  throw new TypeError(`${path} must be JSON without numbers over 2^53 - 1`)
}

export function textLike(pattern: RegExp, what: string): Read<string> {
  return (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) {
      throw new TypeError(`${path} must be ${what}`)
    }
    return value
  }
}

export function oneOf<T extends string>(...words: readonly T[]): Read<T> {
  return (value, path) => {
    const found = words.find((word) => word === value)
    if (found === undefined) throw new TypeError(`${path} must be one of ${words.join(', ')}`)
    return found
  }
}

export function listOf<T>(read: Read<T>, least = 0): Read<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new TypeError(`${path} must be a list`)
    const all: readonly unknown[] = value
    if (all.length < least) throw new TypeError(`${path} must not be empty`)
    return all.map((one, index) => read(one, `${path}[${index}]`))
  }
}

/** An object whose names are data. */
export function tableOf<T>(
  read: Read<T>,
  readName: Read<string> = readText,
): Read<{ readonly [name: string]: T }> {
  return (value, path) => {
    if (!isRecord(value)) throw new TypeError(`${path} must be an object`)
    const entries = Object.entries(value).map(([name, one]) => {
      const place = below(path, name)
      return [readName(name, `the name of ${place}`), read(one, place)] as const
    })
    return Object.fromEntries(entries)
  }
}

export function orNull<T>(read: Read<T>): Read<T | null> {
  return (value, path) => (value === null ? null : read(value, path))
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
