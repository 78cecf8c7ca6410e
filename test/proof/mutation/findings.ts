/** Faults that mutants showed, for docs/testing.md. */
export const findings: readonly string[] = [
  'Programs of two repositories started over one new store at the same time, and both used it: the later one added its anchor without a second look at the store. It is refused now.',
  'The function that freezes answers stopped at a member without a value, and left others as they were. No answer had such a member. It goes on now.',
  'A certificate with a date before the year 100, or with a third field in its Ed25519 key, counted. It is refused now.',
  'The place of wrong UTF-8 in an error was one or two bytes too late where the wrong bytes begin like the character that stands for them. It is the first wrong byte now.',
  'A bare hash in a lock file, right but beside one that the repository does not list, was called a mismatch. It is no-hash now, and names the hash that was not compared.',
  '`pin` took `foo[,]==1`, whose extras name nothing. It is refused now.',
  'Without BLAKE2b, a layout by digest asked for a path with an empty digest. Nothing is asked now, and the verdict says why.',
  'A file whose target lists unknown hashes alone, and whose page lists a known one, was asked for under an empty address. It is asked for under the names that the target lists now, and judged by the page.',
]
