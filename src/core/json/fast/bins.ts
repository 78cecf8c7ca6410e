/**
 * Roles by prefixes of hashes as they stand in the file, 16,384 of them at PyPI: the scanner has
 * checked each and found that names and prefixes ascend, so the role of a digest is found by
 * halving, and is the only one. All of them are made values for those who ask for `roles`.
 */
import type { JsonValue } from '../value.js'
import type { Slice } from './scanner.js'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const parse: (text: string) => JsonValue = JSON.parse

/** How JSON becomes a role. */
export interface RoleReader<Role> {
  readonly one: (value: JsonValue) => Role
  readonly all: (value: JsonValue) => readonly Role[]
}

/** The roles of one table of delegations. */
export class HashBins<Role extends { readonly pathHashPrefixes?: readonly string[] | undefined }> {
  readonly size: number
  readonly #bytes: Uint8Array
  readonly #rows: Uint32Array
  readonly #prefixLength: number
  readonly #read: RoleReader<Role>
  readonly #made = new Map<number, Role>()
  #all: readonly Role[] | undefined

  constructor({ bytes, rows }: Slice, prefixLength: number, read: RoleReader<Role>) {
    this.size = rows.length / 3
    this.#bytes = bytes
    this.#rows = rows
    this.#prefixLength = prefixLength
    this.#read = read
  }

  /** Bytes, beside the file's own. */
  get weight(): number {
    return this.#rows.byteLength
  }

  /** The role that has a prefix of `digest`, a SHA-256 in lower-case hexadecimal. */
  roleFor(digest: string): Role | undefined {
    let low = 0
    let high = this.size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#startsAfter(digest, middle)) high = middle
      else low = middle + 1
    }
    // Of those that start no later than it, the last.
    if (low === 0) return undefined
    const role = this.#role(low - 1)
    const prefix = digest.slice(0, this.#prefixLength)
    return holds(role.pathHashPrefixes ?? [], prefix) ? role : undefined
  }

  all(): readonly Role[] {
    return (this.#all ??= this.#read.all(parse(decoder.decode(this.#bytes))))
  }

  /** Whether the first prefix of a role comes after `digest`. */
  #startsAfter(digest: string, index: number): boolean {
    const start = this.#rows[3 * index + 2] ?? 0
    const prefix = this.#bytes.subarray(start, start + this.#prefixLength)
    return decoder.decode(prefix) > digest
  }

  #role(index: number): Role {
    let role = this.#made.get(index)
    if (role === undefined) {
      const [start, end] = this.#rows.subarray(3 * index)
      role = this.#read.one(parse(decoder.decode(this.#bytes.subarray(start, end))))
      this.#made.set(index, role)
    }
    return role
  }
}

/** Of prefixes that ascend. */
function holds(prefixes: readonly string[], wanted: string): boolean {
  let low = 0
  let high = prefixes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((prefixes[middle] ?? '') < wanted) low = middle + 1
    else high = middle
  }
  return prefixes[low] === wanted
}
