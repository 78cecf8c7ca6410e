/** The store as it is, read beside the updaters: whole files, and no older ones. */
import { setTimeout } from 'node:timers/promises'
import type { Redis } from 'ioredis'

export const floors: readonly string[] = ['root', 'timestamp', 'snapshot', 'targets']

/** @throws Error for a file that is not whole */
export async function storedVersion(client: Redis, key: string, role: string): Promise<number> {
  const bytes = await client.hgetBuffer(key, `${role}.json`)
  if (bytes === null) return 0
  const { signed }: { signed: { version: number } } = JSON.parse(bytes.toString())
  return signed.version
}

/** Reads again and again until it is stopped. */
export class Watch {
  #ended = false
  readonly #done: Promise<number>

  constructor(client: Redis, key: string) {
    this.#done = this.#run(client, key)
    // Thrown by `stop`.
    this.#done.catch(() => undefined)
  }

  /** @returns the files that were read. Throws Error when one was not whole, or older than one before. */
  async stop(): Promise<number> {
    this.#ended = true
    return this.#done
  }

  async #run(client: Redis, key: string): Promise<number> {
    const newest = new Map<string, number>()
    let reads = 0
    while (!this.#ended) {
      for (const role of floors) {
        const version = await storedVersion(client, key, role)
        // A rotation of its keys deletes it, for a moment (5.3.11).
        if (version === 0) continue
        const before = newest.get(role) ?? 0
        if (version < before) throw new Error(`${role} fell from ${before} to ${version}`)
        newest.set(role, version)
        reads += 1
      }
      await setTimeout(1)
    }
    return reads
  }
}
