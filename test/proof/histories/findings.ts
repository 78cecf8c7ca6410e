/** Faults that histories found, for docs/testing.md. */
export const findings: readonly string[] = []
