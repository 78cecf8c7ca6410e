/** Things that stay in memory while they are the latest used, up to a weight. */

/** @internal */
export interface Weighed {
  readonly weight: number
}

/** @internal */
export class LatestUsed<T extends Weighed> {
  readonly #most: number
  readonly #forgotten: ((entry: T) => void) | undefined
  /** The latest used last. */
  readonly #entries = new Map<string, T>()
  #weight = 0

  /**
   * @param most the most that all may weigh together
   * @param forgotten called with each that has to go
   */
  constructor(most: number, forgotten?: (entry: T) => void) {
    this.#most = most
    this.#forgotten = forgotten
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  set(key: string, weighed: T): void {
    this.delete(key)
    this.#entries.set(key, weighed)
    this.#weight += weighed.weight
    for (const [oldest, entry] of this.#entries) {
      if (this.#weight <= this.#most) break
      this.delete(oldest)
      this.#forgotten?.(entry)
    }
  }

  delete(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0
    this.#entries.delete(key)
  }
}
