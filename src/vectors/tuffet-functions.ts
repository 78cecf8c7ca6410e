/**
 * This library's answers to the function vectors: each family by the function that does it in a
 * refresh, after the readers of metadata if a refresh uses them.
 */
import { encodeHex } from '../core/bytes.js'
import { encodeCanonical } from '../core/json/canonical.js'
import { readJson } from '../core/json/read.js'
import { JsonSyntaxError, type JsonObject, type JsonValue } from '../core/json/value.js'
import type { Cryptography } from '../core/keys/cryptography.js'
import { checkBytes, digestText, type ExpectedFile } from '../core/keys/hash.js'
import { loadKey } from '../core/keys/load.js'
import { verifiesMlDsa } from '../core/keys/verifies-ml-dsa.js'
import { parseDate } from '../core/metadata/dates.js'
import { FieldRefusal } from '../core/metadata/fields.js'
import type { Delegations, Envelope, Key } from '../core/metadata/model.js'
import { parseMetadata } from '../core/metadata/parse.js'
import { hashesFrom, keysFrom, roleKeysFrom } from '../core/metadata/parts.js'
import { isSupportedSpecVersion } from '../core/metadata/spec-version.js'
import { hashPrefixedTarget, metadataFileName, targetUrlPath } from '../core/names.js'
import { edgesFor } from '../core/search/delegation.js'
import { matchesPathPattern } from '../core/search/path-pattern.js'
import { requireThreshold } from '../core/trust/verify.js'
import { jsonText } from '../testing/json-text.js'
import { bytesOf, memberOf, numberOf, objectOf, textOf } from './body.js'
import { VectorRefusal, VectorSkip, type VectorFunction } from './client.js'
import { mapFiles } from './tuffet-map-files.js'

type Input = JsonObject
type Answer = (input: Input, cryptography: Cryptography) => JsonValue | undefined

const place = { role: 'vector', step: '4' }
const utf8 = new TextEncoder()

const families: Readonly<Record<string, Answer>> = {
  json: (input) => textFrom(encodeCanonical(readJson(bytesOf(input, 'document')).value)),
  'canonical-json': canonicalJson,
  metadata,
  keyids,
  'signatures-ed25519': signature,
  'signatures-ecdsa': signature,
  'signatures-rsa': signature,
  'signatures-ml-dsa': signature,
  threshold,
  dates: (input) => parseDate(textOf(input, 'text')) ?? refuse('is not a date'),
  'spec-version': specVersion,
  hashes,
  'path-patterns': (input) => matchesPathPattern(textOf(input, 'pattern'), textOf(input, 'path')),
  'hash-bins': hashBins,
  names,
  'map-files': mapFiles,
}

/**
 * This library as a client of the function vectors.
 *
 * @param cryptography The table under test: both must give the same answers
 */
export function functionClient(
  cryptography: Cryptography,
): Readonly<Record<string, VectorFunction>> {
  return Object.fromEntries(
    Object.entries(families).map(([family, answer]) => [
      family,
      (input: Input) => {
        if (asksMlDsa(family, input) && !verifiesMlDsa(cryptography)) {
          throw new VectorSkip('this runtime does not verify ML-DSA')
        }
        return refusing(() => answer(input, cryptography))
      },
    ]),
  )
}

function asksMlDsa(family: string, input: Input): boolean {
  if (family !== 'threshold') return family === 'signatures-ml-dsa'
  const keys = Object.values(objectOf(input, 'keys'))
  return keys.some((key) => JSON.stringify(key).includes('"ml-dsa"'))
}

/** Turns the readers' own errors, outside `parseMetadata`, into a refusal. */
function refusing<T>(answer: () => T): T {
  try {
    return answer()
  } catch (error) {
    if (!(error instanceof JsonSyntaxError) && !(error instanceof FieldRefusal)) throw error
    throw new VectorRefusal(error.message, { cause: error })
  }
}

function refuse(reason: string): never {
  throw new VectorRefusal(reason)
}

/** As the member `signed` of a file, whose canonical form is made while it is read. */
function canonicalJson(input: Input): JsonValue {
  const document = bytesOf(input, 'document')
  const [before, after] = [utf8.encode('{"signed":'), utf8.encode('}')]
  const file = new Uint8Array(before.length + document.length + after.length)
  file.set(before)
  file.set(document, before.length)
  file.set(after, before.length + document.length)
  return textFrom(readJson(file).signedBytes ?? refuse('lacks signed'))
}

