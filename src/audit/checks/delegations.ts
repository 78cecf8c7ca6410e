/** The delegations of one role: their names, their paths, and how they lie over each other. */
import { binsOf } from '../../core/metadata/delegations.js'
import type { DelegatedRole, Delegations } from '../../core/metadata/model.js'
import { edgesFor } from '../../core/search/delegation.js'
import type { Steps } from '../../core/search/path-pattern.js'
import { isJsonObject, member, type JsonObject, type JsonValue } from '../../core/json/value.js'
import { count } from '../../words/amounts.js'
import type { Audit } from '../context.js'
import { quoted } from '../findings.js'
import { checkRoleName } from './names.js'

/** Checks that need the delegator's file alone. */
export function checkDelegations(
  audit: Audit,
  delegator: string,
  delegations: Delegations,
  raw: JsonObject | undefined,
  steps: Steps,
): void {
  const { succinct } = delegations
  if (succinct) {
    const bins = 2 ** succinct.bitLength
    const message = `It delegates to ${count(bins, 'bin')} ${quoted(`${succinct.namePrefix}-…`)}.`
    audit.findings.add({ code: 'succinct-roles', role: delegator, message })
    checkRoleName(audit, delegator, succinct.namePrefix)
    return
  }
  const { roles = [] } = delegations
  checkTerminating(audit, delegator, raw)
  for (const role of roles) checkRole(audit, delegator, role)
  checkPrefixes(audit, delegator, roles)
  // Those that the scanner proved lie beside each other.
  if (binsOf(delegations) === undefined) checkCovered(audit, delegator, delegations, steps)
}

function checkRole(audit: Audit, delegator: string, role: DelegatedRole): void {
  const { name, paths, pathHashPrefixes = [] } = role
  checkRoleName(audit, delegator, name)
  const place = { role: delegator, subject: name }
  if ((paths ?? pathHashPrefixes).length === 0) {
    const message = `Its delegation to ${quoted(name)} lists no paths.`
    audit.findings.add({ ...place, code: 'delegation-empty', message })
  }
  const never = pathHashPrefixes.filter((prefix) => !/^[0-9a-f]{0,64}$/.test(prefix))
  if (never.length > 0) {
    const message = `Its delegation to ${quoted(name)} lists the prefix ${quoted(never[0] ?? '')}.`
    audit.findings.add({ ...place, code: 'prefix-never-matches', message, count: never.length })
  }
  for (const pattern of paths ?? []) checkPattern(audit, delegator, name, pattern)
}

interface PatternTrait {
  readonly matches: RegExp
  readonly words: string
  readonly vectors: readonly string[]
}

