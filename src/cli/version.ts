/** The version of the package. Not read from package.json: a bundle has none beside it. */

/** A test compares it with package.json. */
const current = '0.1.0'

/** As package.json has it. */
export function version(): string {
  return current
}
