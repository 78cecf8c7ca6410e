/** Faults that mutants showed, for docs/testing.md. */
export const findings: readonly string[] = []
