/**
 * Every delegated role through every edge. Files are fetched once, level by level, and judged for each
 * edge that leads to them; a role that a later level delegates to again is fetched again if other keys
 * may sign it there. Cycles end, because each role is followed once.
 */
import { Slots } from '../../client/slots.js'
import { Turns } from '../../client/turns.js'
import { isJsonObject, member, type JsonObject } from '../../core/json/value.js'
import type { Delegations, Root, Snapshot } from '../../core/metadata/model.js'
import { binsOf } from '../../core/metadata/delegations.js'
import { rootAuthority } from '../../core/trust/root.js'
import type { Authority } from '../../core/trust/verify.js'
import { isSuccinctBin, succinctBinName } from '../../core/search/delegation.js'
import { keep, readWeight, rest } from '../budget.js'
import { checkDelegations } from '../checks/delegations.js'
import { rawSigned } from '../checks/form.js'
import { checkAuthority, checkDelegatedKeys, checkKeyTable } from '../checks/keys.js'
import { incomplete, namingOf, noteLimit, type Audit, type AuditedRole } from '../context.js'
import { roleInReport } from '../findings.js'
import { Seat } from '../room.js'
import { Judges } from './judges.js'
import { digestOf, judgeAgain, readRoleFile, type ReadFile, type Wanted } from './read-file.js'
import { RoleNotes } from './role-notes.js'
import type { TargetTable } from './target-table.js'

/** A delegation that is to be followed. */
interface Pending {
  readonly authority: Authority
  readonly name: string
}

/** The roles that delegate, for searches. */
export type Delegators = Map<string, Delegations>

/** Roles in the report besides those at the top. */
const mostSoonest = 100

/** Different tables of keys for which one role is judged. */
const mostJudgements = 8

export class RoleWalk {
  readonly delegators: Delegators = new Map()
  readonly #audit: Audit
  readonly #root: Root
  readonly #snapshot: Snapshot
  readonly #targets: TargetTable
  readonly #slots: Slots
  /** Role → the numbers of the tables of keys it was judged by. */
  readonly #judged = new Map<string, number[]>()
  /** Role → the SHA-256 of its file, for later judgements. */
  readonly #digests = new Map<string, Promise<string | undefined>>()
  #level: Pending[] = []
  readonly #notes: RoleNotes
  readonly #judges: Judges

  constructor(audit: Audit, root: Root, snapshot: Snapshot, targets: TargetTable) {
    this.#audit = audit
    this.#root = root
    this.#snapshot = snapshot
    this.#targets = targets
    this.#notes = new RoleNotes(audit)
    this.#judges = new Judges(audit)
    this.#slots = new Slots(audit.options.concurrency ?? 8)
  }

