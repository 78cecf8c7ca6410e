/**
 * Bytes → Envelope: strict parsing of section 4. A refusal names the field's path. An envelope has
 * the right shape and is not believed: signatures, versions and times are judged in `trust/`.
 */
import { MetadataInvalidError, SpecVersionError, type Place } from '../../errors.js'
import { olpc, type CanonicalForm } from '../json/canonical.js'
import { SlicedRows } from '../json/fast/rows.js'
import type { Schema } from '../json/fast/scanner.js'
import { readFile } from '../json/read.js'
import { JsonSyntaxError, type JsonObject, type JsonValue } from '../json/value.js'
import { checkInteger } from '../number-option.js'
import { parseDate } from './dates.js'
import { delegationsFrom, type Proved } from './delegations.js'
import {
  arrayFrom,
  arrayOf,
  booleanFrom,
  FieldRefusal,
  integerBetween,
  objectFrom,
  optional,
  otherFields,
  required,
  stringFrom,
  withLate,
} from './fields.js'
import type { KeptFiles, ReadFiles } from './kept-files.js'
import type {
  Envelope,
  Root,
  Signature,
  SignedByType,
  SignedCommon,
  Snapshot,
  Targets,
  Timestamp,
} from './model.js'
import { keysFrom, roleKeysFrom } from './parts.js'
import { metaFileFrom, tableFrom, targetFileFrom } from './rows.js'
import { isSupportedSpecVersion } from './spec-version.js'

/** How files are read. */
export interface ParseOptions {
  /** The form that signatures are over. Default: OLPC canonical JSON. */
  readonly canonicalForm?: CanonicalForm | undefined
  /** Most entries of `signatures`. Default 1,024. */
  readonly signatures?: number | undefined
  /** @internal */
  readonly kept?: KeptFiles | undefined
  /** @internal */
  readonly read?: ReadFiles | undefined
}

/** The default of {@link ParseOptions.signatures}. */
export const signaturesByDefault = 1024

const positive = integerBetween(1)

const readers: {
  readonly [T in keyof SignedByType]: (signed: JsonObject, proved: Proved) => SignedByType[T]
} = {
  root: rootFrom,
  timestamp: timestampFrom,
  snapshot: snapshotFrom,
  targets: targetsFrom,
}

const schemas: { readonly [T in keyof SignedByType]: Schema } = {
  root: 'none',
  snapshot: 'snapshot',
  targets: 'targets',
  timestamp: 'none',
}

const sections: { readonly [T in keyof SignedByType]: string } = {
  root: '4.3',
  snapshot: '4.4',
  targets: '4.5',
  timestamp: '4.6',
}

/**
 * Reads a metadata file of the given `_type` (section 4). Errors name the file by `role`: the type,
 * or the name of a delegated role. The envelope is independent of `bytes`.
 *
 * @throws MetadataInvalidError when it is not strict JSON or a field breaks section 4
 * @throws SpecVersionError when it is written for another major version of the specification
 *
 * @example
 * ```ts runs
 * import { readFile } from 'node:fs/promises'
 * import { parseMetadata } from 'tuffet/core'
 *
 * const { signed, signatures } = parseMetadata(await readFile('root.json'), 'root', 'root')
 * console.debug(signed.version, new Date(signed.expires), signatures.length) // not verified yet
 * ```
 */
export function parseMetadata<T extends keyof SignedByType>(
  bytes: Uint8Array,
  type: T,
  role: string,
  options?: ParseOptions,
): Envelope<SignedByType[T]> {
  const before = options?.read?.find(type, bytes)
  if (before !== undefined) return before
  const envelope = readOnce(bytes, type, role, options)
  options?.read?.note(type, bytes, envelope)
  return envelope
}

function readOnce<T extends keyof SignedByType>(
  bytes: Uint8Array,
  type: T,
  role: string,
  options: ParseOptions | undefined,
): Envelope<SignedByType[T]> {
  const kept = options?.kept
  const before = kept?.find(type, role, bytes)
  if (before !== undefined) return before
  const envelope = readAnew(bytes, type, role, options, kept === undefined)
  kept?.note(type, role, bytes, envelope)
  return envelope
}

/** @param mayChange as in `scan`: bytes that are read with a memory never change */
function readAnew<T extends keyof SignedByType>(
  bytes: Uint8Array,
  type: T,
  role: string,
  options: ParseOptions | undefined,
  mayChange: boolean,
): Envelope<SignedByType[T]> {
  const place: Place = { role, step: sections[type] }
  const { signatures: most = signaturesByDefault } = options ?? {}
  checkInteger('signatures', most, 0)
  try {
    const form = options?.canonicalForm ?? olpc
    const { value, signedBytes, proved } = readFile(bytes, form, schemas[type], mayChange)
    const file = objectFrom(value)
    if (signedBytes === undefined) throw new FieldRefusal('is missing', 'signed')
    const read = readers[type]
    const signed = required(file, 'signed', (inner) => {
      const object = objectFrom(inner)
      const found = required(object, '_type', stringFrom)
      if (found !== type) {
        throw new FieldRefusal(
          `must be "${type}", is ${JSON.stringify(found.slice(0, 40))}`,
          '_type',
        )
      }
      const specVersion = required(object, 'spec_version', stringFrom)
      if (!isSupportedSpecVersion(specVersion)) throw new SpecVersionError(place, specVersion)
      return read(object, proved)
    })
    const signatures = required(file, 'signatures', (inner) => signaturesFrom(inner, most))
    return { signed, signatures, signedBytes }
  } catch (error) {
    throw refused(place, error)
  }
}

