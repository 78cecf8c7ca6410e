/**
 * A good file of each role with every field that section 4 names, and for each field the allowed
 * values. Written from the specification; a field that is missing from the table fails the test.
 */
import type { JsonObject, JsonValue } from '../../src/core/json/value.js'

/** The replacement of a field. `missing` takes it away. */
export const shapes: Readonly<Record<string, JsonValue | undefined>> = {
  missing: undefined,
  null: null,
  false: false,
  true: true,
  zero: 0,
  one: 1,
  negative: -1,
  fraction: 1.5,
  'beyond 2^53': 2n ** 53n + 1n,
  text: 'text',
  'empty text': '',
  '[]': [],
  '[null]': [null],
  '{}': {},
  '{x: null}': { x: null },
}

/** A field's place: names, and numbers for elements of lists. */
export type Steps = readonly (string | number)[]

/** The values that a field allows. */
export interface Rule {
  /** These are accepted; all others are refused at the field itself, unless `instead` says. */
  readonly legal?: readonly string[]
  /** Shape → the path that is refused, or the code of the error. */
  readonly instead?: Readonly<Record<string, string>>
}

const text: Rule = { legal: ['text', 'empty text'] }
const positive: Rule = { legal: ['one'] }
const element: Rule = { legal: [...(text.legal ?? []), 'missing'] }
const anything: Rule = { legal: Object.keys(shapes).filter((shape) => shape !== 'fraction') }
const optionalCount: Rule = { legal: ['zero', 'one', 'missing'] }

function list(path: string): Rule {
  return { legal: ['[]'], instead: { '[null]': `${path}[0]` } }
}

/** An object whose first required member is `name`. */
function withMember(path: string, name: string, legal: readonly string[] = []): Rule {
  const first = path === '' ? name : `${path}.${name}`
  return { legal, instead: { '{}': first, '{x: null}': first } }
}

/** An object of entries by name. */
function table(path: string, legal: readonly string[] = []): Rule {
  return { legal: ['{}', ...legal], instead: { '{x: null}': `${path}.x` } }
}

function hashes(path: string, legal: readonly string[] = []): readonly [string, Rule][] {
  return [
    [path, { legal, instead: { '{x: null}': `${path}.x` } }],
    // No text that is tried is hexadecimal, and one hash must stay.
    [`${path}.sha256`, { instead: { missing: path } }],
  ]
}

function keys(path: string): readonly [string, Rule][] {
  return [
    [path, table(path)],
    [`${path}.K`, withMember(`${path}.K`, 'keytype', ['missing'])],
    [`${path}.K.keytype`, text],
    [`${path}.K.scheme`, text],
    [`${path}.K.keyval`, withMember(`${path}.K.keyval`, 'public')],
    [`${path}.K.keyval.public`, text],
  ]
}

function roleKeys(path: string): readonly [string, Rule][] {
  return [
    [`${path}.keyids`, list(`${path}.keyids`)],
    [`${path}.keyids[0]`, element],
    [`${path}.threshold`, positive],
  ]
}

function metaFile(path: string, legal: readonly string[]): readonly [string, Rule][] {
  return [
    [path, withMember(path, 'version', legal)],
    [`${path}.version`, positive],
    [`${path}.length`, optionalCount],
    ...hashes(`${path}.hashes`, ['missing']),
  ]
}

const unsupported = 'ERR_TUF_SPEC_VERSION_UNSUPPORTED'

const common: readonly [string, Rule][] = [
  ['', withMember('', 'signed', [])],
  ['signed', withMember('signed', '_type')],
  ['signed._type', {}],
  ['signed.spec_version', { instead: { text: unsupported, 'empty text': unsupported } }],
  ['signed.version', positive],
  ['signed.expires', {}],
  ['signed.x-unknown', anything],
  ['signatures', list('signatures')],
  ['signatures[0]', withMember('signatures[0]', 'keyid', ['missing'])],
  ['signatures[0].keyid', text],
  // Sigstore's roots contain empty ones, which do not count.
  ['signatures[0].sig', text],
]

const rootRoles = ['root', 'timestamp', 'snapshot', 'targets']

const key = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: 'ab' } }

function file(type: string, fields: JsonObject): JsonObject {
  const signed = {
    _type: type,
    spec_version: '1.0.34',
    version: 7,
    expires: '2030-01-01T00:00:00Z',
    'x-unknown': 'kept',
    ...fields,
  }
  return { signatures: [{ keyid: 'K', sig: 'abcd' }], signed }
}

const listed = { version: 3, length: 10, hashes: { sha256: 'abcd' } }
const authority = { keyids: ['K'], threshold: 1 }

const delegations = 'signed.delegations'
const role = `${delegations}.roles[0]`
const neither = { missing: delegations }

/** Rules for `delegations` that all its forms share. */
const delegationRules: readonly [string, Rule][] = [
  [delegations, withMember(delegations, 'keys', ['missing'])],
  ...keys(`${delegations}.keys`),
]

