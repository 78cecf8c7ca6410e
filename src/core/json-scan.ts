/**
 * The fast road of the JSON reader: one scan over the bytes, beside the platform's parser. That
 * proves the grammar; the scan proves the rest, and collects the canonical form of the member
 * `signed`. It never reports an error: whatever it cannot prove (names not in order, an escape in a
 * name, a large integer) it leaves to the exact road.
 */
import { budget, mostEntries } from './budget.js'
import { writeUtf8 } from './canonical-json.js'
import {
  ascends,
  ascii,
  backslash,
  escapedCharacter,
  failed,
  hexDigit,
  integerEnd,
  isDigit,
  isSpace,
  minus,
  plainEnd,
  quote,
} from './json-bytes.js'

/**
 * Proves of `bytes`, if they are JSON in UTF-8, that the names in each object ascend by code point,
 * so that none is there twice; that numbers are safe integers, written in one way; that containers
 * are neither too deep nor too many and no surrogate is alone. `undefined`: not proved, or not JSON.
 */
export function scanSorted(
  bytes: Uint8Array,
): { readonly signedBytes: Uint8Array | undefined } | undefined {
  const scan = new Scan(bytes)
  return scan.document() ? { signedBytes: scan.signedBytes } : undefined
}

/**
 * Bytes that are scanned in one call: a function that is called often is compiled once, one that
 * does not return is compiled again in the middle of its loop.
 */
const partLength = 256
/** In the place of a name: the container is an array. */
const unnamed = -1
const { jsonDepth: maxDepth, jsonContainers: maxContainers } = budget
const comma = 0x2c
const colon = 0x3a
const openArray = 0x5b
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d
const signedName = ascii('signed')

