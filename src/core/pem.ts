/**
 * PEM, strictly: one block with its two boundary lines, base64 (RFC 4648) with its padding between
 * them, and only white space around it. der.ts reads the bytes.
 */

/** One PEM block. */
export interface PemBlock {
  /** Such as `PUBLIC KEY`. */
  readonly label: string
  readonly bytes: Uint8Array
}

// Each repeated class ends before a character outside it, so the expression never backtracks.
const block =
  /^[ \t\r\n]*-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/= \t\r\n]*)-----END \1-----[ \t\r\n]*$/
const whiteSpace = /[ \t\r\n]+/g
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values: ReadonlyMap<string, number> = new Map(
  Array.from(alphabet, (character, index) => [character, index]),
)

/** The only block in `text`, or undefined when `text` contains none or several. */
export function decodePem(text: string): PemBlock | undefined {
  const [, label, body] = block.exec(text) ?? []
  if (label === undefined || body === undefined) return undefined
  const bytes = decodeBase64(body.replace(whiteSpace, ''))
  return bytes && { label, bytes }
}

/** Undefined when padding is missing or wrong, or unused bits are not zero. */
function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const end = text.length - padding
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let bits = 0
  let bitCount = 0
  let length = 0
  for (let index = 0; index < end; index++) {
    const value = values.get(text.charAt(index))
    if (value === undefined) return undefined
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
