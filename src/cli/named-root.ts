/** Adds the file of the given root to an error about that root. */
import { isTufError } from '../errors.js'

/** Runs `work`. */
export async function namingRoot<T>(file: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (file !== undefined && isTufError(error) && error.origin?.from === 'given') {
      error.origin = { from: 'given', file }
    }
    throw error
  }
}
