/** An entry of a transparency log in the JSON of Sigstore's protocol buffers. */
import type { JsonValue } from '../../core/json/value.js'
import {
  arrayOf,
  FieldRefusal,
  objectFrom,
  required,
  stringFrom,
  type Read,
} from '../../core/metadata/fields.js'
import { sigstoreBudget } from '../budget.js'
import { base64From, maybe } from '../fields.js'
import type { InclusionProof, LogEntry } from './material.js'

/** Throws `FieldRefusal`. */
export function logEntriesFrom(value: JsonValue): readonly LogEntry[] {
  return boundedArray(value, sigstoreBudget.logEntries, logEntryFrom, 1)
}

/** An array with `least` to `most` elements, each read. */
export function boundedArray<T>(
  value: JsonValue,
  most: number,
  read: Read<T>,
  least = 0,
): readonly T[] {
  if (Array.isArray(value) && (value.length > most || value.length < least)) {
    throw new FieldRefusal(`${value.length} entries, not ${least} to ${most}`)
  }
  return arrayOf(value, read)
}

function logEntryFrom(value: JsonValue): LogEntry {
  const entry = objectFrom(value)
  const { kind, version } = required(entry, 'kindVersion', (found) => ({
    kind: required(objectFrom(found), 'kind', stringFrom),
    version: required(objectFrom(found), 'version', stringFrom),
  }))
  const bodyText = required(entry, 'canonicalizedBody', stringFrom)
  return {
    logIndex: required(entry, 'logIndex', countFrom),
    logId: required(entry, 'logId', (id) => required(objectFrom(id), 'keyId', base64From)),
    kind,
    version,
    // Rekor v2 writes no time: the protocol buffer's 0.
    integratedTime: maybe(entry, 'integratedTime', countFrom),
    promise: maybe(entry, 'inclusionPromise', (found) =>
      required(objectFrom(found), 'signedEntryTimestamp', base64From),
    ),
    proof: maybe(entry, 'inclusionProof', proofFrom),
    body: required(entry, 'canonicalizedBody', base64From),
    bodyText,
  }
}

function proofFrom(value: JsonValue): InclusionProof {
  const proof = objectFrom(value)
  return {
    logIndex: required(proof, 'logIndex', countFrom),
    treeSize: required(proof, 'treeSize', countFrom),
    rootHash: required(proof, 'rootHash', hashFrom),
    hashes: required(proof, 'hashes', (list) =>
      boundedArray(list, sigstoreBudget.proofHashes, hashFrom),
    ),
    checkpoint: required(proof, 'checkpoint', (found) =>
      required(objectFrom(found), 'envelope', checkpointFrom),
    ),
  }
}

function hashFrom(value: JsonValue): Uint8Array {
  const bytes = base64From(value)
  if (bytes.length !== 32) throw new FieldRefusal('is not a SHA-256')
  return bytes
}

function checkpointFrom(value: JsonValue): string {
  const text = stringFrom(value)
  if (text.length > sigstoreBudget.checkpointLength) {
    throw new FieldRefusal(`is longer than ${sigstoreBudget.checkpointLength}`)
  }
  return text
}

/** A number of 64 bits is a text in this JSON; its writers use small numbers too. */
function countFrom(value: JsonValue): number {
  const number =
    typeof value === 'string' && /^(0|[1-9]\d{0,15})$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw new FieldRefusal('is not a number from 0 to 2^53 - 1')
  }
  return number
}
