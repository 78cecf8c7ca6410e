/** What version a file has that a client stores, whoever wrote it. */
import { isRecord } from './read-fields.js'

/** Null for what is not metadata: nobody trusts it. */
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
