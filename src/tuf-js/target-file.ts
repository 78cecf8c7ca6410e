/** A target as tuf-js hands it out: hashes in an object, unknown fields kept. */
import { isDeepStrictEqual } from 'node:util'
import { createChecker } from '../core/index.js'
import type { JsonObject, TargetFile as Target } from '../index.js'
import { nodeCryptography } from '../node/index.js'
import { translating, ValueError } from './errors.js'

/** The arguments of {@link TargetFile}. */
export interface TargetFileOptions {
  readonly path: string
  /** Bytes. */
  readonly length: number
  /** Name of the hash function → hexadecimal digest. */
  readonly hashes: Readonly<Record<string, string>>
  readonly unrecognizedFields?: Readonly<Record<string, unknown>> | undefined
}

/**
 * One target of the repository.
 *
 * @example
 * ```ts runs
 * import { TargetFile } from 'tuffet/tuf-js'
 *
 * const target = new TargetFile({ path: 'a.whl', length: 7, hashes: { sha256: '00ff' } })
 * target.toJSON() // { length: 7, hashes: { sha256: '00ff' } }
 * ```
 */
export class TargetFile {
  readonly path: string
  readonly length: number
  readonly hashes: Record<string, string>
  readonly unrecognizedFields: Record<string, unknown>

  /** @throws ValueError for a negative length */
  constructor(options: TargetFileOptions) {
    if (options.length < 0) throw new ValueError('Length must be at least 0')
    this.path = options.path
    this.length = options.length
    this.hashes = { ...options.hashes }
    this.unrecognizedFields = { ...options.unrecognizedFields }
  }

  /** The `custom` field, or an empty object. */
  get custom(): Record<string, unknown> {
    const { custom } = this.unrecognizedFields
    return isRecord(custom) ? custom : {}
  }

  equals(other: TargetFile): boolean {
    if (!(other instanceof TargetFile) || other.path !== this.path) return false
    return isDeepStrictEqual(this.toJSON(), other.toJSON())
  }

  /**
   * Reads the stream to its end. Hash functions that are not known are ignored.
   *
   * @throws LengthOrHashMismatchError when the length or a digest differs, or no listed hash is known
   */
  async verify(stream: AsyncIterable<Uint8Array>): Promise<void> {
    await translating(async () => {
      const place = { role: this.path, step: '5.7.3' }
      const checker = createChecker(targetOf(this), place, nodeCryptography)
      for await (const chunk of stream) checker.update(chunk)
      checker.end()
    })
  }

  toJSON(): Record<string, unknown> {
    return { length: this.length, hashes: this.hashes, ...this.unrecognizedFields }
  }

  /** @throws TypeError for another shape */
  static fromJSON(path: string, data: Readonly<Record<string, unknown>>): TargetFile {
    const { length, hashes, ...unrecognizedFields } = data
    if (typeof length !== 'number') throw new TypeError('length must be a number')
    if (!isRecord(hashes) || !isOfStrings(hashes)) {
      throw new TypeError('hashes must have string keys and values')
    }
    return new TargetFile({ path, length, hashes, unrecognizedFields })
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOfStrings(value: Record<string, unknown>): value is Record<string, string> {
  return Object.values(value).every((one) => typeof one === 'string')
}

/** @internal The same as this client's; by shape, since it may be of `@tufjs/models`. */
export function targetOf({ path, length, hashes }: TargetFileOptions): Target {
  return { path, length, hashes: new Map(Object.entries(hashes)) }
}

/** @internal */
export function targetFileOf({ path, length, hashes, custom }: Target): TargetFile {
  const unrecognizedFields: JsonObject | undefined = custom && { custom }
  return new TargetFile({ path, length, hashes: Object.fromEntries(hashes), unrecognizedFields })
}
