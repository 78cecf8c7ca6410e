/**
 * Clients with the known weaknesses of others, as far as a few changed lines of this library make
 * them. The vectors that are tagged with one must notice it.
 */
import type { Mutant } from './mutant.js'

const cycle = 'core/cycle/cycle.ts'
const trust = 'core/trust/roles.ts'
const names = 'core/names.ts'
const parts = 'core/metadata/parts.ts'
const pattern = 'core/search/path-pattern.ts'
const matching = `return (path, steps = { left: Infinity }) =>
    path.length <= maximumLength && matches(tokens, path, steps)`

const anyScheme = (test: string): string =>
  `const found = kinds.flatMap(({ schemes }) => Object.entries(schemes)).find(([one]) => ${test})?.[1]`

export const weakMutants: readonly Mutant[] = [
  // Counting
  {
    name: 'counts a signature as often as it is listed',
    embodies: ['CVE-2020-6174', 'CVE-2020-15093', 'CVE-2026-6966'],
    step: '5.6.3',
    file: 'core/trust/verify.ts',
    find: 'return { delegator, threshold, signed: counted.size, keys }',
    replace: `const good = new Set(keys.filter((key) => key.verdict === 'signed').map((key) => key.keyid))
  const signed = envelope.signatures.filter((one) => good.has(one.keyid)).length
  return { delegator, threshold, signed, keys }`,
    also: [
      {
        file: 'core/metadata/parse.ts',
        find: "if (seen.has(keyid)) throw new FieldRefusal('is repeated', 'keyid')",
        replace: '',
      },
    ],
  },
  {
    name: 'reads any number of signatures',
    embodies: ['CVE-2020-6173'],
    step: '4.2.1',
    file: 'core/metadata/parse.ts',
    find: 'if (array.length > most) throw',
    replace: 'if (false) throw',
  },
  {
    name: 'accepts any threshold, and treats a missing one as zero',
    embodies: ['CVE-2026-23992'],
    step: '4.3',
    file: parts,
    find: "threshold: required(object, 'threshold', positive),",
    replace: "threshold: Number(object['threshold'] ?? 0),",
  },
  {
    name: 'uses the type of a key and not its scheme',
    embodies: ['CVE-2015-9258'],
    step: '4.2.2',
    file: 'core/keys/keys.ts',
    find: 'const found = kind?.schemes[name]',
    replace: anyScheme('one.startsWith(`${keytype}/`)'),
  },
  {
    name: 'uses the scheme of a key and not its type',
    embodies: ['CVE-2015-9258'],
    step: '4.2.2',
    file: 'core/keys/keys.ts',
    find: 'const found = kind?.schemes[name]',
    replace: anyScheme('one.endsWith(`/${scheme}`)'),
  },

  // Root
  {
    name: 'keeps a new root before it checks it',
    embodies: ['CVE-2020-15163'],
    step: '5.3.4',
    file: 'core/cycle/root.ts',
    find: '  const trust = yield* judged(options, (asked) => rotateRoot(newest.trust, bytes, asked))\n',
    replace: `  yield { persist: storedRootName(version), bytes, replaceable: false }
  yield { persist: rootEntry, bytes, replaceable: false }
  const trust = yield* judged(options, (asked) => rotateRoot(newest.trust, bytes, asked))
`,
  },
  {
    name: 'treats any failure as the end of the roots',
    embodies: ['rust-tuf#306', 'go-tuf#687'],
    step: '5.3.3',
    file: 'client/drive.ts',
    find: "if (!isTufError(error) || error.code !== 'ERR_TUF_FETCH_NOT_FOUND') throw error",
    replace: `if (!isTufError(error)) throw error
    if (error.code !== 'ERR_TUF_FETCH_NOT_FOUND' && request.mayBeAbsent !== true) throw error`,
  },

  // Rollback and freeze
  {
    name: 'keeps a timestamp before it compares it',
    embodies: ['CVE-2025-2888'],
    step: '5.4.3.2',
    file: cycle,
    find: '  const trust = yield* judged(options, (asked) => acceptTimestamp(found.recalled, bytes, asked))\n',
    replace: `  yield { persist: roleEntry(role, options), bytes, replaceable: true }
  const trust = yield* judged(options, (asked) => acceptTimestamp(found.recalled, bytes, asked))
`,
  },
  {
    name: 'does not check the expiry of a timestamp that it keeps',
    embodies: ['python-tuf#737'],
    step: '5.4.4',
    file: trust,
    find: "  requireFresh({ role: 'timestamp', step: '5.4.4' }, timestamp.signed, trust.now)\n",
    replace:
      "  if (!kept) requireFresh({ role: 'timestamp', step: '5.4.4' }, timestamp.signed, trust.now)\n",
  },
  {
    name: 'forgets expired files',
    embodies: ['python-tuf#1498'],
    step: '5.5.5',
    file: 'core/trust/recall.ts',
    find: `    ...(counts && timestamp.floor && { timestamp: timestamp.floor }),
    ...(counts && snapshot.floor && { snapshot: snapshot.floor }),
`,
    replace: `    ...(timestamp.floor && timestamp.floor.trusted.signed.expires > now && { timestamp: timestamp.floor }),
    ...(snapshot.floor && snapshot.floor.trusted.signed.expires > now && { snapshot: snapshot.floor }),
`,
  },

  // Targets and delegated roles
  {
    name: 'does not check the expiry of delegated roles',
    embodies: ['CVE-2026-6967'],
    step: '5.6.5',
    file: trust,
    find: "  requireFresh({ role, step: '5.6.5' }, envelope.signed, trust.now)\n",
    replace:
      "  if (role === 'targets') requireFresh({ role, step: '5.6.5' }, envelope.signed, trust.now)\n",
  },
  {
    name: 'does not check length and hashes of delegated roles',
    embodies: ['CVE-2026-6967'],
    step: '5.6.2',
    file: trust,
    find: "  checkFile(bytes, expected, { role, step: '5.6.2' }, options)\n",
    replace:
      "  if (role === 'targets') checkFile(bytes, expected, { role, step: '5.6.2' }, options)\n",
    also: [
      {
        file: 'core/cycle/role.ts',
        find: 'maxLength: listedMaximum(role, listed, options.limits),',
        replace: 'maxLength: options.limits.targetsLength,',
      },
    ],
  },
  {
    name: 'believes stored targets without valid signatures',
    embodies: ['TOB-SIGSTORE-10'],
    step: '5.6.3',
    file: trust,
    find: "const authority = rootAuthority(root.signed, 'targets')",
    replace: `const authority = rootAuthority(root.signed, 'targets')
  if (from === 'store') Object.assign(authority, { threshold: 0 })`,
    also: [
      {
        file: trust,
        find: `export function acceptTargets(
  trust: SnapshotTrust,
  bytes: Uint8Array,
  options: TrustOptions,
)`,
        replace: `export function acceptTargets(
  trust: SnapshotTrust,
  bytes: Uint8Array,
  options: TrustOptions,
  from?: string,
)`,
      },
      {
        file: cycle,
        find: 'accept: (bytes, asked) => acceptTargets(snapshot, bytes, asked)',
        replace: 'accept: (bytes, asked, from) => acceptTargets(snapshot, bytes, asked, from)',
      },
    ],
  },

  {
    name: 'shares one table of keys among all delegators',
    embodies: ['rust-tuf#279'],
    step: '5.6.3',
    file: trust,
    find: 'const keys = edge.delegator.signed.delegations?.keys ?? new Map<string, never>()',
    replace: `const own = edge.delegator.signed.delegations?.keys ?? []
  allKeys = new Map([...own, ...allKeys, ...trust.root.signed.keys])
  const keys = allKeys`,
    also: [
      {
        file: trust,
        find: 'export function acceptDelegated(',
        replace: 'let allKeys = new Map()\nexport function acceptDelegated(',
      },
    ],
  },

  // Shapes, names and patterns
  {
    name: 'assumes that objects and their fields exist',
    embodies: ['CVE-2026-23991', 'go-tuf#739'],
    step: '4.2.1',
    file: 'core/metadata/fields.ts',
    find: "if (!isObject(value)) throw refusal('an object', value)",
    replace: '',
    also: [
      {
        file: 'core/metadata/fields.ts',
        find: "if (value === undefined) throw new FieldRefusal('is missing', name)",
        replace: 'if (value === undefined) throw new TypeError(`${name} of undefined`)',
      },
      {
        file: 'core/metadata/parse.ts',
        find: "if (signedBytes === undefined) throw new FieldRefusal('is missing', 'signed')",
        replace: '',
      },
    ],
  },
  {
    name: 'assumes that lists are lists',
    embodies: ['CVE-2026-23991'],
    step: '4.2.1',
    file: 'core/metadata/fields.ts',
    find: "if (!isArray(value)) throw refusal('an array', value)",
    replace: '',
  },
  {
    name: 'assumes that text is text',
    embodies: ['CVE-2026-23991'],
    step: '4.2.1',
    file: 'core/metadata/fields.ts',
    find: "if (typeof value !== 'string') throw refusal('a string', value)",
    replace: '',
  },
  {
    name: 'assumes that truth values are booleans',
    embodies: ['CVE-2026-23991'],
    step: '4.5',
    file: 'core/metadata/fields.ts',
    find: "if (typeof value !== 'boolean') throw refusal('a boolean', value)",
    replace: '',
  },
  {
    name: 'follows any depth',
    embodies: ['go-tuf#749'],
    step: '4.1',
    file: 'core/json/exact.ts',
    find: 'if (depth === maxDepth) this.#fail(`nested more than ${maxDepth} deep`)',
    replace: '',
  },
  {
    name: 'uses the name of a role as it is',
    embodies: ['CVE-2021-41131', 'CVE-2021-41150'],
    step: '4.5',
    file: names,
    find: 'const name = `${encodeName(role)}.json`',
    replace: 'const name = `${role}.json`',
  },
  {
    name: 'matches patterns as Windows names files',
    embodies: ['GHSA-qp9x-wp8f-qgjj'],
    step: '4.5',
    file: pattern,
    find: "of pattern.split('/').entries()) {",
    replace: "of pattern.toLowerCase().split('/').entries()) {",
    also: [
      {
        file: pattern,
        find: matching,
        replace: `return (path) =>
    matches(
      tokens,
      codePoints(String.fromCodePoint(...path).toLowerCase().replaceAll(String.fromCodePoint(92), '/')),
      { left: Infinity },
    )`,
      },
    ],
  },
  {
    name: 'matches patterns as minimatch does',
    embodies: ['GHSA-pmwq-pjrm-6p5r'],
    step: '4.5',
    file: pattern,
    find: matching,
    replace: 'return (path) => minimatch(String.fromCodePoint(...path), pattern)',
    also: [
      {
        file: pattern,
        find: 'type Token =',
        replace: "import { minimatch } from 'minimatch'\ntype Token =",
      },
      // Such a client asks every pattern.
      {
        file: 'core/search/pattern-index.ts',
        find: 'return { prefix: prefix < 0 ? pattern.length : prefix, least, slashes }',
        replace: 'return { prefix: 0, least, slashes }',
      },
      {
        file: 'core/search/pattern-index.ts',
        find: '(this.#least[number] ?? 0) > points.length || this.#slashes[number] !== slashes',
        replace: 'false',
      },
    ],
  },
]
