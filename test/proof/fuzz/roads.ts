/** Both roads to a metadata file, the scanner's and the exact one, as texts that can be compared. */
import type { CanonicalForm } from '../../../src/core/json/canonical.js'
import { olpc } from '../../../src/core/json/canonical.js'
import type { SignedByType } from '../../../src/core/metadata/model.js'
import { parseMetadata } from '../../../src/core/metadata/parse.js'
import { isTufError } from '../../../src/errors.js'

/** By another name the form is one that the scanner does not know. */
const exactly: CanonicalForm = { ...olpc }

/** All that a file says, or how it is refused, on each road. */
export function bothRoads(
  bytes: Uint8Array,
  type: keyof SignedByType,
): { readonly fast: string; readonly exact: string } {
  return { fast: outcomeOf(bytes, type, olpc), exact: outcomeOf(bytes, type, exactly) }
}

function outcomeOf(
  bytes: Uint8Array,
  type: keyof SignedByType,
  canonicalForm: CanonicalForm,
): string {
  try {
    const { signedBytes, ...rest } = parseMetadata(bytes, type, type, { canonicalForm })
    return `${Buffer.from(signedBytes).toString('latin1')} ${JSON.stringify(rest, plain)}`
  } catch (error) {
    if (!isTufError(error)) throw error
    return `${error.code} ${error.message}`
  }
}

/** Tables as rows in the order of code points, whichever class of map they are. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (!isTable(value)) return value
  return [...value].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function isTable(value: unknown): value is Iterable<[string, unknown]> {
  return typeof value === 'object' && value !== null && 'entries' in value && !Array.isArray(value)
    ? typeof value.entries === 'function'
    : false
}
