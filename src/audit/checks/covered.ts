/**
 * Delegations that an earlier one covers as a whole. A pattern without `?` and classes that matches the
 * text of another one matches all that the other does; a prefix covers those that it begins.
 */
import { Turns } from '../../client/turns.js'
import type { DelegatedRole } from '../../core/metadata/model.js'
import type { Steps } from '../../core/search/path-pattern.js'
import { PatternIndex } from '../../core/search/pattern-index.js'
import { PrefixIndex } from '../../core/search/prefix-index.js'
import { bounded, rest } from '../budget.js'
import type { Audit } from '../context.js'
import { quoted } from '../findings.js'

/** Compares the delegations of one role with each other, within the steps of the audit. */
export async function checkCovered(
  audit: Audit,
  delegator: string,
  roles: readonly DelegatedRole[],
): Promise<void> {
  const covers = new Covers(roles)
  const turns = new Turns()
  for (const [at, role] of roles.entries()) {
    const { paths, pathHashPrefixes = [] } = role
    let covering: DelegatedRole | undefined
    let terminating = true
    for (const text of paths ?? pathHashPrefixes) {
      if (turns.isOver) await rest(audit, turns)
      if (audit.steps.left < 0) return
      const earlier = bounded(audit, (steps) =>
        covers.before(at, text, paths ? 'pattern' : 'prefix', steps),
      )
      if (!earlier) {
        covering = undefined
        break
      }
      covering ??= earlier
      terminating &&= earlier.terminating
    }
    if (covering) noteCovered(audit, delegator, role, covering, terminating)
  }
}

class Covers {
  readonly #roles: readonly DelegatedRole[]
  readonly #patterns: PatternIndex
  readonly #prefixes: PrefixIndex

  constructor(roles: readonly DelegatedRole[]) {
    this.#roles = roles
    const plain = (pattern: string): boolean => !/[?[]/.test(pattern)
    this.#patterns = new PatternIndex(
      roles.map(({ paths = [] }) => ({ paths: paths.filter(plain) })),
    )
    this.#prefixes = new PrefixIndex(roles)
  }

  /** The first role before `at` that covers the text; a terminating one is preferred. */
  before(
    at: number,
    text: string,
    kind: 'pattern' | 'prefix',
    steps: Steps,
  ): DelegatedRole | undefined {
    steps.left -= text.length
    const positions = new Set<number>()
    if (kind === 'pattern') this.#patterns.findOwners(text, steps, positions)
    // A prefix as the digest: it lies below every prefix that is its own beginning.
    else for (const position of this.#prefixes.positionsOf(text)) positions.add(position)
    steps.left -= positions.size
    const earlier = [...positions].filter((position) => position < at).sort((a, b) => a - b)
    const found = earlier.map((position) => this.#roles[position])
    return found.find((role) => role?.terminating) ?? found[0]
  }
}

function noteCovered(
  audit: Audit,
  delegator: string,
  role: DelegatedRole,
  covering: DelegatedRole,
  terminating: boolean,
): void {
  const code = terminating ? 'delegation-unreachable' : 'delegation-overlapped'
  const kind = terminating ? 'terminating delegation' : 'delegation'
  const message = `Its ${kind} to ${quoted(covering.name)} comes before ${quoted(role.name)}, and covers all its paths.`
  audit.findings.add({ code, role: delegator, subject: role.name, message })
}
