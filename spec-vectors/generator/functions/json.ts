/** Strict JSON: the bytes that are a document, and their meaning. */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { accepts, gives, refuses, type Terms } from './vector.js'

/** The family `json`. */
export function jsonFamily(): VectorFile {
  return functionFamily(
    'json',
    'Is `document` (a body: text, {base64} or {repeat, length}) a JSON document that a client may read as metadata? Where an output is given, it is the OLPC canonical form of the document, as text: it shows that no part was lost.',
    [...grammar(), ...strings(), ...encodings(), ...numbers(), ...structure()],
  )
}

const json: Terms = { requirements: ['4.1-json'] }
const unambiguous: Terms = { requirements: ['4.1-json'], profile: 'tuffet' }

function grammar(): readonly FunctionVector[] {
  return [
    accepts(json, 'json-empty-object', 'An empty object is a document', { document: '{}' }),
    gives(
      json,
      'json-white-space',
      'The four kinds of white space may stand between all tokens',
      {
        document:
          ' \t\r\n{ \t\r\n"a" \t\r\n: \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n} \t\r\n',
      },
      '{"a":[1,2]}',
    ),
    gives(
      json,
      'json-values',
      'Literals, integers, strings, arrays and objects are values',
      { document: '{"a":[true,false,null,0,-1,"",[],{}]}' },
      '{"a":[true,false,null,0,-1,"",[],{}]}',
    ),
    ...Object.entries({
      'empty-text': ['Empty text is not a document', ''],
      'only-white-space': ['White space alone is not a document', ' \n'],
      'trailing-comma-object': ['A comma after the last member is refused', '{"a":1,}'],
      'trailing-comma-array': ['A comma after the last element is refused', '{"a":[1,]}'],
      'leading-comma': ['A comma before the first element is refused', '{"a":[,1]}'],
      'double-comma': ['Two commas in a row are refused', '{"a":[1,,2]}'],
      'missing-comma': ['Members without a comma between them are refused', '{"a":1 "b":2}'],
      'missing-colon': ['A name without a colon is refused', '{"a" 1}'],
      'missing-value': ['A name without a value is refused', '{"a":}'],
      'line-comment': ['A comment to the end of the line is refused', '{"a":1} // comment'],
      'block-comment': ['A comment between tokens is refused', '{/* comment */"a":1}'],
      'single-quotes': ['Strings in single quotes are refused', "{'a':1}"],
      'unquoted-name': ['A name without quotes is refused', '{a:1}'],
      'number-as-name': ['A number as a name is refused', '{1:2}'],
      'two-documents': ['A second document after the first is refused', '{}{}'],
      'text-after-end': ['Text after the end is refused', '{"a":1}x'],
      'bracket-after-end': ['One closing bracket too many is refused', '{"a":1}}'],
      'unclosed-object': ['A document that ends within an object is refused', '{"a":1'],
      'unclosed-string': ['A document that ends within a string is refused', '{"a":"b'],
      'ends-in-escape': ['A document that ends within an escape is refused', '{"a":"\\'],
      'wrong-bracket': ['An object that ends like an array is refused', '{"a":1]'],
      'literal-case': ['Literals in capital letters are refused', '{"a":True}'],
      'literal-cut-short': ['A literal that is cut short is refused', '{"a":nul}'],
      'literal-too-long': ['A literal with a letter too many is refused', '{"a":truex}'],
      nan: ['NaN is refused, as Python would write it', '{"a":NaN}'],
      infinity: ['Infinity is refused, as Python would write it', '{"a":-Infinity}'],
      undefined: ['A value that exists only in JavaScript is refused', '{"a":undefined}'],
      'no-break-space': ['A no-break space is not white space', '{\u00a0"a":1}'],
      'line-separator': ['A line separator is not white space', '{\u2028"a":1}'],
      'form-feed': ['A form feed is not white space', '{\f"a":1}'],
      'nul-after-end': ['A zero byte after the end is refused', '{"a":1}\0'],
    }).map(([id, [title = '', document = '']]) => refuses(json, `json-${id}`, title, { document })),
  ]
}

