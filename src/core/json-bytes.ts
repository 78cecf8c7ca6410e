/** Classifies single bytes of JSON for the scan, without knowing their place in a file. */

export const failed = -1
export const quote = 0x22
export const minus = 0x2d
export const backslash = 0x5c
const point = 0x2e
const zero = 0x30
const nine = 0x39

/** 1 for a byte that a string holds as it is; the end of the input reads as a control character. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === quote || byte === backslash ? 0 : 1,
)

/** The index of the first byte that a string cannot hold as it is. */
export function plainEnd(bytes: Uint8Array, start: number): number {
  let at = start
  while (plain[bytes[at] ?? 0] === 1) at++
  return at
}

/** UTF-8 keeps the order of code points, so names compare as bytes. */
export function ascends(
  bytes: Uint8Array,
  start: number,
  end: number,
  nextStart: number,
  nextEnd: number,
): boolean {
  const length = Math.min(end - start, nextEnd - nextStart)
  for (let i = 0; i < length; i++) {
    const a = bytes[start + i] ?? 0
    const b = bytes[nextStart + i] ?? 0
    if (a !== b) return a < b
  }
  return end - start < nextEnd - nextStart
}

/** The index after an integer, or `failed` for text that may not be a safe integer. */
export function integerEnd(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === minus ? start + 1 : start
  let at = first
  while (isDigit(bytes[at] ?? 0)) at++
  // Fifteen digits are always a safe integer; zero must not have a sign.
  if (at - first > 15 || (bytes[first] === zero && first > start)) return failed
  const next = bytes[at] ?? 0
  return next === point || (next | 0x20) === 0x65 ? failed : at
}

export function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** The character after a backslash, except `u`; or `failed`. */
export function escapedCharacter(letter: number): number {
  switch (letter) {
    case 0x2f: // solidus
      return 0x2f
    case 0x62: // b
      return 0x08
    case 0x66: // f
      return 0x0c
    case 0x6e: // n
      return 0x0a
    case 0x72: // r
      return 0x0d
    case 0x74: // t
      return 0x09
    default:
      return failed
  }
}

export function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - zero
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : failed
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
