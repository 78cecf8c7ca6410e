/**
 * The limits that no option changes: the cost of bytes that are not yet believed. Limits that an
 * application may change are in `client/limits.ts`; docs/budgets.md lists them all.
 */
export const budget = {
  /** How deep containers of JSON may nest; metadata without `custom` needs six levels. */
  jsonDepth: 64,
  /**
   * The most containers in a file. PyPI's largest tables need 200,000; an empty one takes two bytes
   * of a file and thirty times as much of memory, before any signature is looked at.
   */
  jsonContainers: 1_000_000,
  /**
   * The most members and elements in a file: `base`, and one more for every `bytesEach` bytes; an
   * empty container counts as one. An object of many short names takes a hundred times as long as a
   * string of the same length. Targets take 35 bytes for each entry, hash bins like PyPI's 17.
   */
  jsonEntries: { base: 250_000, bytesEach: 16 },
  /** The same where names are not in order: they must be compared and sorted, not only read. */
  jsonEntriesUnsorted: { base: 150_000, bytesEach: 24 },
  /**
   * The same wherever these are fewer: small files. `{},` takes three bytes of a file and twenty
   * times as many of memory, and no file of a repository comes near: hash bins take 17 bytes for
   * each entry.
   */
  jsonEntriesDense: { base: 20_000, bytesEach: 8 },
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
   * role of usual size is complete; beyond them verification stops when the answer cannot change.
   */
  signaturesReported: 16,
  /** Code points of a path pattern, and of the path that it is compared with; longer never match. */
  patternLength: 4_096,
} as const

/** The most entries in a file of `length` bytes. */
export function mostEntries(kind: EntryLimit, length: number): number {
  return Math.min(entriesOf(kind, length), entriesOf(budget.jsonEntriesDense, length))
}

interface EntryLimit {
  readonly base: number
  readonly bytesEach: number
}

function entriesOf({ base, bytesEach }: EntryLimit, length: number): number {
  return base + Math.floor(length / bytesEach)
}