/** The methods are for rare input; each returns the index after the text it takes, or `failed`. */
class Scan {
  signedBytes: Uint8Array | undefined
  readonly #bytes: Uint8Array
  /** While in `signed`: start of the input not yet copied, which is canonical already. */
  #runStart = failed
  /** The canonical bytes so far; not made while one run of the input is all of them. */
  #canonical: Uint8Array | undefined
  #length = 0
  #depth = 0
  #containers = 0
  #entries = 0
  readonly #maxEntries: number
  #beforeName = false
  // Of the last name in each open object; before the first one 0, in an array `unnamed`.
  readonly #nameStarts = new Int32Array(maxDepth + 1)
  readonly #nameEnds = new Int32Array(maxDepth + 1)

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#maxEntries = mostEntries(budget.jsonEntries, bytes.length)
  }

  document(): boolean {
    const { length } = this.#bytes
    let at = 0
    while (at < length && at !== failed) at = this.#part(at, Math.min(length, at + partLength))
    return at !== failed && this.#depth === 0
  }

  /**
   * One loop with as little of the grammar as it needs: most files are read once, and long code
   * takes longer to compile than to run. In each turn `at` comes to the last byte of a token.
   */
  #part(start: number, end: number): number {
    const bytes = this.#bytes
    const nameStarts = this.#nameStarts
    const nameEnds = this.#nameEnds
    let depth = this.#depth
    let entries = this.#entries
    let beforeName = this.#beforeName
    let at = start
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0
      if (byte === quote) {
        const first = at + 1
        at = plainEnd(bytes, first)
        if (bytes[at] !== quote) {
          at = beforeName ? failed : this.#restOfString(at)
          if (at === failed) return failed
        }
        if (beforeName) {
          const before = nameStarts[depth] ?? 0
          if (before > 0 && !ascends(bytes, before, nameEnds[depth] ?? 0, first, at)) return failed
          nameStarts[depth] = first
          nameEnds[depth] = at
          beforeName = false
          if (depth === 1) at = this.#toValue(first, at)
          if (at === failed) return failed
        }
      } else if (byte === comma) {
        if (depth === 1) this.#endSigned(at)
        entries += 1
        beforeName = nameStarts[depth] !== unnamed
      } else if (byte === openObject || byte === openArray) {
        if (depth === maxDepth || this.#containers === maxContainers) return failed
        depth += 1
        this.#containers += 1
        entries += 1
        beforeName = byte === openObject
        nameStarts[depth] = beforeName ? 0 : unnamed
      } else if (byte === closeObject || byte === closeArray) {
        if (depth === 1) this.#endSigned(at)
        if (depth === 0) return failed
        depth -= 1
        beforeName = false
      } else if (byte === minus || isDigit(byte)) {
        at = integerEnd(bytes, at) - 1
        if (at < 0) return failed
      } else if (byte <= 0x20) {
        if (!isSpace(byte)) return failed
        at = this.#space(at) - 1
      }
      // Else a colon, a letter of true, false or null, or a byte that the parser refuses.
    }
    if (entries > this.#maxEntries) return failed
    this.#entries = entries
    this.#depth = depth
    this.#beforeName = beforeName
    return at
  }

  /** From the end of an outermost name to its colon, where `signed` starts. */
  #toValue(nameStart: number, nameEnd: number): number {
    const bytes = this.#bytes
    const colonAt = this.#space(nameEnd + 1)
    if (bytes[colonAt] !== colon) return failed
    const { length } = signedName
    let matching = 0
    while (matching < length && bytes[nameStart + matching] === signedName[matching]) matching++
    if (matching === length && nameEnd - nameStart === length) this.#runStart = colonAt + 1
    return colonAt
  }

  #endSigned(end: number): void {
    if (this.#runStart === failed) return
    if (this.#canonical === undefined) {
      this.signedBytes = this.#bytes.subarray(this.#runStart, end)
    } else {
      this.#skip(end, end)
      this.signedBytes = this.#canonical.subarray(0, this.#length)
    }
    this.#runStart = failed
  }

  /** From its first escape to the quotation mark at its end. */
  #restOfString(start: number): number {
    const bytes = this.#bytes
    let at = start
    while (bytes[at] === backslash) {
      at = this.#escape(at)
      if (at === failed) return failed
      at = plainEnd(bytes, at)
    }
    return bytes[at] === quote ? at : failed
  }

  #escape(start: number): number {
    const letter = this.#bytes[start + 1] ?? 0
    // These two are escaped in the canonical form as well.
    if (letter === quote || letter === backslash) return start + 2
    if (letter === 0x75) return this.#unicodeEscape(start)
    const character = escapedCharacter(letter)
    if (character === failed) return failed
    return this.#replace(start, start + 2, character)
  }

  #unicodeEscape(start: number): number {
    const unit = this.#hexUnit(start)
    if (unit === failed || (unit >= 0xdc00 && unit <= 0xdfff)) return failed
    if (unit < 0xd800 || unit > 0xdbff) return this.#replace(start, start + 6, unit)
    const low = this.#hexUnit(start + 6)
    if (low < 0xdc00 || low > 0xdfff) return failed
    return this.#replace(start, start + 12, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
  }

  #hexUnit(start: number): number {
    const bytes = this.#bytes
    if (bytes[start] !== backslash || bytes[start + 1] !== 0x75) return failed
    let unit = 0
    for (let at = start + 2; at < start + 6; at++) {
      const digit = hexDigit(bytes[at] ?? 0)
      if (digit === failed) return failed
      unit = (unit << 4) | digit
    }
    return unit
  }

  #space(start: number): number {
    const bytes = this.#bytes
    if ((bytes[start] ?? 0) > 0x20) return start
    let at = start
    while (isSpace(bytes[at] ?? 0)) at++
    if (at > start && this.#runStart !== failed) this.#skip(start, at)
    return at
  }

  /** In `signed`, writes a character in place of the input from `start` to `end`. */
  #replace(start: number, end: number, codePoint: number): number {
    if (this.#runStart !== failed) {
      const canonical = this.#skip(start, end)
      if (codePoint === quote || codePoint === backslash) canonical[this.#length++] = backslash
      this.#length = writeUtf8(canonical, this.#length, codePoint)
    }
    return end
  }

  /** Copies the run that ends at `start`; the next one starts at `end`. */
  #skip(start: number, end: number): Uint8Array {
    const bytes = this.#bytes
    // The canonical form is never longer: no character takes more bytes than its escape.
    const canonical = (this.#canonical ??= new Uint8Array(bytes.length - this.#runStart))
    const from = this.#runStart
    this.#runStart = end
    if (start - from > 128) {
      canonical.set(bytes.subarray(from, start), this.#length)
      this.#length += start - from
    } else {
      let length = this.#length
      for (let at = from; at < start; at++) canonical[length++] = bytes[at] ?? 0
      this.#length = length
    }
    return canonical
  }
}
