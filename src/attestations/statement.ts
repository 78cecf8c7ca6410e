/** The signed statement (in-toto Statement v1), compared with the file. */
import { readPlainJson } from '../core/json/read.js'
import { isJsonObject, type JsonValue } from '../core/json/value.js'
import { FieldRefusal, objectFrom, required, stringFrom } from '../core/metadata/fields.js'
import { filenameKey } from '../pypi/names/file-name.js'
import { maybe } from '../sigstore/fields.js'
import { boundedArray } from '../sigstore/log/read-entry.js'
import { refusing } from '../sigstore/read-bundle.js'
import { refuse } from '../sigstore/refuse.js'

/** The payload type that every attestation is signed with. */
export const statementPayloadType = 'application/vnd.in-toto+json'

/** Predicate types that PyPI takes; each is allowed once for a file and publisher. */
export const predicateTypes = {
  publish: 'https://docs.pypi.org/attestations/publish/v1',
  slsa: 'https://slsa.dev/provenance/v1',
} as const

/** A file, as the caller knows it. */
export interface AttestedFile {
  /** The file's name; its last path segment only. */
  readonly filename: string
  /** Hexadecimal, in either case. */
  readonly sha256: string
}

/** A statement about one file. */
export interface Statement {
  readonly subject: AttestedFile
  readonly predicateType: string
}

/** @throws AttestationError of the check `statement` */
export function checkStatement(payload: Uint8Array, file: AttestedFile): Statement {
  const { subject, predicateType } = refusing('statement', () => readStatement(payload))
  if (!areSameFile(subject.filename, file.filename)) {
    refuse('statement', `it is about ${JSON.stringify(subject.filename.slice(0, 200))}`)
  }
  if (subject.sha256 !== file.sha256.toLowerCase()) {
    refuse('statement', 'it is about another content of the file: the SHA-256 differs')
  }
  return { subject, predicateType }
}

/** Names of wheels and source distributions, by their parts: PyPI takes both spellings of a name. */
function areSameFile(one: string, other: string): boolean {
  if (!/\.(whl|tar\.gz|zip)$/.test(one) || !/\.(whl|tar\.gz|zip)$/.test(other)) return false
  const key = filenameKey(one)
  return key !== undefined && key === filenameKey(other)
}

function readStatement(payload: Uint8Array): Statement {
  const statement = objectFrom(readPlainJson(payload))
  if (required(statement, '_type', stringFrom) !== 'https://in-toto.io/Statement/v1') {
    throw new FieldRefusal('is not that of an in-toto statement, version 1', '_type')
  }
  const [subject] = required(statement, 'subject', (list) => boundedArray(list, 1, subjectFrom, 1))
  if (subject === undefined) throw new FieldRefusal('is empty', 'subject')
  const predicateType = required(statement, 'predicateType', stringFrom)
  if (predicateType === predicateTypes.publish) maybe(statement, 'predicate', emptyFrom)
  else if (predicateType !== predicateTypes.slsa) {
    throw new FieldRefusal('is of an unknown type', 'predicateType')
  }
  return { subject, predicateType }
}

function subjectFrom(value: JsonValue): AttestedFile {
  const subject = objectFrom(value)
  const filename = required(subject, 'name', stringFrom)
  const sha256 = required(subject, 'digest', (digest) =>
    required(objectFrom(digest), 'sha256', stringFrom),
  )
  return { filename, sha256 }
}

/** PyPI's own predicate is empty: null, or an object without members. */
function emptyFrom(value: JsonValue): void {
  if (!isJsonObject(value) || Object.keys(value).length > 0) throw new FieldRefusal('is not empty')
}
