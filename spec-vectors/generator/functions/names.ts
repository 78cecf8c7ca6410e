/** Role and target names in URLs (6.2), and names that must not get there. */
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { digest, namesTable as table } from './names-table.js'
import { encodedTargets, unsafe } from './target-urls.js'

/** The family `names`. */
export function namesFamily(): VectorFile {
  return functionFamily(
    'names',
    'How is a file called in a URL, after the base URL? Either `role` and an optional `version` (the metadata file of a role), or `target` and an optional `digest` (a target file, hash-prefixed). The output is text. Refused: a name that a URL cannot express without changing it.',
    [...roles(), ...encodedRoles(), ...targets(), ...encodedTargets(), ...unsafe()],
  )
}

/** Names that led clients out of their folder. */
const roleEscapes = { tags: ['CVE-2021-41131', 'CVE-2021-41150'] } as const

function roles(): readonly FunctionVector[] {
  return table({ requirements: ['6.2-names'] }, [
    [
      'root',
      'The name of a root begins with its version',
      { role: 'root', version: 12 },
      '12.root.json',
    ],
    [
      'timestamp',
      'The name of a timestamp contains no version',
      { role: 'timestamp' },
      'timestamp.json',
    ],
    [
      'snapshot',
      'The name of a snapshot begins with its version with consistent snapshots',
      { role: 'snapshot', version: 3 },
      '3.snapshot.json',
    ],
    [
      'snapshot-plain',
      'The name of a snapshot contains no version without consistent snapshots',
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
      'The name of a delegated role contains no version without consistent snapshots',
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
      'The unreserved characters of RFC 3986 stay as they are',
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
      note: 'The specification does not say how a name becomes part of a URL. The reference implementation and the public conformance suite encode everything but unreserved characters.',
    },
    [
      ['role-space', 'A space is encoded', { role: 'a b', version: 1 }, '1.a%20b.json'],
      [
        'role-separator',
        'A separator is encoded: a role is one file',
        { role: 'a/b', version: 1 },
        '1.a%2Fb.json',
        roleEscapes,
      ],
      [
        'role-parent',
        'A name that looks like a way out stays one file',
        { role: '../x', version: 1 },
        '1...%2Fx.json',
        roleEscapes,
      ],
      [
        'role-parent-plain',
        'A name that looks like a way out stays one file without a version too',
        { role: '../x' },
        '..%2Fx.json',
        roleEscapes,
      ],
      ['role-two-dots', 'A name of two dots is a file with a suffix', { role: '..' }, '...json'],
      [
        'role-backslash',
        'A backslash is encoded',
        { role: '..\\x', version: 1 },
        '1...%5Cx.json',
        roleEscapes,
      ],
      [
        'role-query',
        'A character that would begin a query or a fragment is encoded',
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
  return table({ requirements: ['6.2-names', '4.5-target-path'] }, [
    ['target', 'A target is called by its path', { target: 'file.txt' }, 'file.txt'],
    [
      'target-directory',
      'A target path may contain directories',
      { target: 'a/b/file.txt' },
      'a/b/file.txt',
    ],
    [
      'target-hash',
      'With consistent snapshots the digest precedes the name',
      { target: 'file.txt', digest },
      `${digest}.file.txt`,
    ],
    [
      'target-hash-directory',
      'The digest precedes the last part of the path',
      { target: 'a/b/file.txt', digest },
      `a/b/${digest}.file.txt`,
    ],
    [
      'target-hash-hidden',
      'A name that begins with a dot keeps it after the digest',
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
