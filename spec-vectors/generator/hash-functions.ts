/** What the specification says of hash functions, for the vectors that hang on it. */

/** 4.4 names SHA-256 as an example and leaves the choice to the repository: no other is a duty. */
export const functionsOpen = {
  profile: 'tuffet',
  note: '4.4 leaves the functions to the repository and names SHA-256 as an example: a client that does not have this one cannot verify the file, and is right to refuse it.',
} as const

/** Why a digest of a function that a client may not have refuses all the same. */
export const unknownFunction =
  '5.5.2, 5.6.2 and 5.7.3: the hashes must match. One that differs does not, nor does one that cannot be computed: whoever has the function refuses, and so does whoever has not.'

/** Why one more hash than a client knows is a matter of choice. */
export const unknownBeside =
  'By 5.5.2, 5.6.2 and 5.7.3 the hashes must match, and nobody can say that this one does. Here all whose function is known must: else no repository could ever begin to use a new one.'
