/** Names of entries, as `core/names.ts` makes them: nothing else becomes a path or a key. */

/**
 * @internal Throws RangeError for a name that is not one of a store: other characters than ASCII
 * letters, digits and `_ . - ~ %`, more than one `/`, or a part that is `.` or `..`.
 */
export function checkEntryName(name: string): void {
  const parts = name.split('/')
  const isSafe = parts.every((part) => /^[\w.~%-]+$/.test(part) && !/^\.\.?$/.test(part))
  if (!isSafe || parts.length > 2) {
    throw new RangeError(`not a name of a store: ${JSON.stringify(name)}`)
  }
}
