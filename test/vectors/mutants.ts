/**
 * Clients that are broken on purpose: this library with one check taken out of its source. Each must
 * be caught by a vector. A `find` that does not occur exactly once means that the list is out of date.
 */
import type { Mutant } from './mutant.js'
import { targetsMutants } from './targets-mutants.js'

const trust = 'core/trust/roles.ts'
const trustRoot = 'core/trust/root.ts'
const cycle = 'core/cycle/cycle.ts'
const rootCycle = 'core/cycle/root.ts'
const recalling = 'core/trust/recall.ts'

export const mutants: readonly Mutant[] = [
  // 5.1, 5.2
  {
    name: 'reads files of any version of the specification',
    step: '4.3',
    file: 'core/metadata/spec-version.ts',
    find: 'return supported.test(text)',
    replace: 'return true',
  },
  {
    name: 'accepts a file of another type',
    step: '4.3',
    file: 'core/metadata/parse.ts',
    find: 'if (found !== type) {',
    replace: 'if (false) {',
  },
  {
    name: 'believes an anchor that its own keys did not sign',
    step: '5.2',
    file: trustRoot,
    find: "requireThreshold(place, envelope, rootAuthority(envelope.signed, 'root'), options)",
    replace: "({ delegator: 'root', threshold: 0, signed: 0, keys: [] })",
  },

  // 5.3
  {
    name: 'stops after one new root',
    step: '5.3.3',
    file: rootCycle,
    find: 'asked === options.limits.rootRotations',
    replace: 'asked === 1',
  },
  {
    name: 'accepts a new root that the old keys did not sign',
    step: '5.3.4',
    file: trustRoot,
    find: "  requireThreshold(signatures, envelope, rootAuthority(old, 'root'), options)\n",
    replace: '',
  },
  {
    name: 'accepts a new root that its own keys did not sign',
    step: '5.3.4',
    file: trustRoot,
    find: 'requireThreshold(signatures, envelope, own, options)',
    replace: "requireThreshold(signatures, envelope, rootAuthority(old, 'root'), options)",
  },
  {
    name: 'accepts a new root of any version',
    embodies: ['CVE-2025-2885'],
    step: '5.3.5',
    file: trustRoot,
    find: "  const { version } = envelope.signed\n  const place = { role: 'root', step: '5.3.5' }",
    replace: "  const version = old.version + 1\n  const place = { role: 'root', step: '5.3.5' }",
  },
  {
    name: 'accepts a new root that skips a version',
    embodies: ['CVE-2025-2885'],
    step: '5.3.5',
    file: trustRoot,
    find: 'version !== old.version + 1',
    replace: 'version < old.version + 1',
  },
  {
    name: 'does not keep new roots',
    step: '5.3.8',
    file: rootCycle,
    find: '  if (areSame(found, newest.bytes)) return found\n',
    replace: '  if (found !== undefined) return found\n',
  },
  {
    name: 'goes on with an expired root',
    embodies: ['CVE-2015-9259'],
    step: '5.3.10',
    file: trustRoot,
    find: "  requireFresh({ role: 'root', step: '5.3.10' }, trust.root.signed, now)\n",
    replace: '',
  },
  {
    name: 'accepts files at the moment of their expiry',
    embodies: ['CVE-2015-9259'],
    step: '5.4.4',
    file: trustRoot,
    find: '!(signed.expires > now)',
    replace: 'signed.expires < now',
  },
  {
    name: 'keeps one floor when the keys of the other were rotated',
    step: '5.3.11',
    file: recalling,
    find: "const rotated = refusals.some(({ why }) => why === 'replaced')",
    replace: 'const rotated = false',
  },
  {
    name: 'keeps floors that the current keys did not sign',
    step: '5.3.11',
    file: recalling,
    find: "requireThreshold({ role, step: '5.3.11' }, envelope, authority, options)",
    replace:
      "requireThreshold({ role, step: '5.3.11' }, envelope, { ...authority, threshold: 0 }, options)",
  },
  {
    name: 'forgets the previously trusted file',
    step: '5.4.3',
    file: recalling,
    find: 'const counts = !rotated',
    replace: 'const counts = false',
  },

  // 5.4
  {
    name: 'accepts an unsigned timestamp',
    step: '5.4.2',
    file: trust,
    find: "const authority = rootAuthority(trust.root.signed, 'timestamp')",
    replace: "const authority = { ...rootAuthority(trust.root.signed, 'timestamp'), threshold: 0 }",
  },
  {
    name: 'accepts an older timestamp',
    embodies: ['CVE-2022-29173'],
    step: '5.4.3.1',
    file: trust,
    find: 'if (offered.version < floor.version) {',
    replace: 'if (false) {',
  },
  {
    name: 'replaces a timestamp by another of the same version',
    step: '5.4.3.1',
    file: trust,
    find: 'const kept = floor !== undefined && candidate.signed.version === floor.signed.version',
    replace: 'const kept = false',
  },
  {
    name: 'accepts a timestamp that lists an older snapshot',
    embodies: ['CVE-2022-29173'],
    step: '5.4.3.2',
    file: trust,
    find: 'if (offered.snapshot.version < floor.snapshot.version) {',
    replace: 'if (false) {',
  },
  {
    name: 'accepts an expired timestamp',
    step: '5.4.4',
    file: trust,
    find: "  requireFresh({ role: 'timestamp', step: '5.4.4' }, timestamp.signed, trust.now)\n",
    replace: '',
  },
  {
    name: 'does not keep the timestamp',
    step: '5.4.5',
    file: cycle,
    find: 'if (state.trust.kept) return state',
    replace: 'return state',
  },

  // 5.5
  {
    name: 'does not check length and hashes of the snapshot',
    step: '5.5.2',
    file: trust,
    find: "  checkFile(bytes, expected, { role: 'snapshot', step: '5.5.2' }, options)\n",
    replace: '',
  },
  {
    name: 'accepts an unsigned snapshot',
    step: '5.5.3',
    file: trust,
    find: "const authority = rootAuthority(root, 'snapshot')",
    replace: "const authority = { ...rootAuthority(root, 'snapshot'), threshold: 0 }",
  },
  {
    name: 'accepts a snapshot of another version than the timestamp lists',
    step: '5.5.4',
    file: trust,
    find: "  requireVersion({ role: 'snapshot', step: '5.5.4' }, signed, expected)\n",
    replace: '',
  },
  {
    name: 'accepts a snapshot that lists older files',
    embodies: ['CVE-2022-29173', 'CVE-2025-2887'],
    step: '5.5.5',
    file: trust,
    find: 'if (now === undefined || now < version)',
    replace: 'if (now === undefined)',
  },
  {
    name: 'accepts a snapshot that no longer lists a file',
    embodies: ['CVE-2022-29173'],
    step: '5.5.5',
    file: trust,
    find: 'if (now === undefined || now < version)',
    replace: 'if (now !== undefined && now < version)',
  },
  {
    name: 'accepts an expired snapshot',
    step: '5.5.6',
    file: trust,
    find: "  requireFresh({ role: 'snapshot', step: '5.5.6' }, signed, now)\n",
    replace: '',
  },
  {
    name: 'does not keep the snapshot',
    step: '5.5.7',
    file: cycle,
    find: '    if (yield* attempt(change, expected)) return { state, trust }\n',
    replace: '    return { state, trust }\n',
  },

  // 5.6, 5.7
  ...targetsMutants,
]
