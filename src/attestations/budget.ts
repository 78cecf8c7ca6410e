/** Limits on the provenance of a file before anybody vouched for it. */
export const attestationBudget = {
  /** Bytes of a provenance object; PyPI's take 10,000 to 30,000. */
  provenanceLength: 2_000_000,
  /** Publishers in a provenance object. */
  bundles: 16,
  /** Attestations by one publisher, and for one file: each predicate type at most once. */
  attestations: 8,
  /** Bytes of the store's entry of publishers; one project takes about 200. */
  firstUseLength: 16_000_000,
} as const
