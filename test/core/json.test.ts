import { describe, expect, test } from '@jest/globals'
import { olpc } from '../../src/core/json/canonical.js'
import { fieldPath, isJsonObject, JsonSyntaxError, member } from '../../src/core/json/value.js'
import { type JsonDocument, readExact, readJson, readSorted } from '../../src/core/json/read.js'

const encoder = new TextEncoder()

/** The results of both roads; an error as an error. */
function read(input: string | Uint8Array): JsonDocument {
  const bytes = typeof input === 'string' ? encoder.encode(input) : input
  const fast = readSorted(bytes)
  if (fast !== undefined) expect(readExact(bytes, olpc)).toStrictEqual(fast)
  return readJson(bytes)
}

function refusal(input: string | Uint8Array): JsonSyntaxError {
  try {
    read(input)
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error
    throw error
  }
  throw new Error('was accepted')
}

function signed(text: string): string | undefined {
  const { signedBytes } = read(text)
  return signedBytes && new TextDecoder('utf-8', { fatal: true }).decode(signedBytes)
}

function takesFastRoad(text: string): boolean {
  return readSorted(encoder.encode(text)) !== undefined
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

describe('accepted', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['true', true],
    ['false', false],
    ['0', 0],
    ['-1', -1],
    ['999999999999999', 999999999999999],
    ['""', ''],
    ['[]', []],
    ['{}', {}],
    ['[ ]', []],
    ['{ }', {}],
    [' \t\r\n[ 1 ,\t2\r,\n3 ] \n', [1, 2, 3]],
    ['{ "a" : 1 , "b" : [ { } ] }', { a: 1, b: [{}] }],
    ['{"":0,"a":{"":1}}', { '': 0, a: { '': 1 } }],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"\\u0041\\u00e9\\u20AC\\uD83D\\ude00\\u0000"', 'Aé€😀\0'],
    ['"\\u0022\\u005c"', '"\\'],
    ['"\u007f\u2028\u2029\ufeff\uffff"', '\u007f\u2028\u2029\ufeff\uffff'],
    ['"\u{10ffff}"', '\u{10ffff}'],
    ['["a,b]","{"]', ['a,b]', '{']],
    ['{"10":1,"9":2}', { 9: 2, 10: 1 }],
    [nested(64), JSON.parse(nested(64))],
  ])('%s, by the fast road', (text, value) => {
    expect(takesFastRoad(text)).toBe(true)
    expect(read(text).value).toStrictEqual(value)
  })

  test.each<[string, unknown]>([
    ['{"b":1,"a":2}', { b: 1, a: 2 }],
    ['{"a":{"c":1,"b":2}}', { a: { c: 1, b: 2 } }],
    ['{"9":1,"10":2}', { 9: 1, 10: 2 }],
    ['{"a\\n":1}', { 'a\n': 1 }],
    ['{"\\u0061":1}', { a: 1 }],
    ['{"\u{1F600}":1,"\uE000":2}', { '\u{1F600}': 1, '\uE000': 2 }],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    [`1${'0'.repeat(400)}`, 10n ** 400n],
  ])('%s', (text, value) => {
    expect(read(text).value).toStrictEqual(value)
  })

  test('names in code point order take the fast road', () => {
    expect(takesFastRoad('{"\uE000":1,"\u{1F600}":2}')).toBe(true)
    expect(takesFastRoad('{"\u{1F600}":1,"\uE000":2}')).toBe(false)
  })
})

