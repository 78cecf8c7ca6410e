/**
 * The one glob matcher (4.5, `paths`): CPython's `fnmatchcase` for each segment between `/`, with
 * as many segments in the path as in the pattern. No backslash, brace or dot-file rule, no case
 * folding, on any platform. It neither recurses nor builds a regular expression.
 */

import { budget } from '../budget.js'

const SLASH = 0x2f
const BANG = 0x21
const HYPHEN = 0x2d
const QUESTION = 0x3f
const ASTERISK = 0x2a
const OPEN = 0x5b
const CLOSE = 0x5d

/** In code points, as every language can count them. */
const { patternLength: maximumLength } = budget

/** Both ends belong to it. */
interface Range {
  readonly first: number
  readonly last: number
}

interface CharacterClass {
  readonly negated: boolean
  readonly ranges: readonly Range[]
}

/** A code point stands for itself. */
type Token = number | 'star' | 'any' | CharacterClass

/** How many steps of comparing may still be taken; below zero, no answer counts. */
export interface Steps {
  left: number
}

/** A pattern ready for use; takes the code points of a path. */
export type PathPattern = (path: readonly number[], steps?: Steps) => boolean

/**
 * Whether a delegation's path pattern covers a target path.
 *
 * `*` stands for any run of characters, `?` for one code point, `[...]` for one of a class and
 * `[!...]` for one that is not in it; none of them for `/`. It takes at most as many steps as the
 * product of the two lengths. A pattern or path of more than 4,096 code points never matches.
 *
 * @example
 * ```ts runs
 * import { matchesPathPattern } from 'tuffet/core'
 *
 * matchesPathPattern('pkgs/*.whl', 'pkgs/a.whl') // true
 * matchesPathPattern('pkgs/*', 'pkgs/b/a.whl') // false: `*` does not match a `/`
 * ```
 */
export function matchesPathPattern(pattern: string, path: string): boolean {
  return compilePathPattern(pattern)(codePoints(path))
}

/** For patterns that are used more than once; see {@link matchesPathPattern}. */
export function compilePathPattern(pattern: string): PathPattern {
  if (codePoints(pattern).length > maximumLength) return () => false
  const tokens: Token[] = []
  for (const [index, segment] of pattern.split('/').entries()) {
    if (index > 0) tokens.push(SLASH)
    tokens.push(...tokenizeSegment(codePoints(segment)))
  }
  return (path, steps = { left: Infinity }) =>
    path.length <= maximumLength && matches(tokens, path, steps)
}

/** The code points of a text; a lone surrogate counts as one. */
export function codePoints(text: string): number[] {
  const points: number[] = []
  let at = 0
  for (let point = text.codePointAt(0); point !== undefined; point = text.codePointAt(at)) {
    points.push(point)
    at += point > 0xffff ? 2 : 1
  }
  return points
}

function matches(tokens: readonly Token[], path: readonly number[], steps: Steps): boolean {
  let token = 0
  let at = 0
  // The newest star of this segment, and where the run it covers ends. Older stars need no second
  // try: each already covers the shortest possible run, and a longer one leaves less for the rest.
  let star = -1
  let starEnd = 0
  for (let point = path[0]; point !== undefined; point = path[at]) {
    if (--steps.left < 0) return false
    const current = tokens[token]
    if (current === 'star') {
      star = token
      starEnd = at
      token += 1
    } else if (current !== undefined && matchesToken(current, point)) {
      if (point === SLASH) star = -1
      token += 1
      at += 1
    } else if (star >= 0 && path[starEnd] !== SLASH) {
      starEnd += 1
      token = star + 1
      at = starEnd
    } else {
      return false
    }
  }
  while (tokens[token] === 'star') token += 1
  return token === tokens.length
}

function matchesToken(token: Exclude<Token, 'star'>, point: number): boolean {
  if (typeof token === 'number') return token === point
  if (point === SLASH) return false
  if (token === 'any') return true
  return token.ranges.some(({ first, last }) => first <= point && point <= last) !== token.negated
}

/** Linear: each `]` is looked for once. */
function tokenizeSegment(segment: readonly number[]): Token[] {
  const tokens: Token[] = []
  let noneCloses = false
  let at = 0
  for (let point = segment[0]; point !== undefined; point = segment[at]) {
    at += 1
    if (point === ASTERISK) {
      tokens.push('star')
    } else if (point === QUESTION) {
      tokens.push('any')
    } else if (point === OPEN && !noneCloses) {
      let body = at
      if (segment[body] === BANG) body += 1
      // The first character of a class never closes it.
      const close = segment.indexOf(CLOSE, body + 1)
      noneCloses = close < 0
      tokens.push(noneCloses ? point : parseClass(segment.slice(at, close)))
      if (!noneCloses) at = close + 1
    } else {
      tokens.push(point)
    }
  }
  return tokens
}

/** `body` is the text between the brackets. */
function parseClass(body: readonly number[]): CharacterClass {
  let negated = body[0] === BANG
  const ranges: Range[] = []
  let at = negated ? 1 : 0
  for (let first = body[at]; first !== undefined; first = body[at]) {
    const last = body[at + 1] === HYPHEN ? body[at + 2] : undefined
    at += last === undefined ? 1 : 3
    if (first > (last ?? first)) continue // a reversed range is empty
    if (first === BANG && !negated && ranges.length === 0) {
      // CPython removes reversed ranges first and looks for `!` afterwards, so `[b-a!c]` is a
      // negated class. Odd, and followed: two clients must not authorise different files.
      negated = true
      if (last !== undefined) ranges.push({ first: HYPHEN, last: HYPHEN }, { first: last, last })
    } else {
      ranges.push({ first, last: last ?? first })
    }
  }
  return { negated, ranges }
}