const patternTraits: readonly PatternTrait[] = [
  {
    matches: /\*\*/,
    words: 'two stars in a row',
    vectors: ['path-patterns-double-star', 'path-patterns-double-star-directory'],
  },
  {
    matches: /[{}]/,
    words: 'braces',
    vectors: ['path-patterns-braces', 'path-patterns-braces-not'],
  },
  {
    matches: /[[\]]/,
    words: 'brackets',
    vectors: [
      'path-patterns-class-caret',
      'path-patterns-class-negated',
      'path-patterns-class-unclosed',
    ],
  },
  {
    matches: /^[!#]/,
    words: 'a mark at its beginning that negates or comments',
    vectors: ['path-patterns-negated-pattern', 'path-patterns-hash'],
  },
  { matches: /[+@!?*]\(/, words: 'a group', vectors: ['path-patterns-extended'] },
  {
    matches: /\\/,
    words: 'a backslash',
    vectors: ['path-patterns-backslash-star', 'path-patterns-backslash-letter'],
  },
]

function checkPattern(audit: Audit, delegator: string, name: string, pattern: string): void {
  const found = patternTraits.filter(({ matches }) => matches.test(pattern))
  if (found.length === 0) return
  audit.findings.add({
    code: 'pattern-disputed',
    role: delegator,
    subject: pattern,
    message: `The pattern ${quoted(pattern)} for ${quoted(name)} contains ${found.map(({ words }) => words).join(', ')}.`,
    vectors: found.flatMap(({ vectors }) => vectors),
  })
}

/** Where the scanner has proved hash bins, the raw table is empty: they all say it. */
function checkTerminating(audit: Audit, delegator: string, raw: JsonObject | undefined): void {
  const roles = raw && member(raw, 'roles')
  if (!isList(roles)) return
  const objects = roles.filter((role) => isJsonObject(role))
  const silent = objects.filter((role) => member(role, 'terminating') === undefined)
  const [first] = silent
  if (first === undefined) return
  const name = member(first, 'name')
  const message = `${silent.length} of ${count(roles.length, 'delegation')} leave open whether they are terminating.`
  audit.findings.add({
    code: 'terminating-missing',
    role: delegator,
    subject: typeof name === 'string' ? name : '',
    message,
    count: silent.length,
  })
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Fewer are rather single roles than bins. */
const leastBins = 2

function checkPrefixes(audit: Audit, delegator: string, roles: readonly DelegatedRole[]): void {
  const bins = roles.filter(({ pathHashPrefixes = [] }) => pathHashPrefixes.length > 0)
  if (bins.length < leastBins || bins.length < roles.length) return
  const prefixes = bins.flatMap(({ pathHashPrefixes = [] }) => pathHashPrefixes).sort()
  let covered = 0
  let last: string | undefined
  for (const prefix of prefixes) {
    if (!/^[0-9a-f]*$/.test(prefix) || (last !== undefined && prefix.startsWith(last))) continue
    covered += 16 ** -prefix.length
    last = prefix
  }
  if (covered >= 1) return
  const message = `Its ${count(bins.length, 'hash bin')} cover ${(covered * 100).toFixed(1)} of 100 paths.`
  audit.findings.add({ code: 'bins-incomplete', role: delegator, message })
}

/**
 * Delegations that an earlier one covers as a whole. A pattern without `?` and classes that matches the
 * text of another one matches all that the other does.
 */
function checkCovered(
  audit: Audit,
  delegator: string,
  delegations: Delegations,
  steps: Steps,
): void {
  const { roles = [] } = delegations
  for (const [at, role] of roles.entries()) {
    const { paths = [], pathHashPrefixes = [] } = role
    const texts = role.paths ? paths : pathHashPrefixes
    if (texts.length === 0) continue
    let covering: DelegatedRole | undefined
    let terminating = true
    for (const text of texts) {
      if (steps.left < 0) return
      const earlier = earlierCover(delegations, roles, at, text, role.paths !== undefined, steps)
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

function earlierCover(
  delegations: Delegations,
  roles: readonly DelegatedRole[],
  at: number,
  text: string,
  isPattern: boolean,
  steps: Steps,
): DelegatedRole | undefined {
  // A prefix as the digest: it lies below every prefix that is its own beginning.
  const matched = edgesFor(delegations, isPattern ? text : '', () => (isPattern ? '' : text), steps)
  let found: DelegatedRole | undefined
  for (const { name } of matched) {
    const position = positions(roles).get(name) ?? at
    if (position >= at) break
    const one = roles[position]
    if (one === undefined || isPattern !== (one.paths !== undefined)) continue
    if (isPattern && !one.paths?.some((pattern) => !/[?[]/.test(pattern) && covers(pattern, text)))
      continue
    if (one.terminating) return one
    found ??= one
  }
  return found
}

function covers(pattern: string, text: string): boolean {
  const [one, other] = [pattern.split('/'), text.split('/')]
  return (
    one.length === other.length &&
    one.every((segment, at) => coversSegment(segment, other[at] ?? ''))
  )
}

/** `*` alone is wild in `segment`; the parts between its stars stand in `text` in their order. */
function coversSegment(segment: string, text: string): boolean {
  const parts = segment.split('*')
  const [first = ''] = parts
  if (parts.length === 1) return segment === text
  const last = parts.at(-1) ?? ''
  if (text.length < first.length + last.length) return false
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let from = first.length
  const end = text.length - last.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from)
    if (found < 0 || found + part.length > end) return false
    from = found + part.length
  }
  return true
}

const positionsOf = new WeakMap<readonly DelegatedRole[], ReadonlyMap<string, number>>()

function positions(roles: readonly DelegatedRole[]): ReadonlyMap<string, number> {
  const known = positionsOf.get(roles) ?? new Map(roles.map(({ name }, at) => [name, at]))
  positionsOf.set(roles, known)
  return known
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