describe('refused', () => {
  test.each([
    ['', 'ends too early'],
    [' ', 'ends too early'],
    ['[', 'ends too early'],
    ['[1', 'ends too early'],
    ['[1,', 'ends too early'],
    ['{"a"', 'ends too early'],
    ['{"a":', 'ends too early'],
    ['{"a":1', 'ends too early'],
    ['{"a":1,', 'ends too early'],
    ['"abc', 'ends too early'],
    ['-', 'ends too early'],
    ['"\\', 'unknown escape'],
    ['tru', 'expected a value'],
    ['True', 'expected a value'],
    ['NaN', 'expected a value'],
    ['-Infinity', 'expected a digit'],
    ['undefined', 'expected a value'],
    ["'a'", 'expected a value'],
    ['[,1]', 'expected a value'],
    ['[1,]', 'expected a value'],
    ['[1,,2]', 'expected a value'],
    ['[1 2]', 'expected a comma or the end of the array'],
    ['[1}', 'expected a comma or the end of the array'],
    ['{"a":1]', 'expected a comma or the end of the object'],
    ['{"a" 1}', 'expected a colon'],
    ['{"a":}', 'expected a value'],
    ['{"a":1,}', 'expected a name'],
    ['{,"a":1}', 'expected a name'],
    ['{a:1}', 'expected a name'],
    ['{1:1}', 'expected a name'],
    [']', 'expected a value'],
    ['1 1', 'goes on after its end'],
    ['nullx', 'goes on after its end'],
    ['{}{}', 'goes on after its end'],
    ['[]]', 'goes on after its end'],
    ['{}\0', 'goes on after its end'],
    ['// a\n1', 'expected a value'],
    ['[1/* */]', 'expected a comma or the end of the array'],
    ['+1', 'expected a value'],
    ['.5', 'expected a value'],
    ['0x10', 'goes on after its end'],
    ['1_000', 'goes on after its end'],
    ['1n', 'goes on after its end'],
    ['00', 'leading zero'],
    ['01', 'leading zero'],
    ['-01', 'leading zero'],
    ['-0', 'negative zero'],
    ['[-0]', 'negative zero'],
    ['1.0', 'number that is not written as an integer'],
    ['0.5', 'number that is not written as an integer'],
    ['1e2', 'number that is not written as an integer'],
    ['1E400', 'number that is not written as an integer'],
    ['1.', 'ends too early'],
    ['[1.]', 'expected a digit'],
    ['[1e]', 'expected a digit'],
    ['[--1]', 'expected a digit'],
    ['1'.repeat(4301), 'integer of more than 4300 digits'],
    ['"a\nb"', 'control character in a string'],
    ['"\0"', 'control character in a string'],
    ['"\x1f"', 'control character in a string'],
    ['{"a\t":1}', 'control character in a string'],
    ['"\\x"', 'unknown escape'],
    ['"\\U0041"', 'unknown escape'],
    ['"\\\'"', 'unknown escape'],
    ['"\\u004"', 'unknown escape'],
    ['"\\u004g"', 'unknown escape'],
    ['"\\u+041"', 'unknown escape'],
    ['"\\ud800"', 'lone surrogate'],
    ['"\\ud800a"', 'lone surrogate'],
    ['"\\ud800\\n"', 'lone surrogate'],
    ['"\\ud800\\u0041"', 'lone surrogate'],
    ['"\\ud800\\ud800"', 'lone surrogate'],
    ['"\\udc00"', 'lone surrogate'],
    ['"\\ude00\\ud83d"', 'lone surrogate'],
    ['{"\\udfff":1}', 'lone surrogate'],
    ['{"a":1,"a":1}', 'duplicate name'],
    ['{"a":1,"b":2,"a":3}', 'duplicate name'],
    ['{"a":1,"\\u0061":2}', 'duplicate name'],
    ['{"\\ud83d\\ude00":1,"😀":2}', 'duplicate name'],
    ['{"":1,"":2}', 'duplicate name'],
    ['{"1":1,"1":2}', 'duplicate name'],
    ['{"__proto__":1,"__proto__":2}', 'duplicate name'],
    ['{"toString":1,"toString":2}', 'duplicate name'],
    ['\ufeff{}', 'starts with a byte-order mark'],
    ['\u00a01', 'expected a value'],
    ['\f1', 'expected a value'],
    ['1\v', 'goes on after its end'],
    ['[1,\u20282]', 'expected a value'],
    [nested(65), 'nested more than 64 deep'],
    ['{"a":'.repeat(65) + '1' + '}'.repeat(65), 'nested more than 64 deep'],
  ])('%p', (text, reason) => {
    expect(takesFastRoad(text)).toBe(false)
    expect(refusal(text).reason).toBe(reason)
  })

  test.each<[string, number[], number]>([
    ['a lone continuation byte', [0x22, 0x80, 0x22], 1],
    ['a sequence that is cut off', [0x22, 0xe2, 0x82, 0x22], 1],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22], 1],
    ['an encoded surrogate', [0x22, 0x61, 0xed, 0xa0, 0x80, 0x22], 2],
    ['a code point above U+10FFFF', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 1],
    ['Latin-1', [0x22, 0xe9, 0x22], 1],
    ['UTF-16', [0xff, 0xfe, 0x31, 0x00], 0],
    ['0xFF after the end', [0x31, 0xff], 1],
  ])('bytes that are not UTF-8: %s', (_, bytes, offset) => {
    expect(refusal(Uint8Array.from(bytes))).toMatchObject({ reason: 'not UTF-8', path: '', offset })
  })

  test.each(['[', '{"a":', '[{"":', '[[],'])('megabytes of %s', (text) => {
    const error = refusal(text.repeat(5_000_000 / text.length))
    expect(error.reason).toBe('nested more than 64 deep')
    expect(error.offset).toBeLessThanOrEqual(64 * 5)
  })

  test('containers beyond a million, however long the file is', () => {
    // Long enough for two million members and elements.
    const filled = `"${'x'.repeat(26_000_000)}"`
    const list = (containers: number): string => `[${filled},${'{},'.repeat(containers - 2)}[]]`
    expect(takesFastRoad(list(1_000_000))).toBe(true)
    expect(takesFastRoad(list(1_000_001))).toBe(false)
    expect(refusal(list(1_000_001)).reason).toMatch(/^more than \d+ members and elements/)
  })

  test('an error says where: the field, and the offset in bytes', () => {
    expect(refusal('{"é":1,"signed":{"keys":{"abc":[1,{"x":1.5}]}}}')).toMatchObject({
      name: 'JsonSyntaxError',
      path: 'signed.keys.abc[1].x',
      offset: 40,
      message: 'signed.keys.abc[1].x: number that is not written as an integer (at byte 40)',
    })
    expect(refusal('{"signed":{"a":1,"b":2,"a":3}}')).toMatchObject({
      path: 'signed.a',
      offset: 23,
    })
    expect(refusal('[[],{},-0]').path).toBe('[2]')
    expect(refusal('').message).toBe('ends too early (at byte 0)')
  })
})

