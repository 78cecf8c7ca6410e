/**
 * Clients that are broken on purpose: this library with one check taken out of its source. Each must
 * be caught by a vector. A `find` that is not there exactly once says that the list is out of date.
 */

export interface Mutant {
  /** What it does wrong. */
  readonly name: string
  /** Where the specification says otherwise; vectors of this step are asked first. */
  readonly step: string
  /** Below `src/`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

const trust = 'core/trust.ts'
const trustRoot = 'core/trust-root.ts'
const cycle = 'core/cycle.ts'
const cycleFile = 'core/cycle-file.ts'

export const mutants: readonly Mutant[] = [
  // 5.1, 5.2
  {
    name: 'reads files of any version of the specification',
    step: '4.3',
    file: 'core/spec-version.ts',
    find: 'return supported.test(text)',
    replace: 'return true',
  },
  {
    name: 'takes a file of another type',
    step: '4.3',
    file: 'core/parse.ts',
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
    file: cycle,
    find: 'fetched === options.limits.rootRotations',
    replace: 'fetched === 1',
  },
  {
    name: 'takes a new root that the old keys did not sign',
    step: '5.3.4',
    file: trustRoot,
    find: "  requireThreshold(signatures, envelope, rootAuthority(old, 'root'), options)\n",
    replace: '',
  },
  {
    name: 'takes a new root that its own keys did not sign',
    step: '5.3.4',
    file: trustRoot,
    find: 'requireThreshold(signatures, envelope, own, options)',
    replace: "requireThreshold(signatures, envelope, rootAuthority(old, 'root'), options)",
  },
  {
    name: 'takes a new root of any version',
    step: '5.3.5',
    file: trustRoot,
    find: "  const { version } = envelope.signed\n  const place = { role: 'root', step: '5.3.5' }",
    replace: "  const version = old.version + 1\n  const place = { role: 'root', step: '5.3.5' }",
  },
  {
    name: 'takes a new root that skips a version',
    step: '5.3.5',
    file: trustRoot,
    find: 'version !== old.version + 1',
    replace: 'version < old.version + 1',
  },
  {
    name: 'does not keep new roots',
    step: '5.3.8',
    file: cycle,
    find: '    yield* persistRoot(trust, bytes)\n    copied = true',
    replace: '    copied = true',
  },
  {
    name: 'goes on with a root that has expired',
    step: '5.3.10',
    file: trustRoot,
    find: "  requireFresh({ role: 'root', step: '5.3.10' }, trust.root.signed, now)\n",
    replace: '',
  },
  {
    name: 'lets files live for the moment in which they expire',
    step: '5.4.4',
    file: trustRoot,
    find: 'signed.expires <= now',
    replace: 'signed.expires < now',
  },
  {
    name: 'holds on to one floor when the keys of the other were rotated',
    step: '5.3.11',
    file: trust,
    find: "const rotated = refusals.some(({ error }) => error.code === 'ERR_TUF_THRESHOLD_NOT_MET')",
    replace: 'const rotated = false',
  },
  {
    name: 'holds on to floors that the keys of today did not sign',
    step: '5.3.11',
    file: trust,
    find: "requireThreshold({ role, step: '5.3.11' }, envelope, authority, options)",
    replace:
      "requireThreshold({ role, step: '5.3.11' }, envelope, { ...authority, threshold: 0 }, options)",
  },
  {
    name: 'forgets what was trusted before',
    step: '5.4.3',
    file: trust,
    find: '    ...(timestamp && !rotated && { timestamp }),\n    ...(snapshot && !rotated && { snapshot }),\n',
    replace: '',
  },

  // 5.4
  {
    name: 'takes a timestamp that nobody signed',
    step: '5.4.2',
    file: trust,
    find: "const authority = rootAuthority(trust.root.signed, 'timestamp')",
    replace: "const authority = { ...rootAuthority(trust.root.signed, 'timestamp'), threshold: 0 }",
  },
  {
    name: 'takes an older timestamp',
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
    name: 'takes a timestamp that lists an older snapshot',
    step: '5.4.3.2',
    file: trust,
    find: 'if (offered.snapshot.version < floor.snapshot.version) {',
    replace: 'if (false) {',
  },
  {
    name: 'takes a timestamp that has expired',
    step: '5.4.4',
    file: trust,
    find: "  requireFresh({ role: 'timestamp', step: '5.4.4' }, timestamp.signed, trust.now)\n",
    replace: '',
  },
  {
    name: 'does not keep the timestamp',
    step: '5.4.5',
    file: cycle,
    find: 'if (!trust.kept) {',
    replace: 'if (false) {',
  },

  // 5.5
  {
    name: 'does not look at length and hashes of the snapshot',
    step: '5.5.2',
    file: trust,
    find: "  checkBytes(bytes, expected, { role: 'snapshot', step: '5.5.2' }, options.cryptography)\n",
    replace: '',
  },
  {
    name: 'takes a snapshot that nobody signed',
    step: '5.5.3',
    file: trust,
    find: "const authority = rootAuthority(root, 'snapshot')",
    replace: "const authority = { ...rootAuthority(root, 'snapshot'), threshold: 0 }",
  },
  {
    name: 'takes a snapshot of another version than the timestamp lists',
    step: '5.5.4',
    file: trust,
    find: "  requireVersion({ role: 'snapshot', step: '5.5.4' }, signed, expected)\n",
    replace: '',
  },
  {
    name: 'takes a snapshot that lists older files',
    step: '5.5.5',
    file: trust,
    find: 'if (now === undefined || now < version)',
    replace: 'if (now === undefined)',
  },
  {
    name: 'takes a snapshot that lists a file no longer',
    step: '5.5.5',
    file: trust,
    find: 'if (now === undefined || now < version)',
    replace: 'if (now !== undefined && now < version)',
  },
  {
    name: 'takes a snapshot that has expired',
    step: '5.5.6',
    file: trust,
    find: "  requireFresh({ role: 'snapshot', step: '5.5.6' }, signed, now)\n",
    replace: '',
  },
  {
    name: 'does not keep the snapshot',
    step: '5.5.7',
    file: cycleFile,
    find: '  yield { persist: entry, bytes, replaceable, ...(yieldsTo && { yieldsTo }) }',
    replace: "  if (role !== 'snapshot') yield { persist: entry, bytes, replaceable }",
  },

  // 5.6
  {
    name: 'asks for files without their version where snapshots are consistent',
    step: '5.6.1',
    file: cycleFile,
    find: '  return consistentSnapshot\n',
    replace: '  return false\n',
  },
  {
    name: 'does not look at length and hashes of targets files',
    step: '5.6.2',
    file: trust,
    find: "  checkBytes(bytes, expected, { role, step: '5.6.2' }, options.cryptography)\n",
    replace: '',
  },
  {
    name: 'compares the first hash alone',
    step: '5.6.2',
    file: 'core/hash.ts',
    find: 'of knownHashes(expected, place)) {',
    replace: 'of knownHashes(expected, place).slice(0, 1)) {',
  },
  {
    name: 'believes a file of which only unknown hashes are listed',
    step: '5.6.2',
    file: 'core/hash.ts',
    find: 'if (known.length === 0)',
    replace: 'if (false)',
  },
  {
    name: 'takes top-level targets that nobody signed',
    step: '5.6.3',
    file: trust,
    find: "const authority = rootAuthority(root.signed, 'targets')",
    replace: "const authority = { ...rootAuthority(root.signed, 'targets'), threshold: 0 }",
  },
  {
    name: 'takes delegated targets that nobody signed',
    step: '5.6.3',
    file: trust,
    find: '{ delegator: edge.delegator.role, keys, keyids, threshold }',
    replace: '{ delegator: edge.delegator.role, keys, keyids, threshold: threshold * 0 }',
  },
  {
    name: 'believes stored delegated targets whoever signed them',
    step: '5.6.3',
    file: 'core/role-cycle.ts',
    find: '        const trusted = acceptDelegated(trust, edge, file, options)',
    replace: `        const trusted = acceptDelegated(
      trust,
      from === 'network' ? edge : { ...edge, role: { ...edge.role, threshold: 0 } },
      file,
      options,
    )`,
  },
  {
    name: 'counts one key twice under two keyids',
    step: '5.6.3',
    file: 'core/verify.ts',
    find: "    if (counted.has(loaded.identity)) return { keyid, verdict: 'same-key' }\n    counted.add(loaded.identity)\n",
    replace: '    counted.add(keyid)\n',
  },
  {
    name: 'is content with one signature, whatever the threshold',
    step: '5.6.3',
    file: 'core/verify.ts',
    find: 'report.signed < report.threshold',
    replace: 'report.signed < Math.min(1, report.threshold)',
  },
  {
    name: 'counts signatures that are wrong',
    step: '5.4.2',
    file: 'core/verify.ts',
    find: "    if (verdict !== 'signed') return { keyid, verdict }\n",
    replace: '',
  },
  {
    name: 'takes targets of another version than the snapshot lists',
    step: '5.6.4',
    file: trust,
    find: "  requireVersion({ role, step: '5.6.4' }, envelope.signed, expected)\n",
    replace: '',
  },
  {
    name: 'takes targets that have expired',
    step: '5.6.5',
    file: trust,
    find: "  requireFresh({ role, step: '5.6.5' }, envelope.signed, trust.now)\n",
    replace: '',
  },
  {
    name: 'does not keep targets',
    step: '5.6.6',
    file: cycleFile,
    find: '  yield { persist: entry, bytes, replaceable, ...(yieldsTo && { yieldsTo }) }',
    replace: "  if (role === 'snapshot') yield { persist: entry, bytes, replaceable }",
  },
  {
    name: 'prefers the delegation that comes last',
    step: '5.6.7',
    file: 'core/search.ts',
    find: 'of found.reverse()) {',
    replace: 'of found) {',
  },
  {
    // Without any such check the search would not end, and neither would the test.
    name: 'gives up when it meets a role again',
    step: '5.6.7.1',
    file: 'core/search.ts',
    find: 'while (next && visited.has(next.edge.role.name)) next = pending.pop()',
    replace: 'if (next && visited.has(next.edge.role.name)) next = undefined',
  },
  {
    name: 'goes on behind a terminating delegation, at the same level',
    step: '5.6.7.2.1',
    file: 'core/search.ts',
    find: '    if (edge.terminating) break\n',
    replace: '',
  },
  {
    name: 'goes on behind a terminating delegation, at the levels above',
    step: '5.6.7.2.1',
    file: 'core/search.ts',
    find: 'if (found.at(-1)?.terminating === true) pending = []',
    replace: '',
  },
  {
    name: 'lets a delegated role speak for any path',
    step: '4.5',
    file: 'core/delegation.ts',
    find: 'if (patterns.some((matches) => matches(points)))',
    replace: 'if (patterns.length > 0)',
  },
  {
    name: 'takes the wrong bin',
    step: '4.5',
    file: 'core/delegation.ts',
    find: '>>> (32 - succinct.bitLength)',
    replace: '>>> (31 - succinct.bitLength)',
  },

  // 5.7
  {
    name: 'does not look at the hashes of a target file',
    step: '5.7.3',
    file: 'client/download.ts',
    find: 'const mismatch = end(checker, download.url)',
    replace: 'const mismatch = undefined',
  },
  {
    name: 'asks for target files without their hash where snapshots are consistent',
    step: '5.7.3',
    file: 'client/updater.ts',
    find: 'hashPrefixedTargets ?? trust.root.signed.consistentSnapshot',
    replace: 'hashPrefixedTargets ?? false',
  },
  {
    name: 'sends dot segments in target paths',
    step: '5.7.3',
    file: 'core/names.ts',
    find: "if (decoded === '.' || decoded === '..') {",
    replace: 'if (false) {',
  },
]
