/** The roles that a client trusts while it works, for the chain of a question that is refused. */
import type { UpdaterEvent } from '../client/events.js'
import type { ExplainedRole } from '../client/explanation.js'
import { RepositoryError, type TufError } from '../errors.js'
import { refusedRole, topLevel, type ChainPicture } from './chain.js'

/**
 * Notes the decisions of one refresh and one question.
 *
 * @example
 * ```ts
 * import { isTufError, Updater, type UpdaterOptions } from 'tuffet'
 * import { drawChain, TrustedRoles } from 'tuffet/picture'
 *
 * // The chain of trust as SVG, down to the file or to the role that was refused.
 * async function draw(options: UpdaterOptions, path: string): Promise<string> {
 *   const trusted = new TrustedRoles()
 *   const updater = new Updater({ ...options, onEvent: (event) => trusted.note(event) })
 *   try {
 *     return drawChain(await (await updater.refresh()).explain(path))
 *   } catch (error) {
 *     if (!isTufError(error)) throw error
 *     return drawChain(trusted.until(error, path, Date.now()))
 *   }
 * }
 * ```
 */
export class TrustedRoles {
  readonly #roles = new Map<string, ExplainedRole>()

  /** Takes an event of the updater. */
  note(event: UpdaterEvent): void {
    if (event.type !== 'decision' || event.verdict !== 'trusted') return
    const { role, version, expires, report } = event
    this.#roles.delete(role)
    this.#roles.set(role, { role, version, expires, ...report })
  }

  /** The newest trusted version of each role, in the order in which they were trusted. */
  get all(): readonly ExplainedRole[] {
    return [...this.#roles.values()]
  }

  /** The chain down to the role that `error` refuses. `now`: milliseconds since 1970. */
  until(error: TufError, path: string, now: number): ChainPicture {
    return { path, now, error, chain: this.#chainTo(error, path) }
  }

  #chainTo(error: TufError, path: string): ExplainedRole[] {
    const refused = refusedRole(error, path)
    const depth = topLevel.indexOf(refused ?? '')
    // A new root is refused by the one that is trusted.
    const above = topLevel.slice(0, depth < 0 ? topLevel.length : Math.max(1, depth))
    const delegated = depth < 0 ? this.#delegatedTo(error) : []
    return [...above, ...delegated].flatMap((role) => this.#roles.get(role) ?? [])
  }

  /** From below `targets` to the delegator of the refused role. */
  #delegatedTo(error: TufError): string[] {
    const named = error instanceof RepositoryError ? error.delegator : undefined
    const chain: string[] = []
    // Where the error does not say so, the search went on from the role trusted last.
    let role = named ?? [...this.#roles.keys()].at(-1)
    while (role !== undefined && !topLevel.includes(role) && !chain.includes(role)) {
      chain.unshift(role)
      role = this.#roles.get(role)?.delegator
    }
    return chain
  }
}