describe('names', () => {
  test('that objects inherit are names like any other', () => {
    const text = '{"__proto__":{"x":1},"constructor":2,"hasOwnProperty":3,"toString":4}'
    expect(takesFastRoad(text)).toBe(true)
    for (const input of [text, `{"z":0,${text.slice(1)}`]) {
      const { value } = read(input)
      if (!isJsonObject(value)) throw new Error('not an object')
      expect(Object.keys(value).filter((name) => name !== 'z')).toEqual([
        '__proto__',
        'constructor',
        'hasOwnProperty',
        'toString',
      ])
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(member(value, '__proto__')).toStrictEqual({ x: 1 })
      expect(member(value, 'constructor')).toBe(2)
      expect(member(value, 'valueOf')).toBeUndefined()
      expect(member(value, 'x')).toBeUndefined()
    }
  })

  test('100,000 of them are read, in whatever order', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `n${(i * 7919) % 100_000}`)
    const { value } = readJson(encoder.encode(`{${names.map((n) => `"${n}":""`).join()}}`))
    expect(Object.keys(value as object).join()).toBe(names.join())
  })

  test('100,000 of them that share their low bits as integers are read', () => {
    // V8 takes the hash of such a string from its value: in a Set these would be one chain.
    const names = Array.from({ length: 100_000 }, (_, i) => `${4_000_000_000 - i * 32_768}`)
    const { value } = readJson(encoder.encode(`{${names.map((n) => `"${n}":""`).join()}}`))
    expect(Object.keys(value as object)).toHaveLength(100_000)
  })
})