function metadata(input: Input): undefined {
  const type = textOf(input, 'type')
  if (type !== 'root' && type !== 'timestamp' && type !== 'snapshot' && type !== 'targets') {
    throw new TypeError(`${type} is not a type`)
  }
  parseMetadata(bytesOf(input, 'document'), type, type)
}

function keyids(input: Input, cryptography: Cryptography): JsonValue {
  const key = memberOf(input, 'key')
  keysFrom(Object.fromEntries([[textOf(input, 'keyid'), key]]))
  return encodeHex(cryptography.hash('sha256', encodeCanonical(key)))
}

function signature(input: Input, cryptography: Cryptography): undefined {
  const options = { pkcs1v15: Object.hasOwn(input, 'optIn') && memberOf(input, 'optIn') === true }
  const loaded = loadKey(keyOf(input), cryptography, options)
  if (loaded.verdict !== 'ok') refuse(loaded.reason)
  const verdict = loaded.verify(bytesOf(input, 'message'), textOf(input, 'sig'))
  if (verdict !== 'signed') refuse(verdict)
}

function keyOf(input: Input): Key {
  return keysFrom({ key: memberOf(input, 'key') }).get('key') ?? refuse('is not a key')
}

function threshold(input: Input, cryptography: Cryptography): JsonValue {
  const keys = keysFrom(memberOf(input, 'keys'))
  const role = roleKeysFrom({
    keyids: memberOf(input, 'keyids'),
    threshold: memberOf(input, 'threshold'),
  })
  const file = timestampSignedBy(memberOf(input, 'signatures'))
  const envelope = { ...file, signedBytes: bytesOf(input, 'message') }
  const authority = { delegator: 'vector', keys, ...role }
  return { signed: requireThreshold(place, envelope, authority, { cryptography }).signed }
}

/** The list of signatures, read as that of a file. */
function timestampSignedBy(signatures: JsonValue): Envelope {
  const meta = { 'snapshot.json': { version: 1 } }
  return parseMetadata(file('timestamp', { meta }, signatures), 'timestamp', 'timestamp')
}

function file(type: string, fields: JsonObject, signatures: JsonValue = []): Uint8Array {
  const common = { _type: type, spec_version: '1.0', version: 1, expires: '2030-01-01T00:00:00Z' }
  return utf8.encode(jsonText({ signatures, signed: { ...common, ...fields } }))
}

function specVersion(input: Input): undefined {
  if (!isSupportedSpecVersion(textOf(input, 'text'))) refuse('is not supported')
}

function hashes(input: Input, cryptography: Cryptography): undefined {
  const expected: ExpectedFile = {
    ...(Object.hasOwn(input, 'length') && { length: numberOf(input, 'length') }),
    ...(Object.hasOwn(input, 'hashes') && { hashes: hashesFrom(memberOf(input, 'hashes')) }),
  }
  checkBytes(bytesOf(input, 'content'), expected, place, cryptography)
}

function hashBins(input: Input, cryptography: Cryptography): JsonValue {
  const path = textOf(input, 'path')
  const delegations = delegationsOf(objectOf(input, 'delegations'))
  const edges = edgesFor(delegations, path, () => digestText(path, cryptography))
  return edges.map(({ name }) => name)
}

/** Read as those of targets metadata. */
function delegationsOf(delegations: JsonObject): Delegations {
  const bytes = file('targets', { targets: {}, delegations })
  return parseMetadata(bytes, 'targets', 'targets').signed.delegations ?? refuse('are missing')
}

function names(input: Input): JsonValue {
  if (Object.hasOwn(input, 'role')) {
    const version = Object.hasOwn(input, 'version') ? numberOf(input, 'version') : undefined
    return metadataFileName(textOf(input, 'role'), version)
  }
  const target = textOf(input, 'target')
  if (!Object.hasOwn(input, 'digest')) return targetUrlPath(target)
  return targetUrlPath(hashPrefixedTarget(target, textOf(input, 'digest')))
}

function textFrom(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}
