/** A root metadata file that comes with this package. */
import { decodeBase64 } from '../../core/bytes.js'

export interface FirstRoot {
  readonly version: number
  /** Of the file, in hexadecimal. */
  readonly sha256: string
  /** The day on which it was read from its source: `YYYY-MM-DD`. */
  readonly obtained: string
  /** The file, byte for byte, in base64 with line breaks. */
  readonly base64: string
}

/** @internal The file. */
export function firstRootBytes({ base64, version }: FirstRoot): Uint8Array {
  const bytes = decodeBase64(base64.replace(/\s/g, ''))
  if (bytes === undefined) throw new TypeError(`root ${version} is not base64`)
  return bytes
}
