/** The kinds of findings about forms that some clients refuse, and the audit itself. */
export const formatKinds = {
  'date-disputed': {
    severity: 'warning',
    about: 'An expiry date has a fraction of a second or an offset.',
    advice: 'Write YYYY-MM-DDTHH:MM:SSZ.',
    vectors: ['expires-fraction', 'expires-offset'],
    onlyWithClients: true,
  },
  'consistent-snapshot-missing': {
    severity: 'warning',
    about: 'Root does not say whether snapshots are consistent.',
    advice: 'Write consistent_snapshot into root.',
    vectors: ['consistent-left-out'],
    onlyWithClients: true,
  },
  'mirrors-in-root': {
    severity: 'warning',
    about: 'Root declares keys for mirrors.',
    advice: 'Leave the role mirrors out.',
    vectors: ['root-mirrors'],
    onlyWithClients: true,
  },
  'timestamp-lists-more': {
    severity: 'warning',
    about:
      'The timestamp lists other files beside snapshot.json; some clients drop the entries, and then miss the signature.',
    advice: 'List snapshot.json alone.',
  },
  'not-anchored': {
    severity: 'notice',
    about:
      'The audit began with the root that the server gave: it shows whether the repository agrees with itself, not whose it is.',
    advice: 'Give the root that your clients have.',
  },
  'targets-not-asked': {
    severity: 'notice',
    about: 'No target files were asked for.',
    advice: 'Say where they are.',
  },
  incomplete: {
    severity: 'error',
    about:
      'The audit did not see all: it reached one of its own limits, or the top level cannot be read.',
    advice: 'Raise the limit if the repository is right; repair the top level first.',
  },
} as const
