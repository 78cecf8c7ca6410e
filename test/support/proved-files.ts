/** Files of both kinds that have tables, read on both roads. */
import { olpc } from '../../src/core/json/canonical.js'
import type { JsonObject, JsonValue } from '../../src/core/json/value.js'
import type { SignedByType } from '../../src/core/metadata/model.js'
import { parseMetadata } from '../../src/core/metadata/parse.js'
import { isTufError } from '../../src/errors.js'

/** A kind of file that has tables. */
export type TableType = 'snapshot' | 'targets'

/** The same form by another name: for the scanner it is one that it does not know. */
export const exactly = { ...olpc }

const common = { expires: '2030-01-01T00:00:00Z', spec_version: '1.0.34', version: 1 }

/** A file without signatures, its names in order. */
export function fileText(_type: TableType, fields: Record<string, JsonValue>, indent = 0): string {
  return sortedText({ signatures: [], signed: { ...common, _type, ...fields } }, indent)
}

/** Names by code point, as python-tuf and RSTUF write them; `JSON.stringify` moves numbers forward. */
export function sortedText(value: JsonValue, indent = 0): string {
  const space = indent > 0 ? ' '.repeat(indent) : ''
  const around = (open: string, inner: readonly string[], close: string): string =>
    `${open}${space}${inner.join(`,${space}`)}${space}${close}`
  if (Array.isArray(value)) {
    return around(
      '[',
      value.map((inner: JsonValue) => sortedText(inner, indent)),
      ']',
    )
  }
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.entries(value)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, inner]) => `${JSON.stringify(name)}:${space}${sortedText(inner, indent)}`)
  return around('{', members, '}')
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** All that a file says, or how it is refused. Rows come in the order of code points. */
export function outcomeOf(bytes: Uint8Array, type: TableType, canonicalForm = olpc): unknown {
  try {
    const { signed, signatures, signedBytes } = parseMetadata(bytes, type, type, { canonicalForm })
    return { signed: plainOf(signed), signatures, signedBytes: Buffer.from(signedBytes).toString() }
  } catch (error) {
    if (!isTufError(error)) throw error
    return { code: error.code, message: error.message }
  }
}

function plainOf(signed: SignedByType[TableType]): object {
  if (signed.type === 'snapshot') return { ...signed, meta: rowsOf(signed.meta) }
  const { delegations } = signed
  return {
    ...signed,
    targets: rowsOf(signed.targets),
    ...(delegations && { delegations: { ...delegations } }),
  }
}

function rowsOf<T>(table: ReadonlyMap<string, T>): [string, T][] {
  return [...table].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}
