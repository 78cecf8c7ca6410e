/**
 * `trusted_root.json`: whose certificates, logs and timestamps count, and when. The file is believed
 * as a target of Sigstore's repository; this reads it.
 */
import { readPlainJson } from '../core/json/read.js'
import { JsonSyntaxError, type JsonObject } from '../core/json/value.js'
import { parseDate } from '../core/metadata/dates.js'
import {
  arrayOf,
  FieldRefusal,
  objectFrom,
  required,
  stringFrom,
  type Read,
} from '../core/metadata/fields.js'
import { TrustedRootError } from '../errors.js'
import { sigstoreBudget } from './budget.js'
import { base64From, maybe } from './fields.js'
import { Asn1Error } from './x509/asn1.js'
import { readCertificate, type Certificate } from './x509/certificate.js'
import { readSpki, type SpkiKey } from './x509/public-key.js'

/** A parsed `trusted_root.json`. */
export interface TrustedRoot {
  /** As published. Keep them to verify without a network later. */
  readonly bytes: Uint8Array
  /** Entries that this client cannot use, each with its path and the reason; they are never used. */
  readonly leftOut: readonly string[]
  /** @internal */
  readonly parts: TrustedParts
}

export interface TrustedParts {
  readonly certificateAuthorities: readonly TrustedAuthority[]
  readonly timestampAuthorities: readonly TrustedAuthority[]
  readonly logs: readonly TrustedLog[]
  readonly ctLogs: readonly TrustedLog[]
}

/** A chain whose first certificate issues others, or signs; the last is the anchor. */
export interface TrustedAuthority {
  readonly chain: readonly Certificate[]
  readonly validFor: Period
}

export interface TrustedLog {
  /** Host and port of its URL: the name in its checkpoints. */
  readonly origin: string
  /** SHA-256 of the key, or the key ID of its checkpoints. */
  readonly id: Uint8Array
  readonly key: SpkiKey
  readonly validFor: Period
}

/** Milliseconds since 1970, both included. */
export interface Period {
  readonly start: number
  readonly end: number
}

export function isWithin(time: number, { start, end }: Period): boolean {
  return start <= time && time <= end
}

/**
 * Reads a `trusted_root.json`. Its bytes are not judged: take them from `sigstoreTrustedRoot`, or from
 * where you trust them.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { parseTrustedRoot } from 'tuffet/sigstore'
 *
 * const trust = parseTrustedRoot(await readFile('trusted_root.json'))
 * ```
 *
 * @throws TrustedRootError (`ERR_TUF_TRUSTED_ROOT_INVALID`)
 */
export function parseTrustedRoot(bytes: Uint8Array): TrustedRoot {
  if (bytes.length > sigstoreBudget.trustedRootLength) {
    throw new TrustedRootError('', `more than ${sigstoreBudget.trustedRootLength} bytes`)
  }
  try {
    const leftOut: string[] = []
    const root = objectFrom(readPlainJson(bytes))
    const mediaType = required(root, 'mediaType', stringFrom)
    if (!/^application\/vnd\.dev\.sigstore\.trustedroot[.+]/.test(mediaType)) {
      throw new FieldRefusal('is not that of a trusted root', 'mediaType')
    }
    const list = <T>(name: string, read: (value: JsonObject) => T): readonly T[] =>
      usable(root, name, read, leftOut)
    const parts = {
      logs: list('tlogs', logFrom),
      certificateAuthorities: list('certificateAuthorities', authorityFrom),
      ctLogs: list('ctlogs', logFrom),
      timestampAuthorities: list('timestampAuthorities', authorityFrom),
    }
    if (parts.logs.length === 0) throw new FieldRefusal('lists no usable log', 'tlogs')
    return { bytes: new Uint8Array(bytes), leftOut, parts }
  } catch (error) {
    if (error instanceof FieldRefusal) throw new TrustedRootError(error.path, error.reason)
    if (!(error instanceof JsonSyntaxError)) throw error
    throw new TrustedRootError(error.path, error.reason, { cause: error })
  }
}

/** The entries of a list; a key or certificate of a kind that is unknown here leaves its entry out. */
function usable<T>(
  root: JsonObject,
  name: string,
  read: (value: JsonObject) => T,
  leftOut: string[],
): readonly T[] {
  let index = -1
  const all = maybe(root, name, (value) =>
    arrayOf(value, (entry): readonly T[] => {
      index++
      if (index >= sigstoreBudget.trustedRootEntries)
        throw new FieldRefusal('is one entry too many')
      try {
        return [read(objectFrom(entry))]
      } catch (error) {
        if (!(error instanceof Asn1Error)) throw error
        leftOut.push(`${name}[${index}]: ${error.message}`)
        return []
      }
    }),
  )
  return (all ?? []).flat()
}

function authorityFrom(value: JsonObject): TrustedAuthority {
  const certificates = required(value, 'certChain', (chain) =>
    required(objectFrom(chain), 'certificates', (list) =>
      arrayOf(list, (one) => required(objectFrom(one), 'rawBytes', base64From)),
    ),
  )
  if (certificates.length === 0 || certificates.length > sigstoreBudget.chainLength) {
    throw new FieldRefusal(`${certificates.length} certificates`, 'certificates', 'certChain')
  }
  const validFor = required(value, 'validFor', periodFrom)
  return { chain: certificates.map(readCertificate), validFor }
}

function logFrom(value: JsonObject): TrustedLog {
  const origin = required(value, 'baseUrl', originFrom)
  const hash = required(value, 'hashAlgorithm', stringFrom)
  const id = required(value, 'logId', (logId) => required(objectFrom(logId), 'keyId', base64From))
  const { spki, validFor } = required(value, 'publicKey', (found) => {
    const publicKey = objectFrom(found)
    return {
      spki: required(publicKey, 'rawBytes', base64From),
      validFor: required(publicKey, 'validFor', periodFrom),
    }
  })
  if (hash !== 'SHA2_256') throw new Asn1Error(`the hash function ${JSON.stringify(hash)}`)
  return { origin, id, key: readSpki(spki), validFor }
}

const periodFrom: Read<Period> = (value) => {
  const period = objectFrom(value)
  return {
    start: required(period, 'start', dateFrom),
    end: maybe(period, 'end', dateFrom) ?? Infinity,
  }
}

const dateFrom: Read<number> = (value) => {
  const time = parseDate(stringFrom(value))
  if (time === undefined) throw new FieldRefusal('is not a date')
  return time
}

const originFrom: Read<string> = (value) => {
  const text = stringFrom(value)
  if (!URL.canParse(text)) throw new FieldRefusal('is not a URL')
  return new URL(text).host
}
