/** Finds the lists, among many, with a prefix of a digest: one look-up for each length of prefix. */

/** The longest prefix of a SHA-256. */
const digestDigits = 64

/** An owner, with its prefixes if it has any. */
export interface PrefixOwner {
  readonly pathHashPrefixes?: readonly string[]
}

/** Built once for a list of owners, in time linear in its length. */
export class PrefixIndex {
  readonly #map = new Map<string, number | number[]>()
  readonly #lengths = new Set<number>()

  constructor(owners: readonly PrefixOwner[]) {
    let position = 0
    for (const { pathHashPrefixes = [] } of owners) {
      for (const prefix of pathHashPrefixes) {
        if (prefix.length > digestDigits) continue
        this.#lengths.add(prefix.length)
        this.#add(prefix, position)
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
      const found = this.#map.get(digest.slice(0, length)) ?? []
      if (typeof found === 'number') positions.push(found)
      else for (const position of found) positions.push(position)
    }
    return positions
  }

  #add(prefix: string, position: number): void {
    const known = this.#map.get(prefix)
    // Nearly always one, which is kept without an array around it. An owner may repeat a prefix.
    if (known === undefined) this.#map.set(prefix, position)
    else if (typeof known === 'number') {
      if (known !== position) this.#map.set(prefix, [known, position])
    } else if (known.at(-1) !== position) known.push(position)
  }
}
