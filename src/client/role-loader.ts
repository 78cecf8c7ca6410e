/**
 * Loads the delegated roles that the searches of one view need. Rules:
 * - a role that is kept is not loaded again;
 * - searches that ask through the same edge at the same time share the answer, a refusal too;
 * - a role's file is asked for once at a time: another edge waits, and judges the same bytes;
 * - a role that was forgotten and is loaded again must be the same file;
 * - an edge that a walk left out stays so.
 */
import { offlineRole, onlineRole, type LoadedRole, type RoleRequest } from '../core/cycle/role.js'
import type { Edge, TargetsTrust } from '../core/trust/phases.js'
import { RepositoryError, SearchLimitError } from '../errors.js'
import { preferringBelow, type BelowRun } from './below.js'
import { drive } from './drive.js'
import { KeptRoles, type WeighedRole } from './kept-roles.js'
import { SharedTasks } from './shared-task.js'
import type { RepositoryContext } from './target.js'

/** The roles below a delegator that a walk found, and the error for the others. */
export interface StoppedAt {
  readonly roles: ReadonlySet<string>
  readonly error: Error
}

/** How many errors are kept: one holds some kilobytes. Of further edges only the names are. */
const mostErrors = 1_000

/** @internal */
export class RoleLoader {
  readonly #trust: TargetsTrust
  readonly #context: RepositoryContext
  readonly #kept: KeptRoles
  readonly #loading = new SharedTasks<WeighedRole>()
  /** The latest work on a role's file, by name, until it is done. */
  readonly #busy = new Map<string, Promise<LoadedRole | undefined>>()
  /** Errors of the edges that a walk left out. */
  readonly #leftOut = new Map<string, Error | undefined>()
  /** Delegators whose other edges a walk left out, because of a limit. */
  readonly #stopped = new Map<string, StoppedAt>()

  constructor(trust: TargetsTrust, context: RepositoryContext) {
    this.#trust = trust
    this.#context = context
    this.#kept = new KeptRoles(context.ports.limits, context.cycle.cryptography)
  }

  /** The role at the end of the edge, if it was loaded and is kept. */
  kept(edge: Edge): WeighedRole | undefined {
    return this.#kept.get(edge)
  }

  /** Else each search that comes by would fetch the role again, only to refuse it. */
  leaveOut(edge: Edge, error: Error): void {
    this.#leftOut.set(namesOf(edge), this.#leftOut.size < mostErrors ? error : undefined)
  }

  /** Of the roles that `delegator` names, only these are loaded. */
  stopBelow(delegator: string, stopped: StoppedAt): void {
    this.#stopped.set(delegator, stopped)
  }

  /**
   * The role at the end of the edge, as that edge's delegator believes it.
   *
   * @param onReceived called with the bytes of each part of a body that this call, and no other, asked for
   */
  load(
    edge: Edge,
    signal: AbortSignal | undefined,
    onReceived?: (bytes: number) => void,
  ): Promise<WeighedRole> {
    const error = this.#errorOf(edge)
    if (error !== undefined) return Promise.reject(error)
    const work = (shared: AbortSignal): Promise<WeighedRole> =>
      this.#inTurn(edge, shared, onReceived)
    return this.#loading.run(this.#kept.nameOf(edge), work, signal)
  }

  #errorOf(edge: Edge): Error | undefined {
    const stopped = this.#stopped.get(edge.delegator.role)
    if (stopped?.roles.has(edge.role.name) === false) return stopped.error
    const names = namesOf(edge)
    if (!this.#leftOut.has(names)) return undefined
    const { name } = edge.role
    return (
      this.#leftOut.get(names) ??
      new SearchLimitError({ role: name, step: '5.6.7.1' }, '*', mostErrors)
    )
  }

  async #inTurn(
    edge: Edge,
    signal: AbortSignal,
    onReceived?: (bytes: number) => void,
  ): Promise<WeighedRole> {
    const { name } = edge.role
    const before = this.#busy.get(name) ?? Promise.resolve(undefined)
    const work = before.then((loaded) => this.#judge(edge, loaded, signal, onReceived))
    const handedOn = work.catch(() => undefined)
    this.#busy.set(name, handedOn)
    try {
      return this.#kept.keep(edge, await work)
    } finally {
      // No caller waits for the bytes any more.
      if (this.#busy.get(name) === handedOn) this.#busy.delete(name)
    }
  }

  #judge(
    edge: Edge,
    loaded: LoadedRole | undefined,
    signal: AbortSignal,
    onReceived?: (bytes: number) => void,
  ): Promise<LoadedRole> {
    const { ports, below, cycle, offline } = this.#context
    const request: RoleRequest = {
      trust: this.#trust,
      edge,
      options: cycle,
      before: this.#kept.digestOf(edge.role.name),
    }
    const load = (run: BelowRun | undefined): Promise<LoadedRole> => {
      // Without the place below a file is read again: the loaded one may be from there.
      const reused = loaded && (run !== undefined || !below) ? { ...request, loaded } : request
      const cycleOf = offline ? offlineRole : onlineRole
      return drive(cycleOf(reused), { ...ports, below: run, onReceived }, signal)
    }
    return preferringBelow(below, ports.onEvent, load, loaded?.from === 'network').catch(
      (error: unknown) => {
        if (error instanceof RepositoryError) error.delegator ??= edge.delegator.role
        throw error
      },
    )
  }
}

/** The same for a delegator that was forgotten and loaded again: it is the same file. */
function namesOf({ delegator, role }: Edge): string {
  return JSON.stringify([delegator.role, role.name])
}
