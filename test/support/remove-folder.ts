import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Removes a folder of a program that ends slowly: it may write one more file into a folder after
 * `rmSync` listed it, and `rmSync` itself only tries again what it listed.
 */
export async function removeFolder(path: string): Promise<void> {
  for (let left = 50; ; left--) {
    try {
      rmSync(path, { recursive: true, force: true })
      return
    } catch (error) {
      if (left === 0) throw error
      await sleep(200)
    }
  }
}
