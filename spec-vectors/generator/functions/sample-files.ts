/** A good file of each type with every field that section 4 names, to be changed at will. */
import type { SignedByType } from '../../../src/core/metadata.js'

/** JSON that may be changed in place. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** A file, so that the path of a field can be written as in the specification. */
export interface SampleFile {
  signed: Record<string, Json>
  signatures: Json
}

const keyid = '1a'.repeat(32)
const digest = '2b'.repeat(32)

/** A fresh copy of the good file of a type. */
export function sampleFile(type: keyof SignedByType): SampleFile {
  return {
    signatures: [{ keyid, sig: '3c'.repeat(64) }],
    signed: {
      _type: type,
      spec_version: '1.0.34',
      version: 7,
      expires: '2030-01-01T00:00:00Z',
      ...fields(type),
    },
  }
}

function fields(type: keyof SignedByType): Record<string, Json> {
  switch (type) {
    case 'root':
      return {
        consistent_snapshot: true,
        keys: { [keyid]: sampleKey() },
        roles: {
          root: roleKeys(),
          timestamp: roleKeys(),
          snapshot: roleKeys(),
          targets: roleKeys(),
        },
      }
    case 'timestamp':
      return { meta: { 'snapshot.json': { version: 3, length: 100, hashes: { sha256: digest } } } }
    case 'snapshot':
      return {
        meta: {
          'targets.json': { version: 3 },
          'bins.json': { version: 4, length: 100, hashes: { sha256: digest } },
        },
      }
    case 'targets':
      return {
        targets: {
          'dir/file.txt': { length: 10, hashes: { sha256: digest }, custom: { note: [1, 'two'] } },
        },
        delegations: { keys: { [keyid]: sampleKey() }, roles: [sampleRole()] },
      }
  }
}

/** An entry of `keys`. */
export function sampleKey(): Json {
  return { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: '4d'.repeat(32) } }
}

/** An entry of `delegations.roles`. */
export function sampleRole(name = 'project'): { [name: string]: Json } {
  return { name, ...roleKeys(), terminating: false, paths: ['project/*'] }
}

/** The object `succinct_roles`. */
export function sampleSuccinct(): { [name: string]: Json } {
  return { ...roleKeys(), bit_length: 8, name_prefix: 'bin' }
}

function roleKeys(): { [name: string]: Json } {
  return { keyids: [keyid], threshold: 1 }
}

/** The field at a path of names and positions gets another value; `undefined` takes it away. */
export function withField(
  file: SampleFile,
  path: readonly (string | number)[],
  value: Json | undefined,
): SampleFile {
  const copy: SampleFile = structuredClone(file)
  const last = path.at(-1) ?? ''
  let place: unknown = copy
  for (const step of path.slice(0, -1)) place = memberOf(place, step)
  if (Array.isArray(place)) {
    place.splice(Number(last), 1, ...(value === undefined ? [] : [value]))
  } else if (typeof place === 'object' && place !== null) {
    if (value === undefined) Reflect.deleteProperty(place, last)
    else {
      const attributes = { value, configurable: true, enumerable: true, writable: true }
      Object.defineProperty(place, last, attributes)
    }
  } else throw new RangeError(`there is nothing at ${path.join('.')}`)
  return copy
}

function memberOf(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null) throw new RangeError(`no ${step}`)
  return Reflect.get(value, step)
}
