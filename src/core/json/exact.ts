/**
 * The exact road of the JSON reader: names in any order, integers of any size, and every error. Its
 * values look like those of the platform's parser, `bigint` apart.
 */
import { budget, mostEntries } from '../budget.js'
import type { CanonicalForm } from './canonical.js'
import { fieldPath, JsonSyntaxError, type JsonObject, type JsonValue } from './value.js'

/** Parses strict JSON. Throws {@link JsonSyntaxError}. */
export function parseExact(text: string, numbers: CanonicalForm['numbers']): JsonValue {
  return new Parser(text, numbers).document()
}

const { jsonDepth: maxDepth, jsonContainers: maxContainers, jsonDigits: maxDigits } = budget

const escapes: ReadonlyMap<string | undefined, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

class Parser {
  readonly #text: string
  readonly #numbers: CanonicalForm['numbers']
  /** One for each container around: where in it the parser is. Bounds the recursion too. */
  readonly #steps: (string | number)[] = []
  #at = 0
  #containers = 0
  #entries = 0
  readonly #maxEntries: number

  constructor(text: string, numbers: CanonicalForm['numbers']) {
    this.#text = text
    this.#numbers = numbers
    this.#maxEntries = mostEntries(budget.jsonEntriesUnsorted, text.length)
  }

