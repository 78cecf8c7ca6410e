/** The kinds of findings about delegations and entries of the snapshot. */
export const delegationKinds = {
  'role-unlisted': {
    severity: 'error',
    about:
      'A role delegates to one that the snapshot does not list: a search that comes there fails.',
    advice: 'Publish the role, or take the delegation back.',
  },
  'role-unreached': {
    severity: 'notice',
    about: 'The snapshot lists a role to which no delegation leads.',
    advice:
      'Leave the entry as long as clients remember it (5.5.5); publish it no more after a key rotation of snapshot.',
  },
  'role-names-alike': {
    severity: 'warning',
    about: 'Two roles have names that some disks take for the same.',
    advice: 'Rename one of the two.',
  },
  'role-name-disputed': {
    severity: 'warning',
    about: 'A role has a name that clients write in different ways into a URL or a file name.',
    advice: 'Use letters, digits, and _ . - in names of roles.',
    onlyWithClients: true,
  },
  'delegation-cycle': {
    severity: 'notice',
    about: 'A role delegates back to a role on the way to it.',
    advice: 'Take the delegation back; clients visit each role once.',
  },
  'delegation-unreachable': {
    severity: 'warning',
    about:
      'A terminating delegation before this one covers all its paths, so no search ever comes to it.',
    advice: 'Put the narrower delegation first, or make the earlier one not terminating.',
  },
  'delegation-overlapped': {
    severity: 'notice',
    about: 'An earlier delegation covers all paths of this one, and its targets win.',
    advice: 'Put the narrower delegation first.',
  },
  'delegation-empty': {
    severity: 'warning',
    about: 'A delegation covers no path at all.',
    advice: 'Give it paths, or take it back.',
  },
  'prefix-never-matches': {
    severity: 'warning',
    about: 'A path hash prefix is not lower-case hexadecimal, and matches no path.',
    advice: 'Write the prefix in lower-case hexadecimal.',
  },
  'bins-incomplete': {
    severity: 'warning',
    about: 'Hash bins leave some paths without a bin.',
    advice: 'Delegate every prefix.',
  },
  'pattern-disputed': {
    severity: 'warning',
    about: 'A path pattern contains characters that clients read by different rules.',
    advice: 'Use letters, digits, * and ? in patterns, with one * at most in each segment.',
    onlyWithClients: true,
  },
  'terminating-missing': {
    severity: 'warning',
    about: 'A delegation does not say whether it is terminating.',
    advice: 'Write "terminating": false.',
    vectors: ['search-terminating-left-out'],
    onlyWithClients: true,
  },
  'succinct-roles': {
    severity: 'notice',
    about: 'Hash bins are written as TAP 15 has them, which some clients do not read.',
    advice: 'Write path_hash_prefixes as long as such clients matter.',
    vectors: ['tap15-4-bits', 'tap15-14-bits'],
    onlyWithClients: true,
  },
  'entry-without-hashes': {
    severity: 'notice',
    about: 'Entries of a snapshot or timestamp list no length or no hashes.',
    advice:
      'List both where the tool can: clients then know the size, and every mix of files is found.',
  },
  'consistent-snapshot-off': {
    severity: 'warning',
    about: 'Without consistent snapshots a client that asks during a publication sees a mixture.',
    advice: 'Set consistent_snapshot in root, and publish under names with versions.',
  },
} as const