  async run(): Promise<void> {
    const authority = rootAuthority(this.#root, 'targets')
    this.#level = [{ authority, name: 'targets' }]
    while (this.#level.length > 0) {
      const level = this.#level
      this.#level = []
      await this.#inParallel(level)
      if (this.#stopped) break
    }
    await this.#notes.report(this.#snapshot, new Set(this.#judged.keys()), this.delegators)
  }

  #stopped = false

  async #inParallel(level: readonly Pending[]): Promise<void> {
    const { source } = this.#audit
    const running = new Set<Promise<void>>()
    const turns = new Turns()
    let failure: { readonly error: unknown } | undefined
    for (const pending of level) {
      if (this.#stopped || failure) break
      if (turns.isOver) await turns.pause()
      const leave = await this.#slots.take(source.signal)
      const work = this.#follow(pending)
        .catch((error: unknown) => {
          try {
            noteLimit(this.#audit, error)
            this.#stopped = true
          } catch (other) {
            failure ??= { error: other }
          }
        })
        .finally(() => {
          leave()
          running.delete(work)
        })
      running.add(work)
    }
    await Promise.all(running)
    if (failure) throw failure.error
  }

  async #follow({ authority, name }: Pending): Promise<void> {
    const audit = this.#audit
    const judges = this.#judges.numberOf(authority)
    const before = this.#judged.get(name)
    if (before?.includes(judges)) return
    if (before && before.length >= mostJudgements) {
      incomplete(
        audit,
        `A role that more than ${mostJudgements} tables of keys speak for is not judged by all.`,
      )
      return
    }
    this.#judged.set(name, [...(before ?? []), judges])
    const listed = this.#snapshot.meta.get(`${name}.json`)
    if (listed === undefined) {
      this.#notes.addUnlisted(authority.delegator, [name], 1)
      return
    }
    if (!before && audit.counters.roles >= audit.limits.roles) {
      incomplete(audit, `The audit's own limit roles of ${audit.limits.roles} was reached.`)
      return
    }
    const naming = namingOf(this.#root)
    const seat = new Seat(audit.room)
    const wanted = { role: name, type: 'targets', naming, listed, authority, seat } as const
    try {
      if (before) await judgeAgain(audit, wanted, await this.#digests.get(name))
      else await this.#read(wanted)
    } finally {
      seat.leave()
    }
  }

  async #read(wanted: Wanted<'targets'>): Promise<void> {
    const audit = this.#audit
    const { role: name } = wanted
    if (name !== 'targets') audit.counters.roles += 1
    keep(audit, roleWeight)
    const reading = readRoleFile(audit, wanted)
    const digest = reading.then((one) => one && digestOf(audit, one.bytes))
    this.#digests.set(
      name,
      digest.catch(() => undefined),
    )
    const file = await reading
    if (!file) return
    const { version, expires } = file.envelope.signed
    this.#note({ role: roleInReport(name), version, expires, length: file.bytes.length })
    audit.options.onRole?.(name, audit.counters)
    await this.#addDelegations(name, file)
    await this.#targets.add(name, file.envelope.signed)
  }

  #note(role: AuditedRole): void {
    const { topLevel, soonest } = this.#audit
    if (role.role === 'targets') {
      topLevel.push(role)
      return
    }
    const last = soonest.at(-1)
    if (soonest.length >= mostSoonest && last && role.expires >= last.expires) return
    const at = soonest.findIndex(({ expires }) => expires > role.expires)
    soonest.splice(at < 0 ? soonest.length : at, 0, role)
    if (soonest.length > mostSoonest) soonest.pop()
  }

  async #addDelegations(
    delegator: string,
    { envelope, bytes }: ReadFile<'targets'>,
  ): Promise<void> {
    const audit = this.#audit
    const { delegations } = envelope.signed
    if (!delegations) return
    keep(audit, weightOf(delegations, bytes.length))
    this.delegators.set(delegator, delegations)
    const raw = rawSigned(audit, bytes, 'targets')
    const inner = raw && member(raw, 'delegations')
    const rawDelegations = isJsonObject(inner) ? inner : undefined
    await checkDelegations(audit, delegator, delegations, rawDelegations)
    await this.#checkKeys(delegator, delegations, rawDelegations)
    const { keys, roles = [], succinct } = delegations
    if (succinct) this.#addBins(delegator, delegations)
    for (const { name, keyids, threshold } of roles) {
      if (!this.#countEdge()) return
      this.#notes.addName(delegator, name)
      this.#level.push({ authority: { delegator, keys, keyids, threshold }, name })
    }
  }

  #countEdge(): boolean {
    const { counters, limits } = this.#audit
    if (counters.edges >= limits.edges) {
      incomplete(this.#audit, `The audit's own limit edges of ${limits.edges} was reached.`)
      return false
    }
    counters.edges += 1
    keep(this.#audit, edgeWeight)
    return true
  }

  /** The bins that the snapshot lists: of the others only the number is of interest. */
  #addBins(delegator: string, { keys, succinct }: Delegations): void {
    if (!succinct) return
    const { keyids, threshold } = succinct
    this.#audit.steps.left -= this.#snapshot.meta.size
    if (this.#audit.steps.left < 0) return
    const authority = { delegator, keys, keyids, threshold }
    let found = 0
    for (const file of this.#snapshot.meta.keys()) {
      const name = file.slice(0, -'.json'.length)
      if (!isSuccinctBin(succinct, name)) continue
      found += 1
      if (!this.#countEdge()) return
      this.#level.push({ authority, name })
    }
    const missing = 2 ** succinct.bitLength - found
    if (missing === 0) return
    const names: string[] = []
    for (let bin = 0; names.length < Math.min(3, missing) && bin <= found + 3; bin += 1) {
      const digest = (bin * 2 ** (32 - succinct.bitLength))
        .toString(16)
        .padStart(8, '0')
        .padEnd(64, '0')
      const name = succinctBinName(succinct, digest)
      if (!this.#snapshot.meta.has(`${name}.json`)) names.push(name)
    }
    this.#notes.addUnlisted(delegator, names, missing)
  }

  async #checkKeys(
    delegator: string,
    { keys, roles = [], succinct }: Delegations,
    raw: JsonObject | undefined,
  ): Promise<void> {
    const audit = this.#audit
    const table = raw && member(raw, 'keys')
    const used = new Set([...roles.flatMap(({ keyids }) => keyids), ...(succinct?.keyids ?? [])])
    await checkKeyTable(audit, delegator, keys, isJsonObject(table) ? table : undefined, used)
    const groups = new Map<string, { role: string; roles: number; authority: Authority }>()
    const add = (
      role: string,
      keyids: readonly string[],
      threshold: number,
      count: number,
    ): void => {
      const group = JSON.stringify([threshold, keyids])
      const known = groups.get(group)
      if (known) known.roles += count
      else
        groups.set(group, { role, roles: count, authority: { delegator, keys, keyids, threshold } })
    }
    for (const { name, keyids, threshold } of roles) add(name, keyids, threshold, 1)
    if (succinct)
      add(succinct.namePrefix, succinct.keyids, succinct.threshold, 2 ** succinct.bitLength)
    const turns = new Turns()
    for (const { role, roles: number, authority } of groups.values()) {
      if (turns.isOver) await rest(audit, turns)
      checkAuthority(audit, authority, { role, roles: number })
      checkDelegatedKeys(audit, this.#root, authority, role)
    }
  }
}

/** Bytes, roughly. Bins that were proved keep the bytes of their file too. */
function weightOf(delegations: Delegations, bytes: number): number {
  const bins = binsOf(delegations)
  return readWeight * bytes + (bins ? bins.weight + bytes : 0)
}

/** Bytes that a delegation takes up to the end besides the names in it, roughly. */
const edgeWeight = 400

/** The same for a role that was read. */
const roleWeight = 600