function strings(): readonly FunctionVector[] {
  const surrogate: Terms = {
    ...unambiguous,
    note: 'RFC 8259, 8.2, leaves it open. A lone surrogate cannot be written in UTF-8, so the file could be read but not made canonical.',
  }
  return [
    gives(
      json,
      'json-escapes',
      'Every escape stands for its character',
      { document: String.raw`{"a":"\"\\\/\b\f\n\r\t\u0041\u00e9\u00E9"}` },
      '{"a":"\\"\\\\/\b\f\n\r\tA\u00e9\u00e9"}',
    ),
    gives(
      json,
      'json-surrogate-pair',
      'A pair of escaped surrogates is one character',
      { document: String.raw`{"a":"\ud83d\ude00"}` },
      '{"a":"\u{1f600}"}',
    ),
    gives(
      json,
      'json-escaped-nul',
      'An escaped zero character is a character like any other',
      { document: String.raw`{"a":"b\u0000c"}` },
      '{"a":"b\0c"}',
    ),
    gives(
      json,
      'json-raw-characters',
      'All characters but control characters are allowed in a string',
      { document: '{"a":"\u007f\u0080\u00a0\u2028\ufeff\ufffd\uffff\u{10ffff}"}' },
      '{"a":"\u007f\u0080\u00a0\u2028\ufeff\ufffd\uffff\u{10ffff}"}',
    ),
    ...Object.entries({
      'raw-line-feed': ['A line feed in a string is refused', '{"a":"b\nc"}'],
      'raw-tab': ['A tab in a string is refused', '{"a":"b\tc"}'],
      'raw-nul': ['A zero byte in a string is refused', '{"a":"b\0c"}'],
      'raw-unit-separator': ['The last control character is refused too', '{"a":"b\u001fc"}'],
      'escape-x': ['A hexadecimal escape of another language is refused', '{"a":"\\x41"}'],
      'escape-quote': ['An escaped single quote is refused', '{"a":"\\\'"}'],
      'escape-capital': ['A capital letter in an escape is refused', '{"a":"\\U0041"}'],
      'escape-braces': ['A code point in braces is refused', '{"a":"\\u{41}"}'],
      'escape-three-digits': ['An escape with three digits is refused', '{"a":"\\u004"}'],
      'escape-sign': ['An escape with a sign among its digits is refused', '{"a":"\\u+041"}'],
      'escape-line-feed': ['An escaped line break is refused', '{"a":"\\\n"}'],
    }).map(([id, [title = '', document = '']]) => refuses(json, `json-${id}`, title, { document })),
    ...Object.entries({
      'lone-high-surrogate': ['A first half without a second is refused', '{"a":"\\ud83d"}'],
      'lone-low-surrogate': ['A second half without a first is refused', '{"a":"\\ude00"}'],
      'reversed-surrogates': ['Halves in the wrong order are refused', '{"a":"\\ude00\\ud83d"}'],
      'high-surrogate-letter': [
        'A first half before another character is refused',
        '{"a":"\\ud83d\\u0041"}',
      ],
      'surrogate-in-name': ['Half a character in a name is refused', '{"\\ud83d":1}'],
    }).map(([id, [title = '', document = '']]) =>
      refuses(surrogate, `json-${id}`, title, { document }),
    ),
  ]
}

