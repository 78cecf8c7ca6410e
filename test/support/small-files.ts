/** The smallest files of section 4, and how the parser takes them. */
import type { JsonObject, JsonValue } from '../../src/core/json/value.js'
import type { Root, Targets } from '../../src/core/metadata/model.js'
import { parseMetadata, type ParseOptions } from '../../src/core/metadata/parse.js'
import { MetadataInvalidError } from '../../src/errors.js'
import { jsonText } from '../../src/testing/json-text.js'

export const authority: JsonObject = { keyids: ['K'], threshold: 1 }
export const key: JsonObject = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: 'ab' } }
export const head: JsonObject = {
  spec_version: '1.0.34',
  version: 1,
  expires: '2030-01-01T00:00:00Z',
}
/** Names that JavaScript gives a meaning and TUF does not. */
export const inherited: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
]

export function targets(fields: JsonObject = {}): JsonObject {
  return { signatures: [], signed: { ...head, _type: 'targets', targets: {}, ...fields } }
}

export function delegating(roles: readonly JsonValue[]): JsonObject {
  return targets({ delegations: { keys: { K: key }, roles } })
}

export function root(fields: JsonObject = {}): JsonObject {
  const roles = { root: authority, timestamp: authority, snapshot: authority, targets: authority }
  return { signatures: [], signed: { ...head, _type: 'root', keys: { K: key }, roles, ...fields } }
}

export function named<T extends JsonValue>(names: readonly string[], value: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]))
}

export function bytesOf(file: JsonValue | string | Uint8Array): Uint8Array {
  if (file instanceof Uint8Array) return file
  return new TextEncoder().encode(typeof file === 'string' ? file : jsonText(file))
}

export function readTargets(
  file: JsonValue | string | Uint8Array,
  options?: ParseOptions,
): Targets {
  return parseMetadata(bytesOf(file), 'targets', 'targets', options).signed
}

export function readRoot(file: JsonValue | string): Root {
  return parseMetadata(bytesOf(file), 'root', 'root').signed
}

/** The path and the reason of the refusal. */
export function refusedAt(read: () => unknown): { path: string; reason: string } {
  try {
    read()
  } catch (error) {
    if (!(error instanceof MetadataInvalidError)) throw error
    return { path: error.path, reason: error.reason }
  }
  throw new Error('accepted')
}
