/**
 * Several entries in one object: a line of JSON with their names and lengths, then their bytes. Only one
 * object can be replaced under a condition, so the entries that are compared together are one.
 */

/** The entries of one object. */
export type PackedEntries = ReadonlyMap<string, Uint8Array>

const format = 'tuffet-store-1'
const remedy = 'restore an older version of it, or delete it, which forgets the floors'
const damaged = `the object "common" is damaged; ${remedy}`
const utf8 = new TextEncoder()
/** The most bytes of the first line. */
const longestLine = 1_048_576

/** @internal Throws RangeError for more names than one object may have. */
export function pack(entries: PackedEntries): Uint8Array {
  const list = [...entries].map(([name, bytes]) => [name, bytes.length])
  const line = utf8.encode(`${JSON.stringify({ format, entries: list })}\n`)
  // `unpack` reads no longer one.
  if (line.length > longestLine) throw new RangeError('the names of the entries are too long')
  let length = line.length
  for (const bytes of entries.values()) length += bytes.length
  const packed = new Uint8Array(length)
  packed.set(line)
  let at = line.length
  for (const bytes of entries.values()) {
    packed.set(bytes, at)
    at += bytes.length
  }
  return packed
}

/** @internal Throws TypeError for anything that `pack` does not write: the object is somebody else's. */
export function unpack(packed: Uint8Array): PackedEntries {
  const end = packed.subarray(0, longestLine).indexOf(10)
  const line = end === -1 ? undefined : parsed(packed.subarray(0, end))
  const isTable = typeof line === 'object' && line !== null && 'format' in line && 'entries' in line
  if (!isTable || line.format !== format || !Array.isArray(line.entries)) {
    throw new TypeError(`the object "common" is not one of a store; ${remedy}`)
  }
  const list: readonly unknown[] = line.entries
  const entries = new Map<string, Uint8Array>()
  let at = end + 1
  for (const row of list) {
    if (!Array.isArray(row)) throw new TypeError(damaged)
    const [name, length] = row as readonly unknown[]
    const isRow =
      typeof name === 'string' && typeof length === 'number' && Number.isSafeInteger(length)
    if (!isRow || length < 0 || at + length > packed.length || entries.has(name)) {
      throw new TypeError(damaged)
    }
    entries.set(name, packed.subarray(at, at + length))
    at += length
  }
  if (at !== packed.length) throw new TypeError(damaged)
  return entries
}

function parsed(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line))
  } catch {
    return undefined
  }
}