function delegatedRole(scope: string): readonly [string, Rule][] {
  const paths = `${role}.${scope}`
  return [
    [
      `${delegations}.roles`,
      { ...list(`${delegations}.roles`), instead: { ...neither, '[null]': role } },
    ],
    [role, withMember(role, 'name', ['missing'])],
    [`${role}.name`, text],
    ...roleKeys(role),
    [paths, { legal: ['[]'], instead: { '[null]': `${paths}[0]`, missing: role } }],
    [`${paths}[0]`, element],
    // The specification's own example leaves it out.
    [`${role}.terminating`, { legal: ['true', 'false', 'missing'] }],
  ]
}

/** A good file, and its table. */
export interface Example {
  readonly title: string
  readonly type: 'root' | 'timestamp' | 'snapshot' | 'targets'
  readonly file: JsonObject
  /** Path → rule. */
  readonly rules: ReadonlyMap<string, Rule>
}

export const examples: readonly Example[] = [
  {
    title: 'root',
    type: 'root',
    file: file('root', {
      consistent_snapshot: true,
      keys: { K: key },
      roles: Object.fromEntries(rootRoles.map((name) => [name, authority])),
    }),
    rules: new Map([
      ...common,
      ['signed.consistent_snapshot', { legal: ['true', 'false', 'missing'] }],
      ...keys('signed.keys'),
      ['signed.roles', withMember('signed.roles', 'root')],
      ...rootRoles.flatMap((name): [string, Rule][] => [
        [`signed.roles.${name}`, withMember(`signed.roles.${name}`, 'keyids')],
        ...roleKeys(`signed.roles.${name}`),
      ]),
    ]),
  },
  {
    title: 'timestamp',
    type: 'timestamp',
    file: file('timestamp', { meta: { 'snapshot.json': listed } }),
    rules: new Map([
      ...common,
      ['signed.meta', withMember('signed.meta', 'snapshot.json')],
      ...metaFile('signed.meta.snapshot.json', []),
    ]),
  },
  {
    title: 'snapshot',
    type: 'snapshot',
    file: file('snapshot', { meta: { 'targets.json': listed } }),
    rules: new Map([
      ...common,
      ['signed.meta', table('signed.meta')],
      ...metaFile('signed.meta.targets.json', ['missing']),
    ]),
  },
  {
    title: 'targets',
    type: 'targets',
    file: file('targets', {
      targets: { 'a.txt': { length: 1, hashes: { sha256: 'abcd' }, custom: { x: 1 } } },
    }),
    rules: new Map([
      ...common,
      ['signed.targets', table('signed.targets')],
      ['signed.targets.a.txt', withMember('signed.targets.a.txt', 'length', ['missing'])],
      ['signed.targets.a.txt.length', { legal: ['zero', 'one'] }],
      ...hashes('signed.targets.a.txt.hashes'),
      ['signed.targets.a.txt.custom', { legal: ['{}', '{x: null}', 'missing'] }],
      ['signed.targets.a.txt.custom.x', anything],
    ]),
  },
  {
    title: 'targets with delegations by path',
    type: 'targets',
    file: file('targets', {
      targets: {},
      delegations: {
        keys: { K: key },
        roles: [{ name: 'dev', ...authority, paths: ['*'], terminating: false }],
      },
    }),
    rules: new Map([
      ...common,
      ['signed.targets', table('signed.targets')],
      ...delegationRules,
      ...delegatedRole('paths'),
    ]),
  },
  {
    title: 'targets with delegations by hash prefix',
    type: 'targets',
    file: file('targets', {
      targets: {},
      delegations: {
        keys: { K: key },
        roles: [{ name: 'dev', ...authority, path_hash_prefixes: ['ab'], terminating: true }],
      },
    }),
    rules: new Map([
      ...common,
      ['signed.targets', table('signed.targets')],
      ...delegationRules,
      ...delegatedRole('path_hash_prefixes'),
    ]),
  },
  {
    title: 'targets with succinct delegations',
    type: 'targets',
    file: file('targets', {
      targets: {},
      delegations: {
        keys: { K: key },
        succinct_roles: { ...authority, bit_length: 8, name_prefix: 'bin' },
      },
    }),
    rules: new Map([
      ...common,
      ['signed.targets', table('signed.targets')],
      ...delegationRules,
      [
        `${delegations}.succinct_roles`,
        {
          instead: {
            ...neither,
            '{}': `${delegations}.succinct_roles.keyids`,
            '{x: null}': `${delegations}.succinct_roles.keyids`,
          },
        },
      ],
      ...roleKeys(`${delegations}.succinct_roles`),
      [`${delegations}.succinct_roles.bit_length`, positive],
      [`${delegations}.succinct_roles.name_prefix`, text],
    ]),
  },
]
