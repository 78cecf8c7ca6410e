/** The kinds of findings about targets. */
export const targetKinds = {
  'target-missing': {
    severity: 'error',
    about: 'The server does not have a listed target file.',
    advice: 'Publish the file, or publish again without its entry.',
  },
  'target-copy-missing': {
    severity: 'warning',
    about: 'A target is not served under the name of each of its hashes (6.2).',
    advice:
      'Publish a copy for each listed hash; some clients ask for the first one alone, some for any.',
    vectors: ['target-second-prefix'],
  },
  'target-unreachable': {
    severity: 'error',
    about: 'A target file could not be fetched, for another reason than its absence.',
    advice: 'Look at the server; run the audit again.',
  },
  'target-altered': {
    severity: 'error',
    about: 'A target file does not have the listed length or hashes.',
    advice: 'Publish the right file, or sign the new one.',
  },
  'target-unfound': {
    severity: 'warning',
    about:
      'A role lists a target that no search finds there: its delegations do not cover the path, or the search ends before.',
    advice: 'List the target in the role that is responsible for its path.',
  },
  'target-shadowed': {
    severity: 'warning',
    about: 'Two roles list the same path; clients take the entry of the first.',
    advice: 'Take the other entry away.',
  },
  'target-names-alike': {
    severity: 'warning',
    about: 'Two targets have names that some disks take for the same.',
    advice: 'Rename one of the two.',
  },
  'target-name-unsafe': {
    severity: 'error',
    about:
      'A target path has a segment that leads elsewhere, or cannot be written as a URL; tuffet refuses it.',
    advice: 'Rename the target.',
    vectors: ['name-parent', 'name-current'],
  },
  'target-name-disputed': {
    severity: 'warning',
    about: 'A target has a name that clients write in different ways into a URL or a file name.',
    advice: 'Use letters, digits, and _ . - / in paths of targets.',
  },
  'hash-disputed': {
    severity: 'warning',
    about: 'A hash function is listed that some clients do not know.',
    advice: 'List sha256 or sha512 alone as long as such clients matter.',
    onlyWithClients: true,
  },
  'hash-unknown': {
    severity: 'error',
    about: 'A file is listed with no hash function that tuffet knows: it cannot be verified.',
    advice: 'List sha256.',
  },
} as const
