/** The specification's text about hash functions, for the vectors that depend on it. */

/** 4.4 names SHA-256 as an example and leaves the choice to the repository: no other is a duty. */
export const functionsOpen = {
  profile: 'tuffet',
  note: '4.4 leaves the functions to the repository and names SHA-256 as an example: a client without this function cannot verify the file, and is right to refuse it.',
} as const

/** Why a digest of an optional function refuses a file in every client. */
export const unknownFunction =
  '5.5.2, 5.6.2 and 5.7.3: the hashes must match. A different one does not match, nor does one that cannot be computed: clients with and without the function refuse the file.'

/** Why one more hash than a client knows is a matter of choice. */
export const unknownBeside =
  'By 5.5.2, 5.6.2 and 5.7.3 the hashes must match, and a client cannot check this one. Here all hashes of known functions must match: else no repository could ever begin to use a new function.'
