/**
 * The targets of all roles: each entry is checked when its role is read; all of them are compared when
 * every delegation is known, by the searches that clients make.
 */
import { Turns } from '../../client/turns.js'
import { digestText } from '../../core/keys/hash.js'
import type { Delegations, TargetFile, Targets } from '../../core/metadata/model.js'
import { count } from '../../words/amounts.js'
import { bounded, keep, rest } from '../budget.js'
import { HashUse, isVerifiable } from '../checks/hashes.js'
import { checkTargetName, folded } from '../checks/names.js'
import { clientsBelow } from '../clients/client-limits.js'
import { incomplete, type Audit } from '../context.js'
import { quoted } from '../findings.js'
import { visitedRoles } from './search.js'
import type { TargetFiles } from './target-files.js'

export class TargetTable {
  readonly #audit: Audit
  readonly #files: TargetFiles
  /** Path → the roles that list it, by number. */
  readonly #listed = new Map<string, number | number[]>()
  readonly #roles: string[] = []
  readonly #hashes = new HashUse()

  constructor(audit: Audit, files: TargetFiles) {
    this.#audit = audit
    this.#files = files
  }

  /** Checks the entries of a role, and asks for their files. */
  async add(role: string, { targets }: Targets): Promise<void> {
    if (targets.size === 0) return
    const { counters, limits } = this.#audit
    const number = this.#roles.push(role) - 1
    const turns = new Turns()
    for (const [path, target] of targets) {
      if (turns.isOver) await rest(this.#audit, turns)
      counters.targets += 1
      checkTargetName(this.#audit, role, path)
      this.#hashes.take(role, path, target.hashes)
      this.#checkVerifiable(role, target)
      if (counters.targets > limits.targets) {
        incomplete(this.#audit, `The audit's own limit targets of ${limits.targets} was reached.`)
      } else {
        this.#remember(path, number)
      }
      await this.#files.take(role, target)
    }
  }

  #checkVerifiable(role: string, { path, hashes }: TargetFile): void {
    if (isVerifiable(this.#audit, hashes)) return
    const message = `${quoted(path)} is listed by ${quoted([...hashes.keys()].join(', '))} alone.`
    this.#audit.findings.add({ code: 'hash-unknown', role, subject: path, message })
  }

  #remember(path: string, role: number): void {
    const known = this.#listed.get(path)
    if (known === undefined) {
      keep(this.#audit, pathRow + path.length)
      this.#listed.set(path, role)
    }
    if (typeof known === 'number') this.#listed.set(path, [known, role])
    else if (known && known.length < mostRolesOfPath) known.push(role)
  }

  /** Compares all entries, after the last role. */
  async compare(delegators: ReadonlyMap<string, Delegations>): Promise<void> {
    this.#hashes.report(this.#audit)
    const alike = new Map<string, string>()
    const deep = new TooDeep()
    const turns = new Turns()
    for (const [path, roles] of this.#listed) {
      if (turns.isOver) await rest(this.#audit, turns)
      this.#compareNames(alike, path, roles)
      if (this.#audit.steps.left >= 0) this.#search(delegators, path, roles, deep)
    }
    deep.report(this.#audit)
    if (this.#audit.steps.left >= 0) return
    incomplete(
      this.#audit,
      `The audit's own limit steps of ${this.#audit.limits.steps} was reached.`,
    )
  }

  #compareNames(alike: Map<string, string>, path: string, roles: number | number[]): void {
    const fold = folded(path)
    if (fold !== path) keep(this.#audit, 2 * fold.length)
    const other = alike.get(fold)
    alike.set(fold, path)
    if (other === undefined) return
    this.#audit.findings.add({
      code: 'target-names-alike',
      role: this.#firstOf(roles),
      subject: path,
      message: `${quoted(path)} and ${quoted(other)} differ by the case or the form of letters only.`,
    })
  }

  #firstOf(roles: number | number[]): string {
    return this.#roles[typeof roles === 'number' ? roles : (roles[0] ?? 0)] ?? ''
  }

  #search(
    delegators: ReadonlyMap<string, Delegations>,
    path: string,
    roles: number | number[],
    deep: TooDeep,
  ): void {
    let known: string | undefined
    const digest = (): string => (known ??= digestText(path, this.#audit.cryptography))
    const visited = bounded(this.#audit, (steps) => visitedRoles(delegators, path, digest, steps))
    if (!visited) return
    const names = (typeof roles === 'number' ? [roles] : roles).map((one) => this.#roles[one] ?? '')
    let first: string | undefined
    let at = 0
    for (const role of visited) {
      at += 1
      if (!names.includes(role)) continue
      first ??= role
      if (first === role) deep.add(role, path, at)
      else this.#noteShadowed(role, first, path)
    }
    const unfound = names.filter((role) => !visited.has(role))
    if (unfound.length === 0) return
    const further = bounded(this.#audit, (steps) =>
      visitedRoles(delegators, path, digest, steps, 'without ends'),
    )
    if (!further) return
    for (const role of unfound) this.#noteUnfound(role, path, further.has(role))
  }

  #noteShadowed(role: string, first: string, path: string): void {
    const message = `${quoted(path)} is listed by ${quoted(first)} too, which clients ask before.`
    this.#audit.findings.add({ code: 'target-shadowed', role, subject: path, message })
  }

  #noteUnfound(role: string, path: string, isCut: boolean): void {
    const why = isCut
      ? 'a terminating delegation ends the search before'
      : 'no delegation to the role covers the path'
    const message = `No search finds ${quoted(path)} in it: ${why}.`
    this.#audit.findings.add({ code: 'target-unfound', role, subject: path, message })
  }
}

/** Bytes of two rows of maps, roughly: of all paths, and of their names on disks. */
const pathRow = 200

/** A hostile repository lists one path in each of a million roles. */
const mostRolesOfPath = 16

/** The longest search. */
class TooDeep {
  #most = 0
  #role = ''
  #path = ''

  add(role: string, path: string, roles: number): void {
    if (roles <= this.#most) return
    this.#most = roles
    this.#role = role
    this.#path = path
  }

  report(audit: Audit): void {
    const clients = clientsBelow('roles', this.#most)
    if (clients.length === 0) return
    const message = `A search for ${quoted(this.#path)} visits ${count(this.#most, 'role')}.`
    const place = { role: this.#role, subject: this.#path }
    audit.findings.add({ ...place, code: 'too-many-roles-for-clients', message, clients })
  }
}