describe('the canonical form of signed', () => {
  test.each<[string, string]>([
    ['{"signed":{"a":1,"b":[true,null]}}', '{"a":1,"b":[true,null]}'],
    ['{"signatures":[],"signed":{}}', '{}'],
    ['{ "signed" : { "a" : [ 1 , { } ] } }', '{"a":[1,{}]}'],
    ['{"signed":\n{\n "a": "x y",\n "b": 2\n}\n,"z":" "}', '{"a":"x y","b":2}'],
    ['{"signed":{"k":"-----BEGIN\\nAB\\n-----END\\n"}}', '{"k":"-----BEGIN\nAB\n-----END\n"}'],
    ['{"signed":"\\"\\\\\\/\\b\\f\\n\\r\\t"}', '"\\"\\\\/\b\f\n\r\t"'],
    ['{"signed":"\\u0022\\u005c\\u0000\\u00e9\\u20ac\\ud83d\\ude00"}', '"\\"\\\\\0é€😀"'],
    ['{"signed":"é€😀"}', '"é€😀"'],
    ['{"signed":null}', 'null'],
    ['{"signed":{"10":1,"9":2}}', '{"10":1,"9":2}'],
    ['{"signed":5 }', '5'],
    ['{"signed":[ ]}', '[]'],
    ['{"signed":"x"}', '"x"'],
    ['{"signed":{"signed":{"a":1}}}', '{"signed":{"a":1}}'],
    [
      `{"signed":["${'x'.repeat(500)}", 1, "${'y'.repeat(500)}\\n"]}`,
      `["${'x'.repeat(500)}",1,"${'y'.repeat(500)}\n"]`,
    ],
  ])('%s, by the fast road', (text, expected) => {
    expect(takesFastRoad(text)).toBe(true)
    expect(signed(text)).toBe(expected)
  })

  test.each<[string, string]>([
    ['{"signed":{"b":1,"a":2}}', '{"a":2,"b":1}'],
    ['{"signed":{"a":1},"signatures":[]}', '{"a":1}'],
    ['{"\\u0073igned":{"a":1}}', '{"a":1}'],
    ['{"signed":{"custom":9007199254740993}}', '{"custom":9007199254740993}'],
    ['{"signed":{"9":2,"10":1}}', '{"10":1,"9":2}'],
    ['{"signed":{"😀":1,"\uE000":2}}', '{"\uE000":2,"😀":1}'],
    ['{"signed":{"b":1,"__proto__":2}}', '{"__proto__":2,"b":1}'],
    ['{"signed":{"a\\n":1}}', '{"a\n":1}'],
  ])('%s', (text, expected) => {
    expect(takesFastRoad(text)).toBe(false)
    expect(signed(text)).toBe(expected)
  })

  test.each([
    '{}',
    '{"signatures":[]}',
    '{"Signed":{}}',
    '{"a":{"signed":{}}}',
    '[{"signed":{}}]',
    '["signed",{}]',
    '"signed"',
    'null',
  ])('is missing in %s', (text) => {
    expect(takesFastRoad(text)).toBe(true)
    expect(signed(text)).toBeUndefined()
  })

  test.each(['{"signed":{"a":1},"z":1}', '{"signed":{ "a":1}}', '{"z":1,"signed":{"a":1}}'])(
    'of %s does not change with the input',
    (text) => {
      const input = encoder.encode(text)
      const { signedBytes } = readJson(input)
      input.fill(0)
      expect(signedBytes).toEqual(encoder.encode('{"a":1}'))
    },
  )

  test("a caller's form encodes a value of the exact road", () => {
    const form = { name: 'mine', numbers: 'integers', encode: () => Uint8Array.of(7) } as const
    expect(readJson(encoder.encode('{"signed":{}}'), form).signedBytes).toEqual(Uint8Array.of(7))
    expect(() => readJson(encoder.encode('[1.5]'), form)).toThrow(JsonSyntaxError)
  })
})

describe('accessors', () => {
  test('an object is neither null nor an array', () => {
    expect(isJsonObject({})).toBe(true)
    for (const value of [null, [], 'a', 1, 1n, true, undefined]) {
      expect(isJsonObject(value)).toBe(false)
    }
  })

  test('a field path shows names that are not plain in quotes, and long ones in part', () => {
    expect(['signed', 'meta', 'a.json', 3].reduce<string>(fieldPath, '')).toBe(
      'signed.meta.a.json[3]',
    )
    expect(fieldPath('a', 'x y')).toBe('a["x y"]')
    expect(fieldPath('', '')).toBe('[""]')
    expect(fieldPath('a', '\x1b[2J')).toBe('a["\\u001b[2J"]')
    expect(fieldPath('a', 'x'.repeat(5000))).toHaveLength(103)
  })
})
