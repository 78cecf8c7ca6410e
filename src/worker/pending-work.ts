/** Work under way, which somebody waits for before an end. */
export class PendingWork {
  readonly #running = new Set<Promise<unknown>>()

  /** The same promise, or what `work` throws as its rejection. */
  async add<T>(work: () => T | Promise<T>): Promise<T> {
    const running = Promise.resolve().then(work)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /** Done or failed, with the work that was added meanwhile. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
  }
}
