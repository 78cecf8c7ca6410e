/**
 * Environment markers (PEP 508, 685, 751): read strictly; judged where the environment says enough,
 * else left open.
 */
import { tryNormalizeName } from './names.js'
import { parseSpecifiers, satisfiesSpecifier } from './specifier.js'

/**
 * The values of marker variables, such as `python_version` → `3.12`; `extras` and
 * `dependency_groups` are lists. A missing value is unknown.
 */
export type MarkerEnvironment = Readonly<Record<string, string | readonly string[] | undefined>>

/** A parsed marker. */
export type Marker =
  | { readonly all: readonly Marker[] }
  | { readonly any: readonly Marker[] }
  | { readonly left: Operand; readonly operator: string; readonly right: Operand }

/** A variable by its current name, or a text. */
export interface Operand {
  readonly variable?: string
  /** Set where `variable` is not. */
  readonly text?: string
}

const versions = ['python_version', 'python_full_version', 'implementation_version']
const lists = ['extras', 'dependency_groups']
const variables: ReadonlyMap<string, string> = new Map([
  ...[
    ...versions,
    ...lists,
    'os_name',
    'sys_platform',
    'platform_machine',
    'platform_python_implementation',
    'platform_release',
    'platform_system',
    'platform_version',
    'implementation_name',
    'extra',
  ].map((name) => [name, name] as const),
  ['os.name', 'os_name'],
  ['sys.platform', 'sys_platform'],
  ['platform.version', 'platform_version'],
  ['platform.machine', 'platform_machine'],
  ['platform.python_implementation', 'platform_python_implementation'],
  ['python_implementation', 'platform_python_implementation'],
])

/** Every name of a variable that is one text, old ones too. */
export const markerVariables: readonly string[] = [...variables.keys()].filter(
  (name) => !lists.includes(name),
)

const token =
  /\s*(?:([()])|(===|==|~=|!=|<=|>=|<|>|not\s+in\b|in\b)|(and|or)\b|'([^']*)'|"([^"]*)"|([a-z_.]+))\s*/gy
const maxDepth = 64

/** The marker, or undefined when `text` is not a marker. */
export function parseMarker(text: string): Marker | undefined {
  const tokens: Token[] = []
  let end = 0
  for (const match of text.matchAll(token)) {
    end = match.index + match[0].length
    const [, bracket, operator, word, single, double, variable] = match
    const quoted = single ?? double
    if (quoted !== undefined) tokens.push({ operand: { text: quoted } })
    else if (variable === undefined) {
      tokens.push({ sign: (bracket ?? word ?? operator ?? '').replace(/\s+/, ' ') })
    } else {
      const known = variables.get(variable)
      if (known === undefined) return undefined
      tokens.push({ operand: { variable: known } })
    }
  }
  if (end < text.length) return undefined
  const reader = new MarkerReader(tokens)
  const marker = reader.any(0)
  return reader.atEnd ? marker : undefined
}

/** Whether a marker is true; undefined when the environment lacks a value it needs. */
export function evaluateMarker(
  marker: Marker,
  environment: MarkerEnvironment,
): boolean | undefined {
  if ('left' in marker) return compare(marker, environment)
  const [parts, decisive] = 'any' in marker ? [marker.any, true] : [marker.all, false]
  const results = parts.map((part) => evaluateMarker(part, environment))
  if (results.includes(decisive)) return decisive
  return results.includes(undefined) ? undefined : !decisive
}

interface Token {
  readonly sign?: string
  readonly operand?: Operand
}

/** `or` binds less than `and`. */
class MarkerReader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length
  }

  any(depth: number): Marker | undefined {
    return this.#list('or', () => this.#list('and', () => this.#one(depth), 'all'), 'any')
  }

  #list(
    word: 'or' | 'and',
    read: () => Marker | undefined,
    kind: 'any' | 'all',
  ): Marker | undefined {
    const parts: Marker[] = []
    do {
      const part = read()
      if (part === undefined) return undefined
      parts.push(part)
    } while (this.#take(word))
    if (parts.length === 1) return parts[0]
    return kind === 'any' ? { any: parts } : { all: parts }
  }

  #one(depth: number): Marker | undefined {
    if (this.#take('(')) {
      const inner = depth < maxDepth ? this.any(depth + 1) : undefined
      return this.#take(')') ? inner : undefined
    }
    const left = this.#tokens[this.#at++]?.operand
    const operator = this.#tokens[this.#at++]?.sign
    const right = this.#tokens[this.#at++]?.operand
    if (!left || !right || operator === undefined || /^(?:[()]|and|or)$/.test(operator)) {
      return undefined
    }
    return { left, operator, right }
  }

  #take(sign: string): boolean {
    if (this.#tokens[this.#at]?.sign !== sign) return false
    this.#at++
    return true
  }
}

function compare(
  { left, operator, right }: Extract<Marker, { readonly left: Operand }>,
  environment: MarkerEnvironment,
): boolean | undefined {
  const [a, b] = [left, right].map((side) => valueOf(side, environment))
  if (typeof a !== 'string' || b === undefined) return undefined
  const variable = left.variable ?? right.variable ?? ''
  if (typeof b !== 'string') {
    const inside = b.map(normal).includes(normal(a))
    return operator === 'in' ? inside : operator === 'not in' ? !inside : undefined
  }
  if (operator === 'in') return b.includes(a)
  if (operator === 'not in') return !b.includes(a)
  if (versions.includes(variable)) {
    const [specifier] = parseSpecifiers(operator + b) ?? []
    if (specifier) return satisfiesSpecifier(a, specifier)
  }
  const same = variable === 'extra' ? normal(a) === normal(b) : a === b
  if (operator === '==' || operator === '===') return same
  return operator === '!=' ? !same : undefined
}

function valueOf(
  operand: Operand,
  environment: MarkerEnvironment,
): string | readonly string[] | undefined {
  if (operand.variable === undefined) return operand.text
  return Object.hasOwn(environment, operand.variable) ? environment[operand.variable] : undefined
}

/** PEP 685: extras and groups are compared by their normal names. */
function normal(name: string): string {
  return tryNormalizeName(name) ?? name
}
