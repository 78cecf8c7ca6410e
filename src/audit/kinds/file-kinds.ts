/** The kinds of findings about metadata files, their dates and their sizes. */
export const fileKinds = {
  'file-missing': {
    severity: 'error',
    about: 'The server does not have a metadata file that the repository names.',
    advice: 'Publish the file, or publish again without its entry.',
  },
  'file-unreachable': {
    severity: 'error',
    about: 'A metadata file could not be fetched, for another reason than its absence.',
    advice: 'Look at the server; run the audit again.',
  },
  'file-invalid': {
    severity: 'error',
    about: 'A metadata file breaks section 4 of the specification, and clients refuse it.',
    advice: 'Correct the tool that writes it, and publish again.',
  },
  'file-altered': {
    severity: 'error',
    about: 'A metadata file does not have the length or the hashes that its voucher lists.',
    advice: 'Publish the file and its voucher together; look for mirrors that mix versions.',
  },
  'version-differs': {
    severity: 'error',
    about: 'The version in a metadata file is not the one that its name or its voucher says.',
    advice: 'Publish the file again under its own version.',
  },
  'signatures-missing': {
    severity: 'error',
    about: 'Fewer keys signed a metadata file than its delegator asks for.',
    advice: 'Sign the file with enough of the declared keys.',
  },
  'signature-wrong': {
    severity: 'notice',
    about:
      'A file carries an empty, malformed or wrong signature by one of its keys beside enough good ones.',
    advice: 'Sign again with that key, or leave its signature out.',
  },
  'root-differs': {
    severity: 'error',
    about:
      'The root that the audit starts from is not the one that the repository serves as that version.',
    advice: 'Find out which of the two is right before any client is given one.',
  },
  'root-chain-broken': {
    severity: 'error',
    about: 'A root is not signed by a threshold of the previous root and of its own keys.',
    advice: 'Publish the root with the missing signatures: older clients stop before it.',
  },
  'root-history-missing': {
    severity: 'warning',
    about: 'Older roots are not served, so clients that start from one of them cannot update.',
    advice: 'Serve every root from 1.root.json on, for ever.',
  },
  'root-history-long': {
    severity: 'warning',
    about: 'There are more roots than a client follows in one update cycle.',
    advice: 'Ship clients with a newer first root, and raise their limits.',
  },
  'old-root-disputed': {
    severity: 'notice',
    about: 'Some clients cannot read an older root, so they cannot start from it.',
    advice: 'Give those clients a first root that is newer.',
    onlyWithClients: true,
  },
  expired: {
    severity: 'error',
    about: 'A file has expired, and clients refuse it.',
    advice: 'Sign and publish the role now.',
  },
  'expires-soon': {
    severity: 'warning',
    about: 'A file expires within the days that the audit was told.',
    advice: 'Sign and publish the role before that time.',
  },
  'too-large-for-clients': {
    severity: 'warning',
    about: 'A file is larger than some clients take by default, and no voucher lists its length.',
    advice:
      'List lengths in snapshot and timestamp, make the file smaller, or raise the limits of those clients.',
  },
  'too-many-roles-for-clients': {
    severity: 'warning',
    about: 'A search for a target visits more roles than some clients do by default.',
    advice: 'Delegate with fewer levels, or with hash bins.',
    vectors: ['search-depth-63'],
  },
} as const
