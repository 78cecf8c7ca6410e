/** The rows of the table of options that `tuffet mirror` alone takes. */

/** As in `options.ts`. */
export const mirrorOptions = {
  list: {
    type: 'string',
    value: 'FILE',
    about: 'a file with a path or a pattern on each line; may be repeated',
    multiple: true,
  },
  partial: {
    type: 'boolean',
    about: 'only the roles that lead to the chosen files: a question about others is an error',
  },
  grace: {
    type: 'string',
    value: 'HOURS',
    about: 'how long a file stays after it left the snapshot; default: 24',
  },
  rehash: { type: 'boolean', about: 'read and hash the files of earlier runs again' },
  'mirror-bytes': {
    type: 'string',
    value: 'BYTES',
    about: 'how much the chosen files may have in all; default: 100000000000',
  },
  'metadata-bytes': {
    type: 'string',
    value: 'BYTES',
    about: 'how much metadata is read in all; default: 20000000000',
  },
} as const