  document(): JsonValue {
    if (this.#text.startsWith('\ufeff')) this.#fail('starts with a byte-order mark')
    const value = this.#value()
    this.#space()
    if (this.#at < this.#text.length) this.#fail('goes on after its end')
    return value
  }

  #value(): JsonValue {
    this.#space()
    const first = this.#text[this.#at]
    if (first === '"') return this.#string()
    if (first === '{') return this.#object()
    if (first === '[') return this.#array()
    if (first === '-' || this.#isDigit()) return this.#number()
    if (this.#take('true')) return true
    if (this.#take('false')) return false
    if (this.#take('null')) return null
    return this.#fail('expected a value')
  }

  #object(): JsonObject {
    const object: Record<string, JsonValue> = {}
    const depth = this.#open()
    if (this.#take('}')) return object
    for (;;) {
      const start = this.#at
      if (this.#text[start] !== '"') this.#fail('expected a name')
      const name = this.#string()
      this.#steps[depth] = name
      if (Object.hasOwn(object, name)) this.#fail('duplicate name', start)
      this.#space()
      if (!this.#take(':')) this.#fail('expected a colon')
      setOwn(object, name, this.#value())
      this.#steps.length = depth
      this.#space()
      if (this.#take('}')) return object
      if (!this.#take(',')) this.#fail('expected a comma or the end of the object')
      this.#count()
      this.#space()
    }
  }

  #array(): readonly JsonValue[] {
    const depth = this.#open()
    if (this.#take(']')) return []
    this.#steps[depth] = 0
    // By `push`, a list of one element would take the room of seventeen.
    const array = [this.#value()]
    for (;;) {
      this.#steps.length = depth
      this.#space()
      if (this.#take(']')) return array
      if (!this.#take(',')) this.#fail('expected a comma or the end of the array')
      this.#count()
      this.#steps[depth] = array.length
      array.push(this.#value())
    }
  }

  /** Past the bracket of a container and the space in it; the number of those around it. */
  #open(): number {
    const depth = this.#steps.length
    if (depth === maxDepth) this.#fail(`nested more than ${maxDepth} deep`)
    if (this.#containers++ === maxContainers) {
      this.#fail(`more than ${maxContainers} objects and arrays`)
    }
    this.#count()
    this.#at++
    this.#space()
    return depth
  }

  #count(): void {
    if (this.#entries++ === this.#maxEntries)
      this.#fail(`more than ${this.#maxEntries} members and elements`)
  }

  #string(): string {
    const text = this.#text
    const start = ++this.#at
    for (;;) {
      const unit = text.charCodeAt(this.#at)
      if (unit === 0x22) return text.slice(start, this.#at++)
      if (unit === 0x5c) return this.#escapedString(start)
      // At the end, where the unit is NaN, as well.
      if (!(unit >= 0x20)) this.#fail('control character in a string')
      this.#at++
    }
  }

  /** From its first escape on. Pieces are joined in thousands: each single `+` costs 32 bytes. */
  #escapedString(start: number): string {
    const text = this.#text
    const joined: string[] = []
    let pieces: string[] = []
    let runStart = start
    for (;;) {
      const unit = text.charCodeAt(this.#at)
      if (unit === 0x22) {
        pieces.push(text.slice(runStart, this.#at++))
        joined.push(pieces.join(''))
        return joined.join('')
      } else if (unit === 0x5c) {
        if (this.#at > runStart) pieces.push(text.slice(runStart, this.#at))
        pieces.push(this.#escape())
        runStart = this.#at
        if (pieces.length > 4096) {
          joined.push(pieces.join(''))
          pieces = []
        }
      } else if (unit >= 0x20) {
        this.#at++
      } else {
        // At the end, where the unit is NaN, as well.
        this.#fail('control character in a string')
      }
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1]
    if (letter === 'u') return this.#unicodeEscape()
    const character = escapes.get(letter)
    if (character === undefined) return this.#fail('unknown escape')
    this.#at += 2
    return character
  }

  #unicodeEscape(): string {
    const start = this.#at
    const unit = this.#hexUnit()
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit)
    if (unit > 0xdbff || !this.#text.startsWith('\\u', this.#at)) {
      return this.#fail('lone surrogate', start)
    }
    const low = this.#hexUnit()
    if (low < 0xdc00 || low > 0xdfff) return this.#fail('lone surrogate', start)
    return String.fromCharCode(unit, low)
  }

  #hexUnit(): number {
    const digits = this.#text.slice(this.#at + 2, this.#at + 6)
    if (!/[0-9a-fA-F]{4}/.test(digits)) this.#fail('unknown escape')
    this.#at += 6
    return Number.parseInt(digits, 16)
  }

  #number(): number | bigint {
    const start = this.#at
    this.#take('-')
    const zero = this.#text[this.#at] === '0'
    const digits = this.#digits()
    if (zero && digits > 1) this.#fail('leading zero', start)
    if (digits > maxDigits) this.#fail(`integer of more than ${maxDigits} digits`, start)
    const fraction = this.#take('.')
    if (fraction) this.#digits()
    const exponent = this.#take('e') || this.#take('E')
    if (exponent) {
      if (!this.#take('+')) this.#take('-')
      this.#digits()
    }
    const token = this.#text.slice(start, this.#at)
    const number = Number(token)
    if (Object.is(number, -0)) this.#fail('negative zero', start)
    if (!fraction && !exponent && !Number.isSafeInteger(number)) {
      const exact = BigInt(token)
      if (this.#numbers === 'integers') return exact
      if (!Number.isFinite(number) || BigInt(number) !== exact) {
        this.#fail('integer that a double cannot hold', start)
      }
    } else if (fraction || exponent) {
      if (this.#numbers === 'integers')
        this.#fail('number that is not written as an integer', start)
      if (!Number.isFinite(number)) this.#fail('number out of range', start)
    }
    return number
  }

  /** Skips digits, at least one; how many there were. */
  #digits(): number {
    const start = this.#at
    while (this.#isDigit()) this.#at++
    if (this.#at === start) this.#fail('expected a digit')
    return this.#at - start
  }

  #isDigit(): boolean {
    const unit = this.#text.charCodeAt(this.#at)
    return unit >= 0x30 && unit <= 0x39
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #space(): void {
    const text = this.#text
    for (;;) {
      const unit = text.charCodeAt(this.#at)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
      this.#at++
    }
  }

  #fail(reason: string, at: number = this.#at): never {
    const offset = new TextEncoder().encode(this.#text.slice(0, at)).length
    const ended = at >= this.#text.length
    throw new JsonSyntaxError(
      offset,
      this.#steps.reduce(fieldPath, ''),
      ended ? 'ends too early' : reason,
    )
  }
}

const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

function setOwn(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  if (inherited.has(name)) {
    // `__proto__`, or a name that a frozen prototype would not let itself be assigned.
    Object.defineProperty(object, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  } else {
    object[name] = value
  }
}
