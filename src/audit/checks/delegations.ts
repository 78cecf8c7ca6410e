/** The delegations of one role: their names, their paths, and how they lie over each other. */
import { Turns } from '../../client/turns.js'
import { binsOf } from '../../core/metadata/delegations.js'
import type { DelegatedRole, Delegations } from '../../core/metadata/model.js'
import { isJsonObject, member, type JsonObject, type JsonValue } from '../../core/json/value.js'
import { count } from '../../words/amounts.js'
import { rest } from '../budget.js'
import type { Audit } from '../context.js'
import { quoted } from '../findings.js'
import { checkCovered } from './covered.js'
import { checkRoleName } from './names.js'

/** Checks that need the delegator's file alone. */
export async function checkDelegations(
  audit: Audit,
  delegator: string,
  delegations: Delegations,
  raw: JsonObject | undefined,
): Promise<void> {
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
  const turns = new Turns()
  for (const role of roles) {
    if (turns.isOver) await rest(audit, turns)
    checkRole(audit, delegator, role)
  }
  checkPrefixes(audit, delegator, roles)
  // Those that the scanner proved lie beside each other.
  if (binsOf(delegations) === undefined) await checkCovered(audit, delegator, roles)
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
