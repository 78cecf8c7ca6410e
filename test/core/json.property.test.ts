import { describe, expect, test } from '@jest/globals'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { encodeCanonical, olpc } from '../../src/core/json/canonical.js'
import { JsonSyntaxError, type JsonValue } from '../../src/core/json/value.js'
import { readExact, readJson, readSorted, type JsonDocument } from '../../src/core/json/read.js'
import { runs } from '../support/runs.js'

const encoder = new TextEncoder()

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '/', '\n', '\t', '\0', 'u', 'é', '\uE000', '😀') }),
)
const name = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('a', 'b', 'c', '\uE000', '😀', '1', '02', '10', '9') },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'signed', '') },
  { weight: 1, arbitrary: text },
)
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 20 }),
  fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value))),
)

function json(
  names: fc.Arbitrary<string>,
  leaves: fc.Arbitrary<JsonValue>,
): fc.Arbitrary<JsonValue> {
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaves,
      fc.array(tie('value'), { maxLength: 5 }),
      fc
        .uniqueArray(fc.tuple(names, tie('value')), { maxLength: 6, selector: ([key]) => key })
        .map((members): JsonValue => Object.fromEntries(members)),
    ),
  }))
  return value
}

const anything = json(name, fc.oneof(fc.constantFrom(null, true, false), integer, text))
/** Mostly as metadata is: an object with `signed`. */
const document = fc.oneof(
  { weight: 4, arbitrary: fc.record({ a: anything, signed: anything }) },
  { weight: 1, arbitrary: anything },
)

/** How a document is written down: each list is gone through in turn. */
interface Hand {
  readonly spaces: readonly string[]
  readonly escaping: readonly ('least' | 'short' | 'hex')[]
  /** Sorts names by code point when the list is empty. */
  readonly order: readonly number[]
}

const hand: fc.Arbitrary<Hand> = fc.record({
  spaces: fc.array(fc.constantFrom('', '', '', ' ', '\n  ', '\t', '\r\n'), { minLength: 1 }),
  escaping: fc.oneof(
    fc.constant<Hand['escaping']>(['least']),
    fc.array(fc.constantFrom<Hand['escaping'][number]>('least', 'short', 'hex'), { minLength: 1 }),
  ),
  order: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(5), { minLength: 1 })),
})

function write(value: JsonValue, { spaces, escaping, order }: Hand): string {
  let turn = 0
  const inTurn = <T>(list: readonly T[]): T => list[turn++ % list.length] as T
  const space = (): string => inTurn(spaces)
  const string = (value: string): string =>
    `"${Array.from(value, (character) => escape(character, inTurn(escaping))).join('')}"`
  const any = (value: JsonValue): string => {
    if (typeof value === 'string') return string(value)
    if (typeof value !== 'object' || value === null) return String(value)
    if (Array.isArray(value)) {
      return `[${space()}${value.map((v: JsonValue) => any(v) + space()).join(`,${space()}`)}]`
    }
    const members = Object.entries(value).sort(([a], [b]) =>
      order.length === 0
        ? Buffer.compare(Buffer.from(a), Buffer.from(b))
        : inTurn(order) - inTurn(order),
    )
    const written = members.map(
      ([key, v]) => `${string(key)}${space()}:${space()}${any(v)}${space()}`,
    )
    return `{${space()}${written.join(`,${space()}`)}}`
  }
  return space() + any(value) + space()
}

