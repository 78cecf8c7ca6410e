/** How often a property is tried: `npm run test:long` tries each many times as often. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: count * Number(process.env['TUFFET_RUNS'] ?? 1) }
}
