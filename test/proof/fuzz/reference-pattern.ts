/** A path pattern as the specification words it (4.5), by trying everything: for short texts only. */
import { codePoints } from '../../../src/core/search/path-pattern.js'

const [slash, star, any, open, close, not, range] = codePoints('/*?[]!-')

/** More code points than this never match. */
const longest = 4_096

export function referenceMatch(pattern: readonly number[], path: readonly number[]): boolean {
  if (pattern.length > longest || path.length > longest) return false
  const known = new Map<number, boolean>()
  const from = (p: number, t: number): boolean => {
    const at = p * (path.length + 1) + t
    const before = known.get(at)
    if (before !== undefined) return before
    known.set(at, false)
    const verdict = decide(p, t)
    known.set(at, verdict)
    return verdict
  }
  const decide = (p: number, t: number): boolean => {
    if (p === pattern.length) return t === path.length
    const [token, point] = [pattern[p], path[t]]
    if (token === star) {
      return from(p + 1, t) || (point !== undefined && point !== slash && from(p, t + 1))
    }
    if (point === undefined) return false
    if (token === any) return point !== slash && from(p + 1, t + 1)
    const end = token === open ? endOfClass(pattern, p) : undefined
    if (end === undefined) return token === point && from(p + 1, t + 1)
    if (point === slash) return false
    return isInClass(pattern.slice(p + 1, end), point) && from(end + 1, t + 1)
  }
  return from(0, 0)
}

/** The place of the `]`, in the same segment; one directly after `[` or `[!` is a member. */
function endOfClass(pattern: readonly number[], start: number): number | undefined {
  let at = start + 1
  if (pattern[at] === not) at += 1
  if (pattern[at] === close) at += 1
  for (; at < pattern.length && pattern[at] !== slash; at++) if (pattern[at] === close) return at
  return undefined
}

/** As CPython reads it: reversed ranges are left out first, and a `!` that is first then negates. */
function isInClass(text: readonly number[], point: number): boolean {
  const marked = text[0] === not
  const members: (readonly [low: number, high: number])[] = []
  for (let at = marked ? 1 : 0; at < text.length; at++) {
    const [low = 0, dash, high] = text.slice(at, at + 3)
    const isRange = dash === range && high !== undefined
    if (!isRange) members.push([low, low])
    else {
      at += 2
      if (low <= high) members.push([low, high])
    }
  }
  const late = !marked && members[0]?.[0] === not ? members.shift() : undefined
  // Of a range from `!`, the rest stays: a `-` and the end.
  if (late && late[1] !== not) members.unshift([range ?? 0, range ?? 0], [late[1], late[1]])
  const found = members.some(([low, high]) => low <= point && point <= high)
  return found !== (marked || late !== undefined)
}
