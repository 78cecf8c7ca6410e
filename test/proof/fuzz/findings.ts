/** Faults that fuzzing found, for docs/testing.md. */
export const findings: readonly string[] = []