function refused(place: Place, error: unknown): unknown {
  if (error instanceof FieldRefusal)
    return new MetadataInvalidError(place, error.path, error.reason)
  if (error instanceof JsonSyntaxError) {
    return new MetadataInvalidError(place, error.path, error.reason, { cause: error })
  }
  return error
}

/** 4.2.1: each keyid once. The cap comes first, so a flood is cheap to refuse (CVE-2020-6173). */
function signaturesFrom(value: JsonValue, most: number): readonly Signature[] {
  const array = arrayFrom(value)
  if (array.length > most) throw new FieldRefusal(`must contain at most ${most} entries`)
  const seen = new Set<string>()
  return arrayOf(array, (element) => {
    const entry = objectFrom(element)
    const keyid = required(entry, 'keyid', stringFrom)
    const sig = required(entry, 'sig', stringFrom)
    if (seen.has(keyid)) throw new FieldRefusal('is repeated', 'keyid')
    seen.add(keyid)
    return { keyid, sig }
  })
}

const rootFields = fieldNames('consistent_snapshot', 'keys', 'roles')
const listFields = fieldNames('meta')
const targetsFields = fieldNames('targets', 'delegations')

function fieldNames(...names: string[]): ReadonlySet<string> {
  return new Set(['_type', 'spec_version', 'version', 'expires', ...names])
}

function commonFrom(signed: JsonObject): Omit<SignedCommon, 'unrecognized'> {
  return {
    specVersion: required(signed, 'spec_version', stringFrom),
    version: required(signed, 'version', positive),
    expires: required(signed, 'expires', timeFrom),
  }
}

/** With `unrecognized`, when all known fields of `signed` have been read. */
function complete<T extends object>(
  fields: T,
  signed: JsonObject,
  known: ReadonlySet<string>,
): T & Pick<SignedCommon, 'unrecognized'> {
  // Their values are not kept for it.
  for (const name of known) Reflect.set(signed, name, null)
  return withLate(fields, 'unrecognized', () => otherFields(signed, known))
}

function timeFrom(value: JsonValue): number {
  const time = parseDate(stringFrom(value))
  if (time === undefined) throw new FieldRefusal('must be an RFC 3339 date-time')
  return time
}

function rootFrom(signed: JsonObject): Root {
  const fields = {
    type: 'root' as const,
    ...commonFrom(signed),
    consistentSnapshot: optional(signed, 'consistent_snapshot', booleanFrom) ?? false,
    keys: required(signed, 'keys', keysFrom),
    roles: required(signed, 'roles', (value) => {
      const roles = objectFrom(value)
      return {
        root: required(roles, 'root', roleKeysFrom),
        timestamp: required(roles, 'timestamp', roleKeysFrom),
        snapshot: required(roles, 'snapshot', roleKeysFrom),
        targets: required(roles, 'targets', roleKeysFrom),
      }
    }),
  }
  return complete(fields, signed, rootFields)
}

function timestampFrom(signed: JsonObject): Timestamp {
  const fields = {
    type: 'timestamp' as const,
    ...commonFrom(signed),
    snapshot: required(signed, 'meta', (value) =>
      required(objectFrom(value), 'snapshot.json', metaFileFrom),
    ),
  }
  return complete(fields, signed, listFields)
}

function snapshotFrom(signed: JsonObject, proved: Proved): Snapshot {
  const fields = {
    type: 'snapshot' as const,
    ...commonFrom(signed),
    meta: proved?.table
      ? new SlicedRows(proved.table, metaFileFrom)
      : required(signed, 'meta', (value) => tableFrom(value, metaFileFrom)),
  }
  return complete(fields, signed, listFields)
}

function targetsFrom(signed: JsonObject, proved: Proved): Targets {
  const delegations = optional(signed, 'delegations', (value) => delegationsFrom(value, proved))
  const fields = {
    type: 'targets' as const,
    ...commonFrom(signed),
    targets: proved?.table
      ? new SlicedRows(proved.table, targetFileFrom)
      : required(signed, 'targets', (value) => tableFrom(value, targetFileFrom)),
    ...(delegations && { delegations }),
  }
  return complete(fields, signed, targetsFields)
}
