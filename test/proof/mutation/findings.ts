/** Faults that mutants showed, for docs/testing.md. */
export const findings: readonly string[] = [
  'Programs of two repositories started over one new store at the same time, and both used it: the later one added its anchor without a second look at the store. It is refused now.',
  'The function that freezes answers stopped at a member without a value, and left others as they were. No answer had such a member. It goes on now.',
]
