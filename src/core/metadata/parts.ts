/** The parts that several kinds of metadata share: keys, the keys of a role, hashes (4.2, 4.3). */
import { budget } from '../budget.js'
import type { JsonValue } from '../json/value.js'
import {
  arrayFrom,
  distinctStringsFrom,
  FieldRefusal,
  integerBetween,
  mapOf,
  objectFrom,
  required,
  stringFrom,
  within,
} from './fields.js'
import type { Key, RoleKeys } from './model.js'

const positive = integerBetween(1)

export function keysFrom(value: JsonValue): ReadonlyMap<string, Key> {
  return mapOf(value, keyFrom)
}

const keytypesRead = /^(?:ed25519|rsa|ecdsa(?:-sha2-nistp(?:256|384|521))?)$/

/** 4.2.2. A key of an unknown type may hold anything in `keyval`: it never counts. */
function keyFrom(value: JsonValue, keyid: string): Key {
  const object = objectFrom(value)
  const keytype = required(object, 'keytype', stringFrom)
  const scheme = required(object, 'scheme', stringFrom)
  const keyval = required(object, 'keyval', objectFrom)
  if (!keytypesRead.test(keytype)) {
    const given = Object.hasOwn(keyval, 'public') ? keyval['public'] : undefined
    return { keyid, keytype, scheme, public: typeof given === 'string' ? given : '' }
  }
  try {
    return { keyid, keytype, scheme, public: required(keyval, 'public', stringFrom) }
  } catch (error) {
    throw within('keyval', error)
  }
}

/** CVE-2026-23992: a threshold is at least 1. One above the number of keys is never met. */
export function roleKeysFrom(value: JsonValue): RoleKeys {
  const object = objectFrom(value)
  return {
    keyids: required(object, 'keyids', keyidsFrom),
    threshold: required(object, 'threshold', positive),
  }
}

function keyidsFrom(value: JsonValue): readonly string[] {
  if (arrayFrom(value).length > budget.roleKeys) {
    throw new FieldRefusal(`must contain at most ${budget.roleKeys} entries`)
  }
  return distinctStringsFrom(value)
}

export function hashesFrom(value: JsonValue): ReadonlyMap<string, string> {
  const hashes = mapOf(value, digestFrom)
  if (hashes.size === 0) throw new FieldRefusal('must name at least one hash')
  return hashes
}

const hexadecimal = /^(?:[0-9a-fA-F]{2})+$/

function digestFrom(value: JsonValue): string {
  const digest = stringFrom(value)
  if (!hexadecimal.test(digest)) throw new FieldRefusal('must be a hexadecimal digest')
  return digest.toLowerCase()
}
