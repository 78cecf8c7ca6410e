/** Which repositories must agree on a target, by a map file (TAP 4). */
import type { JsonValue } from '../../../src/core/json/value.js'
import type { FunctionVector, VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { gives, refuses, type Terms } from './vector.js'

/** The family `map-files`. */
export function mapFilesFamily(): VectorFile {
  return functionFamily(
    'map-files',
    'By the map file `map` (text), what is the target `path`? `answers` has the answer of each repository: the length and hashes that it lists, null if it does not list the target, "failed" if it gives no answer. `asked` in the output are the repositories asked, in order; `agreed` those that agree, none where no repository that was asked lists the target. Refused: a map that is not one, a target on which too few agree, and one for which there is no verdict.',
    [...oneMapping(), ...severalMappings(), ...agreement(), ...failures(), ...maps()],
  )
}

const order: Terms = { requirements: ['tap4-order'], profile: 'tap4' }
const threshold: Terms = { requirements: ['tap4-threshold'], profile: 'tap4' }
const terminating: Terms = { requirements: ['tap4-terminating'], profile: 'tap4' }
const patterns: Terms = { requirements: ['tap4-paths'], profile: 'tap4' }
const map: Terms = { requirements: ['tap4-map'], profile: 'tap4' }
const blocked: Terms = {
  requirements: ['tap4-order', 'tap4-threshold'],
  profile: 'tuffet',
  note: 'TAP 4 does not say what follows when a repository gives no answer. Blocking one must not decide a verdict: while an answer that could change the verdict is missing, the target is refused.',
}

const path = 'pkgs/a.whl'

const files: Readonly<Record<string, JsonValue>> = {
  X: { length: 1, hashes: { sha256: 'a'.repeat(64) } },
  Y: { length: 1, hashes: { sha256: 'b'.repeat(64) } },
  '-': null,
  '!': 'failed',
}

interface Row {
  readonly paths?: readonly string[]
  /** A letter for each. */
  readonly ask: string
  readonly threshold?: number
  readonly terminating?: boolean
}

/** `told`: for each repository `a`, `b`, … an X, a Y, `-` for "not listed", `!` for no answer. */
function question(rows: readonly Row[], told: string, asked: string = path) {
  const names = [...told].map((_, at) => String.fromCharCode(0x61 + at))
  const mapping = rows.map((row) => ({
    paths: [...(row.paths ?? ['*'])],
    repositories: [...row.ask],
    threshold: row.threshold ?? 1,
    terminating: row.terminating ?? false,
  }))
  const repositories = Object.fromEntries(names.map((name) => [name, [`https://${name}.test/`]]))
  const answers = Object.fromEntries(
    names.map((name, at) => [name, files[told[at] ?? '-'] ?? null]),
  )
  return { map: JSON.stringify({ repositories, mapping }), path: asked, answers }
}

function output(agreed: string, asked: string) {
  return { agreed: [...agreed], asked: [...asked] }
}

type Agreed = readonly [
  terms: Terms,
  id: string,
  title: string,
  rows: readonly Row[],
  told: string,
  agreed: string,
  asked: string,
]

function rows(table: readonly Agreed[]): readonly FunctionVector[] {
  return table.map(([terms, id, title, maps, told, agreed, asked]) =>
    gives(terms, `map-${id}`, title, question(maps, told), output(agreed, asked)),
  )
}

type Refused = readonly [
  terms: Terms,
  id: string,
  title: string,
  rows: readonly Row[],
  told: string,
]

function refused(table: readonly Refused[]): readonly FunctionVector[] {
  return table.map(([terms, id, title, maps, told]) =>
    refuses(terms, `map-${id}`, title, question(maps, told)),
  )
}

const end = { terminating: true }

function oneMapping(): readonly FunctionVector[] {
  return [
    ...rows([
      [
        order,
        'first-decides',
        'The first repository that lists the target decides, and no other is asked',
        [{ ask: 'abc', ...end }],
        '-XY',
        'b',
        'ab',
      ],
      [
        order,
        'listed-order',
        'Repositories are asked in the order of the mapping',
        [{ ask: 'ca', ...end }],
        'X-Y',
        'c',
        'c',
      ],
      [
        threshold,
        'two-agree',
        'Two repositories that agree meet a threshold of two',
        [{ ask: 'abc', threshold: 2, ...end }],
        'XXY',
        'ab',
        'ab',
      ],
      [
        threshold,
        'third-decides',
        'A third repository completes one of two answers',
        [{ ask: 'abc', threshold: 2, ...end }],
        'XYY',
        'bc',
        'abc',
      ],
      [
        threshold,
        'none-lists',
        'A target that no repository lists is absent',
        [{ ask: 'ab', threshold: 2, ...end }],
        '--',
        '',
        'ab',
      ],
    ]),
    ...refused([
      [
        threshold,
        'two-differ',
        'Two repositories that list different files do not meet a threshold of two',
        [{ ask: 'ab', threshold: 2, ...end }],
        'XY',
      ],
      [
        threshold,
        'one-of-two',
        'One repository alone does not meet a threshold of two',
        [{ ask: 'ab', threshold: 2, ...end }],
        'X-',
      ],
      [
        threshold,
        'two-of-three',
        'Two that agree do not meet a threshold of three',
        [{ ask: 'abc', threshold: 3, ...end }],
        'XXY',
      ],
    ]),
  ]
}

function severalMappings(): readonly FunctionVector[] {
  return [
    ...rows([
      [
        order,
        'next-mapping',
        'Without agreement the next mapping follows',
        [{ ask: 'ab', threshold: 2 }, { ask: 'c' }],
        'XYY',
        'c',
        'abc',
      ],
      [
        order,
        'asked-once',
        'A repository that two mappings name is asked once',
        [{ ask: 'ab', threshold: 2 }, { ask: 'b' }],
        '-X',
        'b',
        'ab',
      ],
      [
        terminating,
        'terminating-absent',
        'After a terminating mapping no other is tried',
        [{ ask: 'a', ...end }, { ask: 'b' }],
        '-X',
        '',
        'a',
      ],
      [
        patterns,
        'first-match',
        'A mapping whose patterns do not match is passed over',
        [{ paths: ['other/*'], ask: 'a', ...end }, { ask: 'b' }],
        'XY',
        'b',
        'b',
      ],
      [
        patterns,
        'second-pattern',
        'One matching pattern of several is enough',
        [{ paths: ['other/*', 'pkgs/*.whl'], ask: 'a', ...end }],
        'X',
        'a',
        'a',
      ],
      [
        patterns,
        'star-matches-all',
        'The pattern * alone matches a path with slashes',
        [{ paths: ['*'], ask: 'a', ...end }],
        'X',
        'a',
        'a',
      ],
      [
        patterns,
        'unmapped',
        'A path without a mapping is absent, and no repository is asked',
        [{ paths: ['other/*'], ask: 'a' }],
        'X',
        '',
        '',
      ],
    ]),
    ...refused([
      [
        terminating,
        'terminating-differ',
        'After a terminating mapping without agreement no other is tried',
        [{ ask: 'ab', threshold: 2, ...end }, { ask: 'c' }],
        'XYX',
      ],
      [
        order,
        'nothing-left',
        'Without agreement in any mapping the target is refused',
        [
          { ask: 'ab', threshold: 2 },
          { ask: 'bc', threshold: 2 },
        ],
        'XY-',
      ],
    ]),
    gives(
      {
        ...patterns,
        profile: 'tuffet',
        note: 'TAP 4 calls the patterns globs and compares them with delegations. In those of 4.5 no * matches a slash.',
      },
      'map-star-stays-in-a-segment',
      'A * in a longer pattern does not match a slash',
      question([{ paths: ['pkgs*'], ask: 'a', ...end }, { ask: 'b' }], 'XY'),
      output('b', 'b'),
    ),
  ]
}

function agreement(): readonly FunctionVector[] {
  const both = [{ ask: 'ab', threshold: 2, ...end }]
  const x = { length: 1, hashes: { sha256: 'a'.repeat(64) } }
  const told = (b: JsonValue) => ({ ...question(both, 'XX'), answers: { a: x, b } })
  return [
    refuses(
      threshold,
      'map-other-length',
      'Files of different lengths are different',
      told({ ...x, length: 2 }),
    ),
    refuses(
      {
        ...threshold,
        profile: 'tuffet',
        note: 'TAP 4 wants the same hashes. By different functions they cannot be compared.',
      },
      'map-other-function',
      'Hashes by different functions do not agree',
      told({ length: 1, hashes: { sha512: 'a'.repeat(128) } }),
    ),
  ]
}

function failures(): readonly FunctionVector[] {
  return [
    ...refused([
      [
        blocked,
        'blocked-first',
        'A blocked repository is not replaced by the next of its mapping',
        [{ ask: 'ab', ...end }],
        '!X',
      ],
      [
        blocked,
        'blocked-mapping',
        'A blocked repository does not move the search to the next mapping',
        [{ ask: 'a' }, { ask: 'b' }],
        '!X',
      ],
      [
        blocked,
        'blocked-side',
        'A blocked repository that could have decided for the other file leaves no verdict',
        [{ ask: 'abcd', threshold: 2, ...end }],
        'Y!XX',
      ],
    ]),
    ...rows([
      [
        blocked,
        'blocked-in-vain',
        'A blocked repository that could not have changed the verdict is passed over',
        [{ ask: 'abc', threshold: 2, ...end }],
        '!XX',
        'bc',
        'abc',
      ],
    ]),
  ]
}

function maps(): readonly FunctionVector[] {
  const valid = question([{ paths: ['pkgs/a.whl'], ask: 'a', ...end }], 'X')
  const changed = (from: string, to: string) => ({ ...valid, map: valid.map.replace(from, to) })
  const strict: Terms = {
    ...map,
    profile: 'tuffet',
    note: 'A map is a policy: a misspelled field must not become a default.',
  }
  return [
    gives(
      map,
      'map-valid',
      'A map with repositories, paths, threshold and the end is read',
      valid,
      output('a', 'a'),
    ),
    refuses(
      map,
      'map-unknown-repository',
      'A mapping that names a repository without an address is refused',
      changed('"repositories":["a"]', '"repositories":["b"]'),
    ),
    refuses(
      map,
      'map-threshold-zero',
      'A threshold of 0 is refused',
      changed('"threshold":1', '"threshold":0'),
    ),
    refuses(
      map,
      'map-threshold-unreachable',
      'A threshold above the number of repositories is refused',
      changed('"threshold":1', '"threshold":2'),
    ),
    refuses(
      map,
      'map-threshold-text',
      'A threshold that is text is refused',
      changed('"threshold":1', '"threshold":"1"'),
    ),
    refuses(
      map,
      'map-repository-twice',
      'A mapping that names a repository twice is refused',
      changed('"repositories":["a"]', '"repositories":["a","a"]'),
    ),
    refuses(map, 'map-name-is-a-path', 'A repository whose name leaves its folder is refused', {
      ...valid,
      map: valid.map.replaceAll('"a"', '"../a"'),
    }),
    refuses(
      strict,
      'map-unknown-field',
      'An unknown field is refused',
      changed('"threshold":1', '"threshold":1,"treshold":2'),
    ),
    refuses(
      strict,
      'map-without-terminating',
      'A mapping that does not say whether the search ends is refused',
      changed(',"terminating":true', ''),
    ),
    refuses(map, 'map-not-json', 'Text that is not JSON is refused', { ...valid, map: '{' }),
  ]
}
