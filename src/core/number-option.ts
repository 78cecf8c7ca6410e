/**
 * The ranges of numbers that a program gives. Every comparison with NaN is false, so that a check
 * against an unchecked limit may let everything pass.
 */

/** Returns an integer; throws RangeError for anything else. */
export function checkInteger(
  name: string,
  value: number,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${name} is not an integer from ${least} to ${most}: ${shown(value)}`)
}

/** Returns a number that need not be an integer, or finite; throws RangeError for anything else. */
export function checkNumber(name: string, value: number, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw new RangeError(`${name} is not a number from ${least} to ${most}: ${shown(value)}`)
}

/** Returns a time in milliseconds since 1970; throws RangeError for anything else. */
export function checkTime(name: string, value: number): number {
  if (Number.isFinite(value)) return value
  throw new RangeError(`${name} must be milliseconds since 1970, not ${shown(value)}`)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
