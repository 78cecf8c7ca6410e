/** The entries of package.json: one that `require` has a file of its own for is a table of conditions. */

/** The value of `exports`. */
export type Entries = Readonly<Record<string, string | Readonly<Record<string, string>>>>

/** The file that `import` finds. */
export function moduleOf(target: Entries[string]): string {
  return typeof target === 'string' ? target : (target['default'] ?? '')
}

/** Every file of an entry. */
export function filesOf(target: Entries[string]): readonly string[] {
  return typeof target === 'string' ? [target] : Object.values(target)
}
