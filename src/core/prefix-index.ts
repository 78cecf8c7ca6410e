/**
 * Finds the lists, among many, with a prefix of a digest: one look-up for each length of prefix.
 * Prefixes of up to four digits, PyPI's 65,536 among them, are numbers in a table, which takes a
 * fraction of the time that a map of strings takes to fill; all others are in such a map.
 */

/** The longest prefix of a SHA-256. */
const digestDigits = 64

const tableDigits = 4

/** With fewer lists a map is no larger than a table. */
const worthTable = 1024

/** An owner, with its prefixes if it has any. */
export interface PrefixOwner {
  readonly pathHashPrefixes?: readonly string[]
}

/** Built once for a list of owners, in time linear in its length. */
export class PrefixIndex {
  readonly #owners: readonly PrefixOwner[]
  /** Positions plus one, by the number of a prefix after a leading one: `0a` is not `a`. */
  readonly #table: Int32Array | undefined
  /** For prefixes beyond the table, and for numbers already in it. */
  readonly #map = new Map<string, number | number[]>()
  readonly #lengths = new Set<number>()

  constructor(owners: readonly PrefixOwner[]) {
    this.#owners = owners
    const table = owners.length >= worthTable ? new Int32Array(2 * 16 ** tableDigits) : undefined
    this.#table = table
    let lastLength = -1
    let position = 0
    for (const { pathHashPrefixes = [] } of owners) {
      for (const prefix of pathHashPrefixes) {
        const { length } = prefix
        if (length > digestDigits) continue
        // Nearly always the same.
        if (length !== lastLength) this.#lengths.add(length)
        lastLength = length
        const slot = table !== undefined && length <= tableDigits ? slotOf(prefix) : 0
        if (table !== undefined && slot > 0 && table[slot] === 0) table[slot] = position + 1
        else this.#addToMap(prefix, position)
      }
      position += 1
    }
  }

  get isEmpty(): boolean {
    return this.#lengths.size === 0
  }

  /** The owners of a prefix of `digest`, a SHA-256 in lower-case hexadecimal, in any order. */
  positionsOf(digest: string): number[] {
    const positions: number[] = []
    for (const length of this.#lengths) {
      const prefix = digest.slice(0, length)
      const first = length > tableDigits ? 0 : (this.#table?.[slotOf(prefix)] ?? 0)
      // `0A` and ` a` give the number of `0a`, but never match a digest.
      const owner = this.#owners[first - 1]
      if (owner?.pathHashPrefixes?.includes(prefix) === true) positions.push(first - 1)
      const others = this.#map.get(prefix) ?? []
      if (typeof others === 'number') positions.push(others)
      else for (const position of others) positions.push(position)
    }
    return positions
  }

  #addToMap(prefix: string, position: number): void {
    const known = this.#map.get(prefix)
    // Nearly always one, which is kept without an array around it.
    if (known === undefined) this.#map.set(prefix, position)
    else if (typeof known === 'number') this.#map.set(prefix, [known, position])
    else known.push(position)
  }
}

/** A place in the table, at least 1; 0 for text that is not a number. */
function slotOf(prefix: string): number {
  const number = prefix === '' ? 0 : Number.parseInt(prefix, 16)
  return number >= 0 ? (1 << (4 * prefix.length)) + number : 0
}
