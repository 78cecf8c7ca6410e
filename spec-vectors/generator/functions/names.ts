/** Role and target names in URLs (6.2), and names that must not get there. */
import type { FunctionVector, VectorFile } from '../../../src/testing/vectors/format.js'
import { functionFamily } from '../write.js'
import { gives, refuses, type Terms } from './vector.js'

/** The family `names`. */
export function namesFamily(): VectorFile {
  return functionFamily(
    'names',
    'How is a file called in a URL, behind the base URL? Either `role` and perhaps `version` (the ' +
      'metadata file of a role), or `target` and perhaps `digest` (a target file, hash-prefixed). ' +
      'The output is text. Refused: a name that a URL cannot express without changing it.',
    [...roles(), ...encodedRoles(), ...targets(), ...encodedTargets(), ...unsafe()],
  )
}

type Row = readonly [id: string, title: string, input: FunctionVector['input'], output: string]

function table(terms: Terms, rows: readonly Row[]): readonly FunctionVector[] {
  return rows.map(([id, title, input, output]) => gives(terms, `names-${id}`, title, input, output))
}

function roles(): readonly FunctionVector[] {
  return table({ requirements: ['6.2-names'] }, [
    [
      'root',
      'A root has its version before its name',
      { role: 'root', version: 12 },
      '12.root.json',
    ],
    [
      'timestamp',
      'A timestamp has no version before its name',
      { role: 'timestamp' },
      'timestamp.json',
    ],
    [
      'snapshot',
      'A snapshot has its version before its name with consistent snapshots',
      { role: 'snapshot', version: 3 },
      '3.snapshot.json',
    ],
    [
      'snapshot-plain',
      'A snapshot has no version before its name without consistent snapshots',
      { role: 'snapshot' },
      'snapshot.json',
    ],
    [
      'delegated',
      'A delegated role is called like a top-level one',
      { role: 'project', version: 7 },
      '7.project.json',
    ],
    [
      'delegated-plain',
      'A delegated role has no version before its name without consistent snapshots',
      { role: 'project' },
      'project.json',
    ],
    [
      'version-large',
      'A version is written in full',
      { role: 'targets', version: 9007199254740991 },
      '9007199254740991.targets.json',
    ],
    [
      'role-unreserved',
      'What RFC 3986 calls unreserved stays as it is',
      { role: 'A-Z_a.z~09', version: 1 },
      '1.A-Z_a.z~09.json',
    ],
    [
      'role-dots',
      'Dots in a name stay where they are',
      { role: 'a.b.json', version: 1 },
      '1.a.b.json.json',
    ],
  ])
}

function encodedRoles(): readonly FunctionVector[] {
  return table(
    {
      requirements: ['6.2-names'],
      profile: 'tuffet',
      tags: ['CVE-2021-41131', 'CVE-2021-41150', 'CVE-2026-6968'],
      note: 'The specification does not say how a name becomes part of a URL. The reference implementation and the public conformance suite encode everything but unreserved characters.',
    },
    [
      ['role-space', 'A space is encoded', { role: 'a b', version: 1 }, '1.a%20b.json'],
      [
        'role-separator',
        'A separator is encoded: a role is one file',
        { role: 'a/b', version: 1 },
        '1.a%2Fb.json',
      ],
      [
        'role-parent',
        'A name that looks like a way out stays one file',
        { role: '../x', version: 1 },
        '1...%2Fx.json',
      ],
      ['role-parent-plain', 'So it does without a version', { role: '../x' }, '..%2Fx.json'],
      ['role-two-dots', 'A name of two dots is a file with a suffix', { role: '..' }, '...json'],
      ['role-backslash', 'A backslash is encoded', { role: '..\\x', version: 1 }, '1...%5Cx.json'],
      [
        'role-query',
        'What would begin a query or a fragment is encoded',
        { role: 'a?b#c', version: 1 },
        '1.a%3Fb%23c.json',
      ],
      [
        'role-percent',
        'A percent sign is encoded, also where it looks like an escape',
        { role: 'a%2Fb', version: 1 },
        '1.a%252Fb.json',
      ],
      [
        'role-utf8',
        'Other characters are encoded as UTF-8',
        { role: '\u00e9\u{1f600}', version: 1 },
        '1.%C3%A9%F0%9F%98%80.json',
      ],
      [
        'role-marks',
        'Marks that some functions leave alone are encoded',
        { role: "!'()*", version: 1 },
        '1.%21%27%28%29%2A.json',
      ],
      [
        'role-delimiters',
        'Delimiters are encoded',
        { role: ':@$&+,;=', version: 1 },
        '1.%3A%40%24%26%2B%2C%3B%3D.json',
      ],
      [
        'role-control',
        'Control characters are encoded',
        { role: 'a\0\n\u007fb', version: 1 },
        '1.a%00%0A%7Fb.json',
      ],
      [
        'role-not-normalised',
        'A name is not normalised',
        { role: 'e\u0301', version: 1 },
        '1.e%CC%81.json',
      ],
    ],
  )
}

