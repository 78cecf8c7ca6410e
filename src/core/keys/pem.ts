/**
 * PEM, strictly: one block with its two boundary lines, base64 (RFC 4648) with its padding between
 * them, and only white space around it. der.ts reads the bytes.
 */

import { decodeBase64 } from '../bytes.js'

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

/** The only block in `text`, or undefined when `text` contains none or several. */
export function decodePem(text: string): PemBlock | undefined {
  const [, label, body] = block.exec(text) ?? []
  if (label === undefined || body === undefined) return undefined
  const bytes = decodeBase64(body.replace(whiteSpace, ''))
  return bytes && { label, bytes }
}
