/** Findings about roles that only all delegations together show. */
import { Turns } from '../../client/turns.js'
import type { Delegations, Snapshot } from '../../core/metadata/model.js'
import { keep, rest } from '../budget.js'
import { folded } from '../checks/names.js'
import type { Audit } from '../context.js'
import { examples, quoted } from '../findings.js'

interface Names {
  readonly names: string[]
  count: number
}

/** Bytes of a row of a map, roughly. */
const mapRow = 100

/** Names in a message. */
const mostNames = 3

export class RoleNotes {
  readonly #audit: Audit
  readonly #unlisted = new Map<string, Names>()
  readonly #folded = new Map<string, string>()

  constructor(audit: Audit) {
    this.#audit = audit
  }

  /** Roles that a delegator names and the snapshot does not list. */
  addUnlisted(delegator: string, names: readonly string[], count: number): void {
    const before = this.#unlisted.get(delegator)
    if (!before) keep(this.#audit, 2 * mapRow)
    const known = before ?? { names: [], count: 0 }
    known.count += count
    known.names.push(...names.slice(0, mostNames - known.names.length))
    this.#unlisted.set(delegator, known)
  }

  /** A name in a delegation. */
  addName(delegator: string, name: string): void {
    const fold = folded(name)
    const other = this.#folded.get(fold)
    if (other === undefined) {
      keep(this.#audit, mapRow + (fold === name ? 0 : 2 * fold.length))
      this.#folded.set(fold, name)
    }
    if (other === undefined || other === name) return
    const message = `${quoted(name)} and ${quoted(other)} differ by the case or the form of letters only.`
    this.#audit.findings.add({ code: 'role-names-alike', role: delegator, subject: name, message })
  }

  /** @param reached the roles that were delegated to */
  async report(
    snapshot: Snapshot,
    reached: ReadonlySet<string>,
    delegators: ReadonlyMap<string, Delegations>,
  ): Promise<void> {
    for (const [role, { names, count }] of this.#unlisted) {
      const message = `The snapshot does not list ${examples(names, count)}, to which it delegates.`
      this.#audit.findings.add({ code: 'role-unlisted', role, subject: names[0], message, count })
    }
    await this.#noteCycles(delegators)
    if (this.#audit.complete) this.#noteUnreached(snapshot, reached)
  }

  #noteUnreached(snapshot: Snapshot, reached: ReadonlySet<string>): void {
    const names: string[] = []
    let count = 0
    for (const file of snapshot.meta.keys()) {
      const name = file.endsWith('.json') ? file.slice(0, -'.json'.length) : file
      // Older repositories list the root too.
      if (reached.has(name) || name === 'root') continue
      count += 1
      if (names.length < mostNames) names.push(name)
    }
    if (count === 0) return
    const message = `It lists ${examples(names, count)}, to which no role delegates.`
    const place = { role: 'snapshot', subject: names[0] } as const
    this.#audit.findings.add({ ...place, code: 'role-unreached', message, count })
  }

  /** One walk over all edges between delegators, without recursion. */
  async #noteCycles(delegators: ReadonlyMap<string, Delegations>): Promise<void> {
    const turns = new Turns()
    const done = new Set<string>()
    const onWay = new Set<string>()
    const next = (name: string): Iterator<string, undefined> => leadingTo(delegators, name)
    for (const start of delegators.keys()) {
      if (done.has(start)) continue
      const way = [{ name: start, edges: next(start) }]
      onWay.add(start)
      for (let last = way.at(-1); last !== undefined; last = way.at(-1)) {
        if (turns.isOver) await rest(this.#audit, turns)
        const value = last.edges.next().value
        if (value === undefined) {
          done.add(last.name)
          onWay.delete(last.name)
          way.pop()
        } else if (onWay.has(value)) {
          const message = `It delegates to ${quoted(value)}, which leads back to it.`
          const place = { role: last.name, subject: value }
          this.#audit.findings.add({ ...place, code: 'delegation-cycle', message })
        } else if (!done.has(value)) {
          onWay.add(value)
          way.push({ name: value, edges: next(value) })
        }
      }
    }
  }
}

/** The delegators to which a role delegates. */
function* leadingTo(
  delegators: ReadonlyMap<string, Delegations>,
  name: string,
): Generator<string, undefined> {
  for (const { name: role } of delegators.get(name)?.roles ?? []) {
    if (delegators.has(role)) yield role
  }
  return undefined
}