function targets(): readonly FunctionVector[] {
  const digest = 'aadf327c8267c09d'
  return table({ requirements: ['6.2-names', '4.5-target-path'] }, [
    ['target', 'A target is called by its path', { target: 'file.txt' }, 'file.txt'],
    [
      'target-directory',
      'A target path has directories',
      { target: 'a/b/file.txt' },
      'a/b/file.txt',
    ],
    [
      'target-hash',
      'With consistent snapshots the digest stands before the name',
      { target: 'file.txt', digest },
      `${digest}.file.txt`,
    ],
    [
      'target-hash-directory',
      'The digest stands before the last part of the path',
      { target: 'a/b/file.txt', digest },
      `a/b/${digest}.file.txt`,
    ],
    [
      'target-hash-hidden',
      'A name that begins with a dot keeps it behind the digest',
      { target: 'a/.file', digest },
      `a/${digest}..file`,
    ],
    [
      'target-hash-no-dot',
      'A name without a suffix gets none',
      { target: 'a/file', digest },
      `a/${digest}.file`,
    ],
    [
      'target-unreserved',
      'Unreserved characters stay as they are',
      { target: 'A-Z_a.z~09/...' },
      'A-Z_a.z~09/...',
    ],
  ])
}

function encodedTargets(): readonly FunctionVector[] {
  const digest = 'aadf327c8267c09d'
  return table(
    {
      requirements: ['4.5-target-path'],
      profile: 'tuffet',
      tags: ['CVE-2021-41149'],
      note: '4.5 calls a target path a path-relative URL string and does not say what becomes of other characters.',
    },
    [
      ['target-space', 'A space of a target path is encoded', { target: 'a b.txt' }, 'a%20b.txt'],
      [
        'target-escape',
        'What is percent-encoded stays so',
        { target: 'a%20b%2Fc.txt' },
        'a%20b%2Fc.txt',
      ],
      [
        'target-percent',
        'A percent sign that begins no escape is encoded',
        { target: '100%.txt' },
        '100%25.txt',
      ],
      ['target-percent-digit', 'So it is with one digit behind it', { target: '%4' }, '%254'],
      ['target-query', 'A question mark begins no query', { target: 'a?b=c' }, 'a%3Fb=c'],
      ['target-fragment', 'A number sign begins no fragment', { target: 'a#b' }, 'a%23b'],
      [
        'target-delimiters',
        'Delimiters that may stand in a path stay',
        { target: "a:@!$&'()*+,;=b" },
        "a:@!$&'()*+,;=b",
      ],
      [
        'target-brackets',
        'Brackets are encoded',
        { target: '[a]{b}|^`"<>' },
        '%5Ba%5D%7Bb%7D%7C%5E%60%22%3C%3E',
      ],
      [
        'target-backslash',
        'A backslash is encoded and is no separator',
        { target: '..\\x' },
        '..%5Cx',
      ],
      [
        'target-utf8',
        'Other characters of a target path are encoded as UTF-8',
        { target: '\u00e9/\u{1f600}' },
        '%C3%A9/%F0%9F%98%80',
      ],
      [
        'target-control',
        'Control characters of a target path are encoded',
        { target: 'a\0\tb' },
        'a%00%09b',
      ],
      [
        'target-leading-separator',
        'A leading separator stays',
        { target: '/file.txt' },
        '/file.txt',
      ],
      ['target-empty-segments', 'Empty directories stay', { target: 'a//b' }, 'a//b'],
      [
        'target-absolute',
        'A path that looks like a URL is a path',
        { target: 'https://example.com/x' },
        'https://example.com/x',
      ],
      [
        'target-hash-space',
        'A hash-prefixed name is encoded like any other',
        { target: 'a b/c d', digest },
        `a%20b/${digest}.c%20d`,
      ],
      [
        'target-hash-separator',
        'An encoded separator divides no path',
        { target: 'a%2Fb', digest },
        `${digest}.a%2Fb`,
      ],
      [
        'target-hash-trailing',
        'Behind a trailing separator the name is empty',
        { target: 'dir/', digest },
        `dir/${digest}.`,
      ],
    ],
  )
}

function unsafe(): readonly FunctionVector[] {
  const terms: Terms = {
    requirements: ['4.5-target-path'],
    profile: 'tuffet',
    tags: ['CVE-2021-41131', 'CVE-2021-41149', 'CVE-2026-24137', 'CVE-2026-24686'],
    note: '4.5 does not forbid such paths. Whatever sends the request would resolve them, and ask for another file.',
  }
  const digest = 'aadf327c8267c09d'
  const rows: readonly (readonly [string, string, FunctionVector['input']])[] = [
    ['parent', 'A way out of the folder is refused', { target: '../x' }],
    ['parent-inside', 'A way back is refused, also where it stays inside', { target: 'a/../b' }],
    ['parent-last', 'A path that ends with two dots is refused', { target: 'a/..' }],
    ['dot', 'A path that is a dot is refused', { target: '.' }],
    ['dot-inside', 'A directory that is a dot is refused', { target: 'a/./b' }],
    ['encoded', 'Dots that are percent-encoded are dots', { target: '%2e%2e/x' }],
    ['encoded-upper', 'So they are in upper case', { target: 'a/%2E%2E/b' }],
    ['encoded-half', 'So they are when one of them is', { target: '.%2e/x' }],
    ['hash', 'A digest before the last part does not hide a way out', { target: '../x', digest }],
    ['hash-last', 'A digest before two dots does not hide them', { target: 'a/..', digest }],
  ]
  return rows.map(([id, title, input]) => refuses(terms, `names-unsafe-${id}`, title, input))
}
