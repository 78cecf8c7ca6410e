/**
 * One piece of work that several callers wait for. A caller that aborts stops waiting; the work is
 * aborted when the last caller stops waiting.
 */

/** Work under way, by key. A settled task is forgotten. */
export class SharedTasks<T> {
  readonly #running = new Map<string, SharedTask<T>>()

  /** Joins the work under `key`, or starts it. */
  run(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    let task = this.#running.get(key)
    if (!task) {
      task = new SharedTask(work)
      this.#running.set(key, task)
      const settled = (): void => {
        if (this.#running.get(key) === task) this.#running.delete(key)
      }
      task.promise.then(settled, settled)
    }
    return task.join(signal, () => this.#running.delete(key))
  }
}

class SharedTask<T> {
  readonly promise: Promise<T>
  readonly #controller = new AbortController()
  #waiting = 0

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.promise = work(this.#controller.signal)
  }

  join(signal: AbortSignal | undefined, abandoned: () => void): Promise<T> {
    this.#waiting += 1
    if (!signal) return this.promise
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason)
        this.#waiting -= 1
        if (this.#waiting > 0) return
        abandoned()
        this.#controller.abort(signal.reason)
      }
      if (signal.aborted) {
        leave()
        return
      }
      signal.addEventListener('abort', leave, { once: true })
      const done = (): void => {
        signal.removeEventListener('abort', leave)
      }
      this.promise.then(
        (value) => {
          done()
          resolve(value)
        },
        (error: unknown) => {
          done()
          reject(error)
        },
      )
    })
  }
}
