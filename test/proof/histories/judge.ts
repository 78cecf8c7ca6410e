/**
 * A second opinion on everything that a client accepted, written from the specification alone: it reads files with
 * `JSON.parse`, verifies with node:crypto, and shares no code with the client.
 */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'

export interface Signed {
  readonly _type: string
  readonly version: number
  readonly expires: string
  readonly consistent_snapshot?: boolean
  readonly keys?: Keys
  readonly roles?: Readonly<Record<string, RoleKeys>>
  readonly meta?: Readonly<Record<string, Listed>>
  readonly targets?: Readonly<Record<string, Listed>>
  readonly delegations?: { readonly keys: Keys; readonly roles?: readonly Delegation[] }
}

interface Delegation extends RoleKeys {
  readonly name: string
  readonly paths?: readonly string[]
  readonly path_hash_prefixes?: readonly string[]
  readonly terminating: boolean
}

type Keys = Readonly<Record<string, { readonly keyval: { readonly public: string } }>>

interface RoleKeys {
  readonly keyids: readonly string[]
  readonly threshold: number
}

interface Listed {
  readonly version?: number
  readonly length?: number
  readonly hashes?: Readonly<Record<string, string>>
}

interface File {
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
  readonly signed: Signed
}

export type Entries = ReadonlyMap<string, Uint8Array>

const keyObjects = new Map<string, KeyObject>()
const verified = new Map<string, boolean>()

function read(bytes: Uint8Array): File {
  const parse: (text: string) => File = JSON.parse
  return parse(new TextDecoder().decode(bytes))
}

/** Undefined: there are no such bytes, or they are not a file. */
export function readSigned(bytes: Uint8Array | undefined): Signed | undefined {
  try {
    return bytes && read(bytes).signed
  } catch {
    return undefined
  }
}

/** Whether a threshold of distinct keys signed. */
function isSignedBy(bytes: Uint8Array, keys: Keys, role: RoleKeys | undefined): boolean {
  if (!role) return false
  const { signatures, signed } = read(bytes)
  const message = canonical(signed)
  const good = new Set<string>()
  for (const { keyid, sig } of signatures) {
    const key = keys[keyid]?.keyval.public
    if (key !== undefined && role.keyids.includes(keyid) && isGood(key, message, sig)) good.add(key)
  }
  return role.threshold >= 1 && good.size >= role.threshold
}

export function isVouchedByRoot(bytes: Uint8Array, root: Signed, role: string): boolean {
  return isSignedBy(bytes, root.keys ?? {}, root.roles?.[role])
}

function isGood(key: string, message: string, sig: string): boolean {
  const id = createHash('sha256').update(`${key} ${sig} ${message}`).digest('hex')
  const known = verified.get(id)
  if (known !== undefined) return known
  let object = keyObjects.get(key)
  if (!object) {
    const x = Buffer.from(key, 'hex').toString('base64url')
    object = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    keyObjects.set(key, object)
  }
  const good = verify(null, Buffer.from(message), object, Buffer.from(sig, 'hex'))
  verified.set(id, good)
  return good
}

/** OLPC form of the files of these repositories, whose names and texts are ASCII. */
function canonical(value: unknown): string {
  if (typeof value === 'string') return `"${value.replaceAll(/[\\"]/g, '\\$&')}"`
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, one]) => `${canonical(name)}:${canonical(one)}`).join(',')}}`
}

/** The chain of roots that a store holds, from version 1: each signed by the one before and itself. */
export function rootChain(entries: Entries, anchor: Uint8Array): readonly Signed[] {
  const chain = [read(anchor).signed]
  for (;;) {
    const last = chain.at(-1)!
    const bytes = entries.get(`root_history/${last.version + 1}.root.json`)
    const next = readSigned(bytes)
    if (!bytes || next?.version !== last.version + 1 || next._type !== 'root') return chain
    if (!isVouchedByRoot(bytes, last, 'root') || !isVouchedByRoot(bytes, next, 'root')) return chain
    chain.push(next)
  }
}

/** Why a store is not one that an accepted cycle at `now` may leave, one line for each reason. */
export function faultsOf(entries: Entries, anchor: Uint8Array, now: number): string[] {
  const faults: string[] = []
  const chain = rootChain(entries, anchor)
  const root = chain.at(-1)!
  for (const name of entries.keys()) {
    const version = /^root_history\/(\d+)\.root\.json$/.exec(name)?.[1]
    if (version !== undefined && Number(version) > root.version) {
      faults.push(`${name} is stored without a threshold of both roots' keys`)
    }
  }
  const fresh = (signed: Signed, name: string): void => {
    if (Date.parse(signed.expires) <= now) faults.push(`${name} expired at ${signed.expires}`)
  }
  fresh(root, 'root')
  let listing: Signed | undefined
  for (const [role, by] of [
    ['timestamp', undefined],
    ['snapshot', 'snapshot.json'],
    ['targets', 'targets.json'],
  ] as const) {
    const bytes = entries.get(`${role}.json`)
    const signed = readSigned(bytes)
    if (!bytes || !signed) return [...faults, `${role} is not stored`]
    if (signed._type !== role) faults.push(`${role} is of type ${signed._type}`)
    if (!isVouchedByRoot(bytes, root, role)) faults.push(`${role} lacks a threshold of root's keys`)
    fresh(signed, role)
    if (by !== undefined) faults.push(...mismatches(role, bytes, listing?.meta?.[by]))
    listing = signed
  }
  return faults
}

