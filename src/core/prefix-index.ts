/**
 * Which positions in a list have a prefix of a digest: one look-up for each length that prefixes
 * have. Prefixes of up to four digits, PyPI's 65,536 among them, are numbers in a table, which takes
 * a tenth of the time that a map of strings takes to fill; all others are in such a map.
 */

/** A SHA-256 has no longer prefix. */
const digestDigits = 64

const tableDigits = 4

/** With fewer entries a map is no larger than a table. */
const worthTable = 1024

/** Filled once, then asked. */
export class PrefixIndex {
  /** Positions plus one, by {@link slotOf}; undefined: not worth it. */
  readonly #table: Int32Array | undefined
  /** Where the table does not reach, and for prefixes that it has already. */
  readonly #map = new Map<string, number | number[]>()
  readonly #lengths = new Set<number>()
  #lastLength = -1

  /** @param entries About how many prefixes will be added. */
  constructor(entries: number) {
    if (entries >= worthTable) this.#table = new Int32Array(2 * 16 ** tableDigits)
  }

  get isEmpty(): boolean {
    return this.#lengths.size === 0
  }

  add(prefix: string, position: number): void {
    const { length } = prefix
    if (length > digestDigits) return
    // Nearly always the same.
    if (length !== this.#lastLength) this.#lengths.add(length)
    this.#lastLength = length

    const slot = this.#table === undefined ? 0 : slotOf(prefix, length)
    if (this.#table !== undefined && slot > 0 && this.#table[slot] === 0) {
      this.#table[slot] = position + 1
      return
    }
    const known = this.#map.get(prefix)
    // Nearly always one, which is kept without an array around it.
    if (known === undefined) this.#map.set(prefix, position)
    else if (typeof known === 'number') this.#map.set(prefix, [known, position])
    else known.push(position)
  }

  /** Those of all prefixes of `digest`, a SHA-256 in lower-case hexadecimal, in no order. */
  positionsOf(digest: string): number[] {
    const positions: number[] = []
    for (const length of this.#lengths) {
      const first = this.#table?.[slotOf(digest, length)] ?? 0
      if (first > 0) positions.push(first - 1)
      const others = this.#map.get(digest.slice(0, length)) ?? []
      if (typeof others === 'number') positions.push(others)
      else for (const position of others) positions.push(position)
    }
    return positions
  }
}

/**
 * The first `length` digits as a number behind a leading one, so that `0a` is not `a`; 0, which no
 * prefix has, for too many and for what is no digit of a digest.
 */
function slotOf(text: string, length: number): number {
  if (length > tableDigits) return 0
  let slot = 1
  for (let at = 0; at < length; at++) {
    const digit = digitOf(text.charCodeAt(at))
    if (digit < 0) return 0
    slot = slot * 16 + digit
  }
  return slot
}

function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x57 : -1
}
