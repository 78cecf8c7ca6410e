/** Forms of fields that clients read in different ways, though the specification or tuffet allows them. */
import { readFile } from '../../core/json/read.js'
import { isJsonObject, member, type JsonObject, type JsonValue } from '../../core/json/value.js'
import type { Envelope, SignedByType } from '../../core/metadata/model.js'
import { count } from '../../words/amounts.js'
import type { Audit } from '../context.js'
import { quoted } from '../findings.js'

interface File {
  readonly envelope: Envelope
  readonly bytes: Uint8Array
}

const plainDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** The disputed forms in a file of any type, by the vectors of each. */
export function checkForm(audit: Audit, type: keyof SignedByType, role: string, file: File): void {
  for (const { code, message } of disputedForms(audit, type, file)) {
    audit.findings.add({ code, role, message })
  }
}

/** A disputed form. */
export interface Disputed {
  readonly code:
    'date-disputed' | 'consistent-snapshot-missing' | 'mirrors-in-root' | 'timestamp-lists-more'
  readonly message: string
}

export function disputedForms(
  audit: Audit,
  type: keyof SignedByType,
  file: File,
): readonly Disputed[] {
  const found: Disputed[] = []
  const expires = firstDate(file.envelope.signedBytes)
  const raw =
    expires === undefined || type === 'root' || type === 'timestamp'
      ? rawSigned(audit, file.bytes, type)
      : undefined
  const date = expires ?? (raw && member(raw, 'expires'))
  if (typeof date === 'string' && !plainDate.test(date)) {
    found.push({ code: 'date-disputed', message: `It expires at ${quoted(date)}.` })
  }
  if (raw && type === 'root') found.push(...ofRoot(raw))
  if (raw && type === 'timestamp') found.push(...ofTimestamp(raw))
  return found
}

function ofRoot(signed: JsonObject): Disputed[] {
  const found: Disputed[] = []
  if (member(signed, 'consistent_snapshot') === undefined) {
    found.push({ code: 'consistent-snapshot-missing', message: 'It lacks consistent_snapshot.' })
  }
  const roles = member(signed, 'roles')
  if (isJsonObject(roles) && member(roles, 'mirrors') !== undefined) {
    found.push({ code: 'mirrors-in-root', message: 'Its roles name mirrors.' })
  }
  return found
}

function ofTimestamp(signed: JsonObject): Disputed[] {
  const meta = member(signed, 'meta')
  const names = isJsonObject(meta) ? Object.keys(meta) : []
  const others = names.filter((name) => name !== 'snapshot.json')
  if (others.length === 0) return []
  const message = `It lists ${count(others.length, 'other file')}, such as ${quoted(others[0] ?? '')}.`
  return [{ code: 'timestamp-lists-more', message }]
}

const utf8 = new TextDecoder()

/**
 * The date at the beginning of the canonical form: there it is in every file whose fields are those of
 * the specification, except one with delegations.
 */
function firstDate(signedBytes: Uint8Array): string | undefined {
  const start = utf8.decode(signedBytes.subarray(0, 160))
  return /^\{"_type":"[a-z]+",(?:"consistent_snapshot":(?:true|false),)?"expires":"([^"\\]*)"/.exec(
    start,
  )?.[1]
}

/** The value of `signed`, in which long tables may be empty. */
export function rawSigned(
  { form }: Audit,
  bytes: Uint8Array,
  type: keyof SignedByType,
): JsonObject | undefined {
  const schema = type === 'targets' || type === 'snapshot' ? type : 'none'
  const { value } = readFile(bytes, form, schema, true)
  const signed: JsonValue | undefined = isJsonObject(value) ? member(value, 'signed') : undefined
  return isJsonObject(signed) ? signed : undefined
}
