/** The OLPC canonical form, which signatures cover. */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { gives, refuses, type Terms } from './vector.js'

/** The family `canonical-json`. */
export function canonicalJsonFamily(): VectorFile {
  return functionFamily(
    'canonical-json',
    'The OLPC canonical form of the JSON document `document` (a body), as text; a signature covers its UTF-8 bytes. Refused: a document without such a form.',
    [...layout(), ...strings(), ...order(), ...numbers(), ...samples()],
  )
}

const canonical: Terms = { requirements: ['4.1-canonical'] }
const integers: Terms = { requirements: ['4.1-canonical', '4.1-integers'] }

type Row = readonly [id: string, title: string, document: string, output: string, note?: string]

function given(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, document, output, note]) =>
    gives(terms, `canonical-${id}`, title, { document }, output, { ...(note && { note }) }),
  )
}

function layout(): readonly FunctionVector[] {
  return given(canonical, [
    ['empty-object', 'An empty object is two characters', ' { } ', '{}'],
    ['empty-array', 'An empty array is two characters', '{"a":[ ]}', '{"a":[]}'],
    ['literals', 'Literals stay as they are', '[ true, false, null ]', '[true,false,null]'],
    [
      'white-space',
      'White space between tokens is dropped, in strings it stays',
      '{ "a b" :\t[ 1 ,\r\n 2 ] , "c" : " d " }',
      '{"a b":[1,2],"c":" d "}',
    ],
    ['array-order', 'Arrays keep their order', '{"a":[3,1,2]}', '{"a":[3,1,2]}'],
    [
      'nested-order',
      'Names are sorted on every level, within arrays too',
      '{"b":{"d":1,"c":2},"a":[{"f":3,"e":4}]}',
      '{"a":[{"e":4,"f":3}],"b":{"c":2,"d":1}}',
    ],
  ])
}

function strings(): readonly FunctionVector[] {
  return [
    ...given(canonical, [
      [
        'quote-and-backslash',
        'A quotation mark and a backslash are escaped',
        String.raw`{"a":"\"\\"}`,
        String.raw`{"a":"\"\\"}`,
      ],
      [
        'unicode-quote',
        'Quotation marks and backslashes are escaped the short way, however they were written',
        String.raw`{"a":"\u0022\u005c"}`,
        String.raw`{"a":"\"\\"}`,
      ],
      [
        'line-feed',
        'A line feed stays as it is',
        String.raw`{"a":"b\nc"}`,
        '{"a":"b\nc"}',
        '4.1: of all characters OLPC canonical JSON escapes two. RFC 8785 escapes line feeds, and so no key in PEM agrees with it.',
      ],
      [
        'control-characters',
        'Every control character stays as it is',
        String.raw`{"a":"\u0000\u0001\b\t\u000b\f\r\u001f\u007f"}`,
        '{"a":"\0\u0001\b\t\u000b\f\r\u001f\u007f"}',
      ],
      ['solidus', 'A solidus is not escaped', String.raw`{"a":"b\/c"}`, '{"a":"b/c"}'],
      [
        'not-ascii',
        'Characters beyond ASCII are not escaped',
        String.raw`{"a":"\u00e9\u20ac\u2028"}`,
        '{"a":"\u00e9\u20ac\u2028"}',
      ],
      [
        'astral',
        'A character beyond 16 bits is four bytes of UTF-8',
        String.raw`{"a":"\ud83d\ude00"}`,
        '{"a":"\u{1f600}"}',
      ],
      [
        'html',
        'Characters that mean something in HTML are not escaped',
        '{"a":"<b>&amp;</b>\u2029"}',
        '{"a":"<b>&amp;</b>\u2029"}',
        'Go writes them as escapes by default.',
      ],
      [
        'not-normalised',
        'Unicode is not normalised',
        String.raw`{"a":"e\u0301"}`,
        '{"a":"e\u0301"}',
      ],
      [
        'escaped-name',
        'Names are written like other strings',
        String.raw`{"\u0061\n\"":1}`,
        '{"a\n\\"":1}',
      ],
    ]),
    refuses(
      canonical,
      'canonical-lone-surrogate',
      'Half a surrogate pair cannot be canonical',
      { document: String.raw`{"a":"\ud800"}` },
      { note: '4.1: the canonical form is UTF-8, in which it cannot be written.' },
    ),
  ]
}

