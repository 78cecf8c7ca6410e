/** Broken clients of 5.6 and 5.7: targets, delegated roles, and the files they list. */
import type { Mutant } from './mutant.js'

const trust = 'core/trust/roles.ts'
const cycleFile = 'core/cycle/file.ts'

export const targetsMutants: readonly Mutant[] = [
  // 5.6
  {
    name: 'asks for files without their version where snapshots are consistent',
    step: '5.6.1',
    file: cycleFile,
    find: '  return consistentSnapshot\n',
    replace: '  return false\n',
  },
  {
    name: 'does not check length and hashes of targets files',
    step: '5.6.2',
    file: trust,
    find: "  checkFile(bytes, expected, { role, step: '5.6.2' }, options)\n",
    replace: '',
  },
  {
    name: 'compares the first hash alone',
    step: '5.6.2',
    file: 'core/keys/hash.ts',
    find: 'const hashes = knownHashes(expected, place, by.cryptography)',
    replace: 'const hashes = knownHashes(expected, place, by.cryptography).slice(0, 1)',
  },
  {
    name: 'believes a file with unknown hashes alone',
    step: '5.6.2',
    file: 'core/keys/hash.ts',
    find: 'if (known.length === 0)',
    replace: 'if (false)',
  },
  {
    name: 'accepts unsigned top-level targets',
    step: '5.6.3',
    file: trust,
    find: "const authority = rootAuthority(root.signed, 'targets')",
    replace: "const authority = { ...rootAuthority(root.signed, 'targets'), threshold: 0 }",
  },
  {
    name: 'accepts unsigned delegated targets',
    step: '5.6.3',
    file: trust,
    find: '{ delegator: edge.delegator.role, keys, keyids, threshold }',
    replace: '{ delegator: edge.delegator.role, keys, keyids, threshold: threshold * 0 }',
  },
  {
    name: 'believes stored delegated targets without valid signatures',
    embodies: ['TOB-SIGSTORE-10', 'TOB-SIGSTORE-14', 'python-tuf#2977', 'rust-tuf#279'],
    step: '5.6.3',
    file: 'core/cycle/role.ts',
    find: '  const trusted = acceptDelegated(trust, edge, file, options)',
    replace: `  const trusted = acceptDelegated(
      trust,
      from === 'network' ? edge : { ...edge, role: { ...edge.role, threshold: 0 } },
      file,
      options,
    )`,
  },
  {
    name: 'counts one key twice under two keyids',
    embodies: ['GMS-2022-4197', 'go-tuf#733'],
    step: '5.6.3',
    file: 'core/trust/verify.ts',
    find: "    if (counted.has(loaded.identity)) return { keyid, verdict: 'same-key' }\n    counted.add(loaded.identity)\n",
    replace: '    counted.add(keyid)\n',
  },
  {
    name: 'accepts one signature, whatever the threshold',
    step: '5.6.3',
    file: 'core/trust/verify.ts',
    find: 'report.signed < report.threshold',
    replace: 'report.signed < Math.min(1, report.threshold)',
  },
  {
    name: 'counts wrong signatures',
    step: '5.4.2',
    file: 'core/trust/verify.ts',
    find: "    if (verdict !== 'signed') return { keyid, verdict }\n",
    replace: '',
  },
  {
    name: 'accepts targets of another version than the snapshot lists',
    step: '5.6.4',
    file: trust,
    find: "  requireVersion({ role, step: '5.6.4' }, envelope.signed, expected)\n",
    replace: '',
  },
  {
    name: 'accepts expired targets',
    step: '5.6.5',
    file: trust,
    find: "  requireFresh({ role, step: '5.6.5' }, envelope.signed, trust.now)\n",
    replace: '',
  },
  {
    name: 'does not keep targets',
    step: '5.6.6',
    file: 'core/cycle/cycle.ts',
    find: '        yield* keepTargets(state, bytes, options)\n',
    replace: '',
  },
  {
    name: 'prefers the last delegation',
    embodies: ['CVE-2024-47534'],
    step: '5.6.7',
    file: 'core/search/search.ts',
    find: 'of found.reverse()) {',
    replace: 'of found) {',
  },
  {
    // Without any such check the search would not end, and neither would the test.
    name: 'gives up when it meets a role again',
    step: '5.6.7.1',
    file: 'core/search/search.ts',
    find: 'while (next && visited.has(next.edge.role.name)) next = pending.pop()',
    replace: 'if (next && visited.has(next.edge.role.name)) next = undefined',
  },
  {
    name: 'goes on after a terminating delegation, at the same level',
    embodies: ['CVE-2025-2886'],
    step: '5.6.7.2.1',
    file: 'core/search/search.ts',
    find: '    if (edge.terminating) break\n',
    replace: '',
  },
  {
    name: 'goes on after a terminating delegation, at the levels above',
    embodies: ['CVE-2025-2886', 'GHSA-j8x2-777p-23fc'],
    step: '5.6.7.2.1',
    file: 'core/search/search.ts',
    find: 'if (found.at(-1)?.terminating === true) pending = []',
    replace: '',
  },
  {
    name: 'lets a delegated role speak for any path',
    step: '4.5',
    file: 'core/search/delegation.ts',
    find: 'this.#byPattern.findOwners(path, steps, positions)',
    replace:
      'this.#roles.forEach(({ paths = [] }, position) => paths.length > 0 && positions.add(position))',
  },
  {
    name: 'chooses the wrong bin',
    step: '4.5',
    file: 'core/search/delegation.ts',
    find: '>>> (32 - succinct.bitLength)',
    replace: '>>> (31 - succinct.bitLength)',
  },

  // 5.7
  {
    name: 'does not check the hashes of a target file',
    step: '5.7.3',
    file: 'client/download.ts',
    find: 'const mismatch = end(checker, download)',
    replace: 'const mismatch = undefined',
  },
  {
    name: 'asks for target files without their hash where snapshots are consistent',
    step: '5.7.3',
    file: 'client/updater.ts',
    find: 'hashPrefix ?? trust.root.signed.consistentSnapshot',
    replace: 'hashPrefix ?? false',
  },
  {
    name: 'sends dot segments in target paths',
    embodies: ['CVE-2021-41149', 'CVE-2026-24137'],
    step: '5.7.3',
    file: 'core/names.ts',
    find: "if (decoded === '.' || decoded === '..') {",
    replace: 'if (false) {',
  },
]
