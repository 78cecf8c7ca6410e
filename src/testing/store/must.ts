/** The few checks of the contract: they throw Errors that say what was expected. */

/** Throws when `isSo` is false. */
export function must(isSo: boolean, promise: string): asserts isSo {
  if (!isSo) throw new Error(promise)
}

/** Throws unless `actual` is these bytes, or absent where they are undefined. */
export function mustBe(
  actual: Uint8Array | undefined,
  expected: Uint8Array | undefined,
  entry: string,
): void {
  const same =
    actual === undefined || expected === undefined
      ? actual === expected
      : actual.length === expected.length && actual.every((byte, at) => byte === expected[at])
  must(same, `${entry} is ${shown(actual)}, not ${shown(expected)}`)
}

function shown(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return 'absent'
  const start = [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `${bytes.length} bytes (${start.join(' ')}${bytes.length > 16 ? ' …' : ''})`
}
