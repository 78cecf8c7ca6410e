/** The version of the package. Not read from package.json: a bundle lies without it. */

/** A test compares it with package.json. */
const current = '0.1.0'

/** As in package.json. */
export function version(): string {
  return current
}
