/** Findings, and the collector that keeps their number bounded. */
import { clientsThatDiffer } from './clients/clients.js'
import type { Severity } from './kinds/kind-row.js'
import {
  findingCodes,
  findingKinds,
  needsClients,
  vectorsOf,
  type FindingCode,
} from './kinds/kinds.js'

/** One finding. Texts may hold characters from the repository: escape them for a terminal. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** The role whose file it is about, cut after 1,024 characters. */
  readonly role: string
  /**
   * A target path, a keyid, a pattern or a file name, where there is one; cut after 1,024 characters.
   */
  readonly subject?: string
  /** A sentence, cut after 4,096 characters. */
  readonly message: string
  /** Advice for the operator. */
  readonly advice: string
  /** Clients, with versions, that refuse the file or read it in another way. */
  readonly clients?: readonly string[]
  /** Milliseconds since 1970, where it is about an expiry. */
  readonly expires?: number
}

/** A finding on its way in. */
export interface FindingDraft {
  readonly code: FindingCode
  readonly role: string
  readonly message: string
  readonly subject?: string | undefined
  readonly expires?: number | undefined
  /** Besides those of the kind. */
  readonly vectors?: readonly string[] | undefined
  readonly clients?: readonly string[] | undefined
  /** For how many things it stands. Default 1. */
  readonly count?: number | undefined
}

/** Characters of a role or a subject: those of repositories are shorter. */
const longestSubject = 1_024

/** Characters of a message: several names, and words. */
const longestMessage = 4_096

/** Characters of a name in a message. */
const longestName = 200

/** The name of a role in a report. */
export function roleInReport(name: string): string {
  return cut(name, longestSubject)
}

/** A name in a message: quoted, and cut where it is long. */
export function quoted(name: string): string {
  return JSON.stringify(cut(name, longestName))
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** `"a"`, `"a" and "b"`, `"a", "b" and 5 more`. */
export function examples(names: readonly string[], total: number): string {
  const shown = names.slice(0, 3).map(quoted)
  const more = total - shown.length
  if (more > 0) return `${shown.join(', ')} and ${more} more`
  const last = shown.pop() ?? ''
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}

/** Keeps the first findings of each kind, and counts all. */
export class Findings {
  readonly #most: number
  readonly #kept = new Map<FindingCode, Finding[]>()
  readonly #totals = new Map<FindingCode, number>()

  constructor(most: number) {
    this.#most = most
  }

  add(draft: FindingDraft): void {
    const { code, role, message, subject, expires, vectors = [], clients = [], count = 1 } = draft
    const others = new Set([...clients, ...clientsThatDiffer([...vectorsOf(code), ...vectors])])
    if (needsClients(code) && others.size === 0) return
    this.#totals.set(code, (this.#totals.get(code) ?? 0) + count)
    const kept = this.#kept.get(code) ?? []
    if (kept.length >= this.#most) return
    this.#kept.set(code, kept)
    kept.push({
      code,
      severity: findingKinds[code].severity,
      role: roleInReport(role),
      ...(subject !== undefined && { subject: cut(subject, longestSubject) }),
      message: cut(message, longestMessage),
      advice: findingKinds[code].advice,
      ...(others.size > 0 && { clients: [...others] }),
      ...(expires !== undefined && { expires }),
    })
  }

  has(code: FindingCode): boolean {
    return this.#totals.has(code)
  }

  /** The worst first; in one severity in the order of the table, then by role and subject. */
  list(): readonly Finding[] {
    const order: readonly Severity[] = ['error', 'warning', 'notice']
    const all = findingCodes.flatMap((code) =>
      [...(this.#kept.get(code) ?? [])].sort(
        (a, b) => compare(a.role, b.role) || compare(a.subject ?? '', b.subject ?? ''),
      ),
    )
    return order.flatMap((severity) => all.filter((one) => one.severity === severity))
  }

  totals(): Readonly<Partial<Record<FindingCode, number>>> {
    return Object.fromEntries(
      findingCodes.flatMap((code) => {
        const total = this.#totals.get(code)
        return total === undefined ? [] : [[code, total]]
      }),
    )
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
