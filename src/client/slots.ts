/** A bounded number of things at once; others wait in the order in which they came. */

/** Gives a slot back. */
export type Leave = () => void

export class Slots {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(most: number) {
    this.#free = most
  }

  /** Resolves when there is a free slot. Throws the signal's reason. */
  async take(signal: AbortSignal): Promise<Leave> {
    signal.throwIfAborted()
    if (this.#free > 0) this.#free -= 1
    else await this.#wait(signal)
    let left = false
    return () => {
      if (left) return
      left = true
      const [next] = this.#waiting
      if (next) next()
      else this.#free += 1
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting.delete(start)
        reject(signal.reason as Error)
      }
      const start = (): void => {
        this.#waiting.delete(start)
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      this.#waiting.add(start)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }
}
