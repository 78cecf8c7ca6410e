/** The fields of a refusal, in a form that tests compare whole. */
import { FetchError, RepositoryError, isTufError } from '../../src/errors.js'

/** The code, and role and step where the repository was refused. */
export interface Refused {
  readonly code: string
  readonly role?: string
  readonly step?: string
  readonly url?: string
}

/** The refusal of `judge`. */
export function refusalOf(judge: () => unknown): Refused {
  try {
    judge()
  } catch (error) {
    return refused(error)
  }
  throw new Error('accepted')
}

/** The same for work that is under way; the URL is left out. */
export async function refusalOfTask(task: Promise<unknown>): Promise<Refused> {
  const outcome = await task.then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  if (!outcome) throw new Error('accepted')
  return refused(outcome.error)
}

function refused(error: unknown): Refused {
  if (error instanceof RepositoryError) {
    return { code: error.code, role: error.role, step: error.step }
  }
  if (error instanceof FetchError) return { code: error.code, url: error.url }
  if (isTufError(error)) return { code: error.code }
  throw error
}