function mismatches(role: string, bytes: Uint8Array, listed: Listed | undefined): string[] {
  if (!listed) return [`${role} is not listed`]
  const { version } = read(bytes).signed
  return [
    ...(version === listed.version ? [] : [`${role} is ${version}, not ${listed.version}`]),
    ...contentFaults(role, bytes, listed),
  ]
}

function contentFaults(name: string, bytes: Uint8Array, listed: Listed): string[] {
  const { length = bytes.length, hashes = {} } = listed
  const faults = length === bytes.length ? [] : [`${name} is ${bytes.length} bytes long`]
  for (const [hash, digest] of Object.entries(hashes)) {
    if (createHash(hash).update(bytes).digest('hex') !== digest)
      faults.push(`${name}: other ${hash}`)
  }
  return faults
}

/** The versions below which nothing may go, while the root of `entries` vouches for its files. */
export interface Floor {
  readonly timestamp: number
  readonly snapshot: number
  readonly roles: ReadonlyMap<string, number>
}

const noFloor: Floor = { timestamp: 0, snapshot: 0, roles: new Map() }

/** 5.3.11: keys that were rotated away take their floors along. */
export function floorOf(entries: Entries, root: Signed): Floor {
  const [timestamp, snapshot] = [entries.get('timestamp.json'), entries.get('snapshot.json')]
  const isLost = (bytes: Uint8Array | undefined, role: string): boolean =>
    bytes !== undefined && !isVouchedByRoot(bytes, root, role)
  if (isLost(timestamp, 'timestamp') || isLost(snapshot, 'snapshot')) return noFloor
  const stamped = readSigned(timestamp)
  const listed = readSigned(snapshot)
  return {
    timestamp: stamped?.version ?? 0,
    snapshot: Math.max(stamped?.meta?.['snapshot.json']?.version ?? 0, listed?.version ?? 0),
    roles: new Map(
      Object.entries(listed?.meta ?? {}).map(([name, { version = 0 }]) => [name, version]),
    ),
  }
}

/** Versions below the floor, one line each. */
export function belowFloor(floor: Floor, timestamp: Signed, snapshot: Signed): string[] {
  const faults: string[] = []
  const atLeast = (name: string, version: number, least: number): void => {
    if (version < least) faults.push(`${name} fell from ${least} to ${version}`)
  }
  atLeast('timestamp', timestamp.version, floor.timestamp)
  atLeast('snapshot', snapshot.version, floor.snapshot)
  for (const [name, least] of floor.roles) atLeast(name, snapshot.meta?.[name]?.version ?? 0, least)
  return faults
}

/**
 * Whether stored files allow `bytes` as the target `path`: a search of the stored roles, in the
 * order of 5.6.7. Patterns of these repositories are whole folders.
 */
export function targetFaults(
  entries: Entries,
  path: string,
  bytes: Uint8Array,
  now: number,
): string[] {
  const digest = createHash('sha256').update(path).digest('hex')
  const snapshot = readSigned(entries.get('snapshot.json'))
  const seen = new Set<string>()
  const search = (role: string, keys: Keys, by: RoleKeys | undefined): string[] | undefined => {
    if (seen.has(role)) return undefined
    seen.add(role)
    const file = entries.get(`${encodeURIComponent(role)}.json`)
    const signed = readSigned(file)
    if (!file || !signed) return [`${role} is not stored`]
    if (by && !isSignedBy(file, keys, by))
      return [`${role} lacks a threshold of its delegator's keys`]
    if (Date.parse(signed.expires) <= now) return [`${role} expired at ${signed.expires}`]
    const wrong = mismatches(role, file, snapshot?.meta?.[`${role}.json`])
    if (wrong.length > 0) return wrong
    const listed = signed.targets?.[path]
    if (listed) return contentFaults(path, bytes, listed)
    for (const edge of signed.delegations?.roles ?? []) {
      const mayList =
        edge.path_hash_prefixes?.some((prefix) => digest.startsWith(prefix)) ??
        edge.paths?.some((one) => one.endsWith('/*') && path.startsWith(one.slice(0, -1)))
      if (mayList !== true) continue
      const found = search(edge.name, signed.delegations?.keys ?? {}, edge)
      if (found || edge.terminating) return found ?? [`${path} is not listed`]
    }
    return undefined
  }
  return search('targets', {}, undefined) ?? [`${path} is not listed`]
}
