/**
 * Bytes as text, strictly: hexadecimal (an even number of digits, in either case) and base64 (RFC
 * 4648, section 4: one text for each value, without line breaks). And whether values are bytes, and the
 * same.
 */

const digits = '0123456789abcdef'

/** Lower-case hexadecimal. */
export function encodeHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += digits.charAt(byte >> 4) + digits.charAt(byte & 15)
  return text
}

/** The bytes, or undefined when `text` is not hexadecimal. The empty text gives zero bytes. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    const high = digitValue(text.charCodeAt(2 * index))
    const low = digitValue(text.charCodeAt(2 * index + 1))
    if (high < 0 || low < 0) return undefined
    bytes[index] = (high << 4) | low
  }
  return bytes
}

/** 0 to 15, or -1. */
function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  // Setting bit 5 turns A-F into a-f, and no other character into a-f.
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Uint8Array(128).fill(0xff)
for (let index = 0; index < alphabet.length; index++) values[alphabet.charCodeAt(index)] = index

/** Undefined when padding is missing or wrong, or unused bits are not zero. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const end = text.length - padding
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let bits = 0
  let bitCount = 0
  let length = 0
  for (let index = 0; index < end; index++) {
    const value = values[text.charCodeAt(index)] ?? 0xff
    if (value === 0xff) return undefined
    bits = (bits << 6) | value
    bitCount += 6
    if (bitCount >= 8) {
      bitCount -= 8
      bytes[length++] = bits >> bitCount
      bits &= (1 << bitCount) - 1
    }
  }
  return bits === 0 ? bytes : undefined
}

/**
 * Whether two byte strings are the same; the bytes are not secret, so it stops at the first
 * difference.
 */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  const [words, others] = [wordsOf(a), wordsOf(b)]
  let at = 0
  if (words && others) {
    for (let word = 0; word < words.length; word++) {
      if (words[word] !== others[word]) return false
    }
    at = 4 * words.length
  }
  for (; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

/** All words of four bytes; undefined where they are not aligned. */
function wordsOf({ buffer, byteOffset, length }: Uint8Array): Int32Array | undefined {
  return byteOffset % 4 === 0 ? new Int32Array(buffer, byteOffset, length >> 2) : undefined
}

/** The same for bytes that may be absent. */
export function areSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one && other ? sameBytes(one, other) : one === other
}

/** Whether it is a `Uint8Array`, also one of another realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]'
  )
}
