/** Reads the version of a file that any client stored. */
import { isRecord } from './read-fields.js'

/** Null for bytes that are not metadata: no client trusts them. */
export function storedVersion(bytes: Uint8Array): number | null {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
  const signed = isRecord(value) ? value['signed'] : undefined
  const version = isRecord(signed) ? signed['version'] : undefined
  return typeof version === 'number' ? version : null
}
