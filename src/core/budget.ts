/**
 * The limits that no option changes: what any bytes may cost before anybody has vouched for them.
 * Limits that an application may change are in `client/limits.ts`; docs/budgets.md lists them all.
 */
export const budget = {
  /** How deep containers of JSON may nest; metadata without `custom` needs six levels. */
  jsonDepth: 64,
  /**
   * How many containers a file may have. The largest tables of PyPI have 200,000; an empty one takes
   * two bytes of a file and thirty times as much of memory, before any signature is looked at.
   */
  jsonContainers: 1_000_000,
  /**
   * How many members and elements a file may have in all, one more for so many bytes; an empty
   * container counts as one. An object of many short names takes a hundred times as long as a string
   * of the same length. Targets have 35 bytes for each entry, hash bins of PyPI's kind 17.
   */
  jsonEntries: { base: 250_000, bytesEach: 16 },
  /** The same where names are not in order: they must be compared and sorted, not only read. */
  jsonEntriesUnsorted: { base: 150_000, bytesEach: 24 },
  /** Digits of an integer, as in CPython: its conversion takes more than linear time. */
  jsonDigits: 4_300,
  /** How many keys a role may name. */
  roleKeys: 64,
  /** Bits of an RSA modulus: OpenSSL stops there. */
  rsaModulus: 16_384,
  /** Bits of an RSA exponent: Deno stops there. */
  rsaExponent: 33,
  /** Bits of the modulus times bits of the exponent: 16,384 bits with the exponent 65,537. */
  rsaWork: 278_528,
  /**
   * Signatures of one file that are verified though the answer is certain, so that the report on a
   * role of usual size is complete; beyond them verification stops when nothing can change.
   */
  signaturesReported: 16,
  /** Code points of a path pattern, and of the path that it is compared with; longer never match. */
  patternLength: 4_096,
} as const

/** How many entries a file of so many bytes may have. */
export function mostEntries(
  { base, bytesEach }: { readonly base: number; readonly bytesEach: number },
  length: number,
): number {
  return base + Math.floor(length / bytesEach)
}