function encodings(): readonly FunctionVector[] {
  const utf8: Terms = {
    ...json,
    note: 'RFC 8259, 8.1: JSON between systems is UTF-8. A reader that replaces bad bytes reads something that nobody signed.',
  }
  const bad = {
    'utf8-overlong': ['A character in more bytes than it needs is refused', [0xc0, 0xaf]],
    'utf8-overlong-three': ['Three bytes where two are enough are refused', [0xe0, 0x80, 0xaf]],
    'utf8-lone-continuation': ['A continuation byte by itself is refused', [0x80]],
    'utf8-cut-short': ['A character without its last byte is refused', [0xe2, 0x82]],
    'utf8-surrogate': ['Half a surrogate pair in three bytes is refused', [0xed, 0xa0, 0xbd]],
    'utf8-surrogate-pair': [
      'A surrogate pair in six bytes is refused',
      [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
    ],
    'utf8-beyond-unicode': ['A code point above U+10FFFF is refused', [0xf4, 0x90, 0x80, 0x80]],
    'utf8-five-bytes': ['A character of five bytes is refused', [0xf8, 0x88, 0x80, 0x80, 0x80]],
    'latin-1': ['Latin-1 is refused', [0xe9]],
  } as const
  return [
    gives(
      json,
      'json-utf8',
      'Characters of one to four bytes are read',
      { document: { base64: base64([...utf8Bytes('{"a":"$\u00a3\u20ac\u{10348}"}')]) } },
      '{"a":"$\u00a3\u20ac\u{10348}"}',
    ),
    ...Object.entries(bad).map(([id, [title, bytes]]) =>
      refuses(utf8, `json-${id}`, title, {
        document: { base64: base64([...utf8Bytes('{"a":"'), ...bytes, ...utf8Bytes('"}')]) },
      }),
    ),
    refuses(utf8, 'json-utf8-outside-strings', 'Bad bytes outside strings are refused', {
      document: { base64: base64([...utf8Bytes('{"a":1'), 0x80, ...utf8Bytes('}')]) },
    }),
    refuses(utf8, 'json-utf16', 'UTF-16 is refused', {
      document: { base64: base64([...Buffer.from('{"a":1}', 'utf16le')]) },
    }),
    refuses(utf8, 'json-utf16-mark', 'UTF-16 with its mark is refused', {
      document: { base64: base64([0xff, 0xfe, ...Buffer.from('{"a":1}', 'utf16le')]) },
    }),
    refuses(
      unambiguous,
      'json-byte-order-mark',
      'A byte-order mark before the document is refused',
      { document: { base64: base64([0xef, 0xbb, 0xbf, ...utf8Bytes('{"a":1}')]) } },
      { note: 'RFC 8259, 8.1: writers must not add one, readers may ignore it.' },
    ),
  ]
}

function numbers(): readonly FunctionVector[] {
  const integers: Terms = { requirements: ['4.1-integers'] }
  const strict: Terms = {
    ...integers,
    profile: 'tuffet',
    note: 'JSON knows such numbers, canonical JSON does not (4.1): a client that reads one here and an integer there would sign and verify different bytes.',
  }
  return [
    gives(
      integers,
      'json-safe-integers',
      'The largest integers that a double holds exactly are read',
      { document: '{"a":[9007199254740991,-9007199254740991]}' },
      '{"a":[9007199254740991,-9007199254740991]}',
    ),
    gives(
      {
        ...integers,
        note: '4.1 and 4: canonical JSON allows integers of any size, and unknown fields are signed.',
      },
      'json-integer-beyond-double',
      'Integers that no double holds are kept exactly',
      {
        document: '{"a":[9007199254740993,-18446744073709551617,1000000000000000000000000000001]}',
      },
      '{"a":[9007199254740993,-18446744073709551617,1000000000000000000000000000001]}',
    ),
    ...Object.entries({
      'leading-zero': ['A leading zero is refused', '01'],
      'negative-leading-zero': ['A leading zero after the sign is refused', '-01'],
      'plus-sign': ['A plus sign is refused', '+1'],
      'minus-alone': ['A sign without digits is refused', '-'],
      'minus-space': ['A sign apart from its digits is refused', '- 1'],
      'no-integer-part': ['A fraction without an integer part is refused', '.5'],
      'no-fraction-digits': ['A point without digits after it is refused', '5.'],
      'no-exponent-digits': ['An exponent without digits is refused', '1e'],
      hexadecimal: ['Hexadecimal is refused', '0x10'],
      'digit-separator': ['An underscore between digits is refused', '1_000'],
      'big-suffix': ['A suffix of another language is refused', '1n'],
      'other-digits': ['Digits that are not ASCII are refused', '\u0661'],
    }).map(([id, [title = '', number = '']]) =>
      refuses(integers, `json-${id}`, title, { document: `{"a":${number}}` }),
    ),
    ...Object.entries({
      fraction: ['A fraction is refused', '1.5'],
      'whole-fraction': ['An integer that is written with a fraction is refused', '1.0'],
      exponent: ['An integer that is written with an exponent is refused', '1e2'],
      'huge-exponent': ['A number that is infinite as a double is refused', '1E400'],
      'tiny-exponent': ['A number that is zero as a double is refused', '1e-400'],
      'negative-zero': ['A zero with a sign is refused', '-0'],
    }).map(([id, [title = '', number = '']]) =>
      refuses(strict, `json-${id}`, title, { document: `{"a":${number}}` }),
    ),
    accepts(
      { ...integers, profile: 'tuffet' },
      'json-integer-4300-digits',
      'An integer of 4,300 digits is read',
      { document: `{"a":${'7'.repeat(4300)}}` },
      { note: 'As many as CPython reads.' },
    ),
    refuses(
      { ...integers, profile: 'tuffet' },
      'json-integer-4301-digits',
      'An integer of 4,301 digits is refused',
      { document: `{"a":${'7'.repeat(4301)}}` },
      { note: 'Reading it takes more than linear time; CPython stops here too.' },
    ),
  ]
}

function structure(): readonly FunctionVector[] {
  const duplicate: Terms = {
    ...unambiguous,
    note: '4.1 asks for files without ambiguity, and RFC 8259, 4, calls the outcome unpredictable: two clients could read two files in one.',
  }
  const depth: Terms = {
    ...unambiguous,
    note: 'RFC 8259, 9, lets readers limit the depth.',
  }
  return [
    gives(
      json,
      'json-any-order',
      'Names may be in any order',
      { document: '{"b":1,"a":2}' },
      '{"a":2,"b":1}',
    ),
    gives(
      json,
      'json-inherited-names',
      'Names that objects of some languages inherit are names like any other',
      { document: '{"__proto__":{"a":1},"constructor":2,"hasOwnProperty":3,"toString":4}' },
      '{"__proto__":{"a":1},"constructor":2,"hasOwnProperty":3,"toString":4}',
    ),
    gives(json, 'json-empty-name', 'The empty string is a name', { document: '{"":1}' }, '{"":1}'),
    gives(
      json,
      'json-not-normalised',
      'Names that differ only by Unicode normalisation are two names',
      { document: '{"e\u0301":1,"\u00e9":2}' },
      '{"e\u0301":1,"\u00e9":2}',
    ),
    gives(
      json,
      'json-case-of-names',
      'Names that differ only by case are two names',
      { document: '{"Signed":1,"signed":2}' },
      '{"Signed":1,"signed":2}',
      { note: 'Go decodes into fields without regard to case by default.' },
    ),
    refuses(duplicate, 'json-duplicate-name', 'A name that occurs twice is refused', {
      document: '{"a":1,"a":2}',
    }),
    refuses(
      duplicate,
      'json-duplicate-equal',
      'A name that occurs twice with the same value is refused',
      {
        document: '{"a":1,"a":1}',
      },
    ),
    refuses(
      duplicate,
      'json-duplicate-apart',
      'A name that occurs twice is refused with another name in between',
      {
        document: '{"a":1,"b":2,"a":3}',
      },
    ),
    refuses(duplicate, 'json-duplicate-escaped', 'A name that is written in two ways is one name', {
      document: '{"a":1,"\\u0061":2}',
    }),
    refuses(duplicate, 'json-duplicate-nested', 'A name that occurs twice deep inside is refused', {
      document: '{"a":[{"b":{"c":1,"c":2}}]}',
    }),
    refuses(duplicate, 'json-duplicate-proto', 'An inherited name that occurs twice is refused', {
      document: '{"__proto__":1,"__proto__":2}',
    }),
    accepts(json, 'json-same-name-elsewhere', 'A name may occur again in another object', {
      document: '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    }),
    accepts(json, 'json-depth-20', 'Twenty containers in each other are read', {
      document: '['.repeat(20) + ']'.repeat(20),
    }),
    accepts(depth, 'json-depth-64', '64 containers in each other are read', {
      document: nested(64),
    }),
    refuses(depth, 'json-depth-65', '65 containers in each other are refused', {
      document: nested(65),
    }),
    refuses(
      { ...json, tags: ['go-tuf#749'] },
      'json-open-brackets',
      'A million opening brackets are refused and do no harm',
      { document: { repeat: '[', length: 1_000_000 } },
    ),
    refuses(
      { ...json, tags: ['go-tuf#749'] },
      'json-open-braces',
      'Two hundred thousand opening objects are refused and do no harm',
      { document: { repeat: '{"a":', length: 1_000_000 } },
    ),
    refuses(json, 'json-backslashes', 'A million backslashes are refused and do no harm', {
      document: { repeat: '"\\', length: 1_000_000 },
    }),
  ]
}

/** Objects and arrays in turn. */
function nested(depth: number): string {
  let text = ''
  for (let level = 0; level < depth; level++) text = level % 2 === 0 ? `[${text}]` : `{"a":${text}}`
  return text
}

function utf8Bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function base64(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('base64')
}
