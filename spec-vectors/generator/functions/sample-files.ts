/** A good file of each type with every field that section 4 names, to be changed at will. */
import type { SignedByType } from '../../../src/core/metadata/model.js'

/** JSON that may be changed in place. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** A file, so that the path of a field can be written as in the specification. */
export interface SampleFile {
  signed: Record<string, Json>
  signatures: Json
}

/** A key of the example in 4.3 and its keyid there, which is the calculated one (4.2.1). */
export const sampleKeyid = 'cb3fbd83df4ba2471a736b065650878280964a98843ec13b457a99b2a21cc3b4'
const samplePublic = '66dd78c5c2a78abc6fc6b267ff1a8017ba0e8bfc853dd97af351949bba021275'
/** Another one. */
export const otherKeyid = '1bf1c6e3cdd3d3a8420b19199e27511999850f4b376c4547b2f32fba7e80fca3'
const otherPublic = '72378e5bc588793e58f81c8533da64a2e8f1565c1fcc7f253496394ffc52542c'

const digest = '2b'.repeat(32)

/** A fresh copy of the good file of a type. */
export function sampleFile(type: keyof SignedByType): SampleFile {
  return {
    signatures: [{ keyid: sampleKeyid, sig: '3c'.repeat(64) }],
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
        keys: sampleKeys(),
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
        delegations: { keys: sampleKeys(), roles: [sampleRole()] },
      }
  }
}

/** A table of keys. */
export function sampleKeys(): { [name: string]: Json } {
  return { [sampleKeyid]: sampleKey() }
}

/** An entry of `keys`. */
export function sampleKey(): Json {
  return ed25519(samplePublic)
}

/** The key of {@link otherKeyid}. */
export function otherKey(): Json {
  return ed25519(otherPublic)
}

function ed25519(publicKey: string): Json {
  return { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: publicKey } }
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
  return { keyids: [sampleKeyid], threshold: 1 }
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