function order(): readonly FunctionVector[] {
  return [
    ...given(canonical, [
      ['sorted', 'Names are sorted', '{"c":1,"a":2,"b":3}', '{"a":2,"b":3,"c":1}'],
      [
        'prefix',
        'A name comes before those it begins',
        '{"aa":1,"a":2,"":3}',
        '{"":3,"a":2,"aa":1}',
      ],
      [
        'capital-letters',
        'Capital letters come before small ones',
        '{"a":1,"B":2,"_":3}',
        '{"B":2,"_":3,"a":1}',
      ],
      [
        'digits',
        'Names of digits are compared as text',
        '{"9":1,"10":2,"b":3,"01":4}',
        '{"01":4,"10":2,"9":1,"b":3}',
        'JavaScript lists such names by their number, before all others.',
      ],
      [
        'accents',
        'The order does not depend on a language',
        '{"z":1,"\u00e4":2,"a\u0308":3,"b":4}',
        '{"a\u0308":3,"b":4,"z":1,"\u00e4":2}',
      ],
      [
        'code-points',
        'Names are sorted by code point, not by UTF-16 unit',
        '{"\u{1f600}":1,"\ue000":2,"\uffff":3}',
        '{"\ue000":2,"\uffff":3,"\u{1f600}":1}',
        '4.1: the reference implementation sorts strings of code points; UTF-8 sorts the same way, UTF-16 does not.',
      ],
      [
        'code-points-inside',
        'Code points decide the order also when names begin alike',
        '{"a\u{10000}b":1,"a\uf8ffb":2}',
        '{"a\uf8ffb":2,"a\u{10000}b":1}',
      ],
      [
        'before-escaping',
        'Names are sorted as they are read, not as they are escaped',
        String.raw`{"#":1,"\"":2,"]":3,"\\":4}`,
        String.raw`{"\"":2,"#":1,"\\":4,"]":3}`,
      ],
      [
        'control-name',
        'A control character in a name counts by its own value',
        String.raw`{" ":1,"\n":2,"\u0000":3}`,
        '{"\0":3,"\n":2," ":1}',
      ],
      [
        'inherited-names',
        'Names that objects of some languages inherit are sorted with the rest',
        '{"toString":1,"a":2,"__proto__":3}',
        '{"__proto__":3,"a":2,"toString":1}',
      ],
    ]),
    refuses(
      { ...canonical, profile: 'tuffet' },
      'canonical-duplicate-name',
      'A document that repeats a name cannot be canonical',
      { document: '{"a":1,"a":2}' },
      { note: '4.1: the text does not say which of the two is signed.' },
    ),
  ]
}

function numbers(): readonly FunctionVector[] {
  return [
    ...given(integers, [
      ['zero', 'Zero is one digit', '[0]', '[0]'],
      ['negative', 'Negative integers keep their sign', '[-1,-10]', '[-1,-10]'],
      [
        'no-exponent',
        'Large integers are not written with an exponent',
        '[9007199254740991,1000000000000000000000]',
        '[9007199254740991,1000000000000000000000]',
      ],
      [
        'beyond-double',
        'Integers beyond the range of doubles are written exactly',
        '[9007199254740993,-9223372036854775809]',
        '[9007199254740993,-9223372036854775809]',
        '4.1: unknown fields and custom may hold any integer, and are signed as they are. RFC 8785 knows doubles only.',
      ],
    ]),
    refuses(integers, 'canonical-fraction', 'A fraction cannot be canonical', {
      document: '[1.5]',
    }),
    refuses(
      integers,
      'canonical-whole-fraction',
      'A whole number with a fraction cannot be canonical',
      { document: '[1.0]' },
      {
        note: '4.1: it is a floating-point number to the reference implementation, which refuses it; to a reader that knows doubles only it is 1.',
      },
    ),
    refuses(integers, 'canonical-exponent', 'A number with an exponent cannot be canonical', {
      document: '[1e2]',
    }),
    refuses(
      { ...integers, profile: 'tuffet' },
      'canonical-negative-zero',
      'A zero with a sign cannot be canonical',
      { document: '[-0]' },
      {
        note: '4.1: Python reads an integer here and writes 0, others read a double and write -0.',
      },
    ),
  ]
}

function samples(): readonly FunctionVector[] {
  return given({ requirements: ['4.1-canonical', '4-unknown-fields'] }, [
    [
      'key-in-pem',
      'A key in PEM keeps its line feeds',
      '{"keytype":"ecdsa","keyval":{"public":"-----BEGIN PUBLIC KEY-----\\nMFkw\\n-----END PUBLIC KEY-----\\n"},"scheme":"ecdsa-sha2-nistp256"}',
      '{"keytype":"ecdsa","keyval":{"public":"-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n"},"scheme":"ecdsa-sha2-nistp256"}',
    ],
    [
      'unknown-fields',
      'Unknown fields are part of the canonical form',
      '{"version":1,"x-unknown":{"b":null,"a":[]},"_type":"targets"}',
      '{"_type":"targets","version":1,"x-unknown":{"a":[],"b":null}}',
    ],
    [
      'timestamp',
      'An indented timestamp becomes one line',
      '{\n  "version": 1,\n  "spec_version": "1.0.34",\n  "meta": {\n    "snapshot.json": {\n      "version": 1,\n      "length": 1007\n    }\n  },\n  "expires": "2030-01-01T00:00:00Z",\n  "_type": "timestamp"\n}\n',
      '{"_type":"timestamp","expires":"2030-01-01T00:00:00Z","meta":{"snapshot.json":{"length":1007,"version":1}},"spec_version":"1.0.34","version":1}',
    ],
  ])
}
