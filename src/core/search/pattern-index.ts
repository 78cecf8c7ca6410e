/**
 * Finds the roles, among many, with a pattern that covers a path. It looks patterns up by their
 * fixed prefix and skips those that are too long or have another number of segments; only the
 * others are compiled, each time anew: compiled patterns take ten times the memory of their text.
 */
import { budget } from '../budget.js'
import { codePoints, compilePathPattern, type Steps } from './path-pattern.js'

const slash = 0x2f
const question = 0x3f
const asterisk = 0x2a
const open = 0x5b

/** A role, with its patterns if it has any. */
export interface PatternOwner {
  readonly paths?: readonly string[]
}

/** Facts about a pattern that need no compiling. */
interface Shape {
  /** The number of leading UTF-16 units that match themselves. */
  readonly prefix: number
  /** The least number of code points in a covered path. */
  readonly least: number
  readonly slashes: number
}

/** Built once for a list of owners, in time linear in the length of their patterns. */
export class PatternIndex {
  readonly #patterns: string[] = []
  /** One number for each pattern. */
  readonly #owners: number[] = []
  readonly #least: number[] = []
  readonly #slashes: number[] = []
  /** Fixed prefix → numbers of patterns. */
  readonly #byPrefix = new Map<string, number | number[]>()
  readonly #prefixLengths = new Set<number>()

  constructor(owners: readonly PatternOwner[]) {
    let position = 0
    for (const { paths = [] } of owners) {
      for (const pattern of paths) this.#add(pattern, position)
      position += 1
    }
  }

  /**
   * Adds the positions of owners with a pattern that covers `path` to `positions`. When `steps` run
   * out it ends early, and `positions` is incomplete.
   */
  findOwners(path: string, steps: Steps, positions: Set<number>): void {
    const points = codePoints(path)
    if (points.length > budget.patternLength) return
    let slashes = 0
    for (const point of points) if (point === slash) slashes += 1
    for (const length of this.#prefixLengths) {
      steps.left -= 1
      if (length > path.length) continue
      const found = this.#byPrefix.get(path.slice(0, length)) ?? []
      for (const number of typeof found === 'number' ? [found] : found) {
        steps.left -= 1
        if (steps.left < 0) return
        const owner = this.#owners[number] ?? 0
        if ((this.#least[number] ?? 0) > points.length || this.#slashes[number] !== slashes)
          continue
        if (positions.has(owner)) continue
        const pattern = this.#patterns[number] ?? ''
        steps.left -= pattern.length
        if (compilePathPattern(pattern)(points, steps)) positions.add(owner)
      }
    }
  }

  #add(pattern: string, position: number): void {
    const shape = shapeOf(pattern)
    if (shape === undefined) return
    const number = this.#patterns.push(pattern) - 1
    this.#owners.push(position)
    this.#least.push(shape.least)
    this.#slashes.push(shape.slashes)
    this.#prefixLengths.add(shape.prefix)
    const prefix = pattern.slice(0, shape.prefix)
    const known = this.#byPrefix.get(prefix)
    if (known === undefined) this.#byPrefix.set(prefix, number)
    else if (typeof known === 'number') this.#byPrefix.set(prefix, [known, number])
    else known.push(number)
  }
}

/** Undefined for a pattern that never matches. */
function shapeOf(pattern: string): Shape | undefined {
  let prefix = -1
  let least = 0
  let slashes = 0
  let length = 0
  // The count of the least length stops at the first class, because finding its end takes a parser.
  let counting = true
  for (let at = 0; at < pattern.length; at++) {
    const unit = pattern.charCodeAt(at)
    if (unit >= 0xdc00 && unit <= 0xdfff && isHighSurrogate(pattern, at - 1)) continue
    length += 1
    if (prefix < 0 && (unit === asterisk || unit === question || unit === open)) prefix = at
    if (unit === open) counting = false
    if (unit === slash) slashes += 1
    if (counting && unit !== asterisk) least += 1
  }
  if (length > budget.patternLength) return undefined
  return { prefix: prefix < 0 ? pattern.length : prefix, least, slashes }
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xd800 && unit <= 0xdbff
}