function escape(character: string, how: Hand['escaping'][number]): string {
  if (how === 'hex') {
    return character.replace(
      /[^]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  }
  if (how === 'short' && character === '/') return '\\/'
  return JSON.stringify(character).slice(1, -1)
}

type Outcome = JsonDocument | JsonSyntaxError

function attempt(read: () => JsonDocument): Outcome {
  try {
    return read()
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error
    throw error
  }
}

/** The verdict on these bytes, after it was found to be the same on both roads. */
function agreed(bytes: Uint8Array): Outcome {
  const exact = attempt(() => readExact(bytes, olpc))
  const fast = attempt(() => readSorted(bytes) ?? readExact(bytes, olpc))
  expect(isDeepStrictEqual(fast, exact)).toBe(true)
  expect(
    isDeepStrictEqual(
      attempt(() => readJson(bytes)),
      exact,
    ),
  ).toBe(true)
  return exact
}

const stricter =
  /^(duplicate name|negative zero|lone surrogate|nested|number that|integer of|starts with|not UTF-8)/

describe('the two roads', () => {
  test('read every document as it was meant, however it is written', () => {
    fc.assert(
      fc.property(document, hand, (value, how) => {
        const outcome = agreed(encoder.encode(write(value, how)))
        if (outcome instanceof JsonSyntaxError) throw outcome
        expect(isDeepStrictEqual(sorted(outcome.value), sorted(value))).toBe(true)
        const own = isRecord(value) && Object.hasOwn(value, 'signed') ? value['signed'] : undefined
        expect(outcome.signedBytes).toEqual(own === undefined ? undefined : encodeCanonical(own))
      }),
      runs(250),
    )
  })

  test('meet where names are sorted and integers are small: the fast road takes it', () => {
    const small = json(
      name.filter((key) => !/["\\\p{Cc}]/u.test(key)),
      fc.oneof(fc.constantFrom(null, true, false), fc.integer(), text),
    )
    fc.assert(
      fc.property(
        small,
        fc.array(fc.constantFrom('', ' ', '\n'), { minLength: 1 }),
        (value, spaces) => {
          const bytes = encoder.encode(write(value, { spaces, escaping: ['least'], order: [] }))
          const document = readSorted(bytes)
          expect(document).toBeDefined()
          expect(isDeepStrictEqual(document, readExact(bytes, olpc))).toBe(true)
        },
      ),
      runs(300),
    )
  })

  test('agree on damaged documents, and accept only documents that JSON.parse accepts', () => {
    const damage = fc.record({
      kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat'),
      where: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.oneof(
        fc.nat(255),
        fc.constantFrom(...encoder.encode('{}[]",:\\u0123456789-+.eE \n\ttfn')),
      ),
      length: fc.integer({ min: 1, max: 12 }),
    })
    fc.assert(
      fc.property(
        document,
        hand,
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        (value, how, damages) => {
          let bytes = encoder.encode(write(value, how))
          for (const { kind, where, byte, length } of damages) {
            const at = Math.floor(where * bytes.length)
            const [before, after] = [bytes.slice(0, at), bytes.slice(at)]
            if (kind === 'cut') bytes = before
            else if (kind === 'insert') bytes = Uint8Array.of(...before, byte, ...after)
            else if (kind === 'flip') bytes = Uint8Array.of(...before, byte, ...after.slice(1))
            else bytes = Uint8Array.of(...before, ...after.slice(0, length), ...after)
          }
          const outcome = agreed(bytes)
          const platform = parsePlatform(bytes)
          if (outcome instanceof JsonSyntaxError) {
            expect(platform === undefined || stricter.test(outcome.reason)).toBe(true)
          } else {
            expect(platform).toBeDefined()
          }
        },
      ),
      runs(800),
    )
  })

  test('agree on arbitrary bytes of JSON', () => {
    const token = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '"b":',
        '"signed":',
        '\\',
        '\\u0061',
        '\\ud83d',
      ],
      ...['\\ude00', '0', '-', '12', '1.5', 'e3', 'true', 'null', ' ', '\n', '\ufeff', '😀', '\0'],
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const bytes = encoder.encode(tokens.join(''))
        const outcome = agreed(bytes)
        if (!(outcome instanceof JsonSyntaxError)) expect(parsePlatform(bytes)).toBeDefined()
      }),
      runs(800),
    )
  })
})

describe('the canonical form', () => {
  test('is the one of RFC 8785 where the two agree', () => {
    const calm = fc.string({ unit: 'binary', maxLength: 8 }).filter((s) => !/\p{Cc}/u.test(s))
    const value = json(
      fc.oneof(
        fc.constantFrom('__proto__', 'toString', '1', '10', '9'),
        calm.filter((s) => !/[\u{10000}-\u{10ffff}]/u.test(s)),
      ),
      fc.oneof(fc.constantFrom(null, true, false), fc.maxSafeInteger(), calm),
    )
    fc.assert(
      fc.property(value, (value) => {
        expect(encodeCanonical(value)).toEqual(encoder.encode(canonicalize(value)))
      }),
      runs(500),
    )
  })

  test('does not change when it is parsed and written again', () => {
    const calm = json(
      name.filter((key) => !/\p{Cc}/u.test(key)),
      fc.oneof(
        fc.constantFrom(null, true),
        integer,
        text.filter((s) => !/\p{Cc}/u.test(s)),
      ),
    )
    fc.assert(
      fc.property(calm, (value) => {
        const canonical = encodeCanonical(value)
        const again = readJson(canonical).value
        expect(isDeepStrictEqual(sorted(again), sorted(value))).toBe(true)
        expect(encodeCanonical(again)).toEqual(canonical)
      }),
      runs(300),
    )
  })
})

function isRecord(value: JsonValue): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Members as sorted pairs, and numbers as the reader gives them: plain where they are safe. */
function sorted(value: JsonValue): unknown {
  if (typeof value === 'bigint') return value
  if (Array.isArray(value)) return value.map((v: JsonValue) => sorted(v))
  if (!isRecord(value)) return Object.is(value, -0) ? 0 : value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, v]) => [key, sorted(v)])
}

function parsePlatform(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) }
  } catch {
    return undefined
  }
}
