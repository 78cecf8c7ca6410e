/**
 * The signed part of each role (4.3 to 4.6), with the members in the order of the specification.
 */

import type { JsonObject, JsonValue } from '../core/json/value.js'
import { hashesOf } from './digests.js'
import type { PublishedFile } from './file-history.js'
import type { Authority, Edge, SuccinctEdge, TargetEntry } from './state.js'

/** The members of every `signed`. */
export interface Head {
  readonly specVersion: string
  readonly version: number
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** Another metadata file, as snapshot and timestamp list it. */
export interface Listed {
  readonly name: string
  readonly version: number
  /** Given if the role lists length and hashes. */
  readonly file: PublishedFile | undefined
}

/** 4.2.1: seconds and `Z`, without fractions. */
export function dateText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

export function rootSigned(
  head: Head,
  consistentSnapshot: boolean,
  authorities: Readonly<Record<string, Authority>>,
): JsonObject {
  return {
    ...start('root', head),
    consistent_snapshot: consistentSnapshot,
    keys: keyTable(Object.values(authorities)),
    roles: Object.fromEntries(
      Object.entries(authorities).map(([name, authority]) => [name, roleKeys(authority)]),
    ),
  }
}

/** Timestamp (4.6) and snapshot (4.4) differ in the files they list. */
export function listSigned(
  type: 'timestamp' | 'snapshot',
  head: Head,
  files: readonly Listed[],
): JsonObject {
  const meta = files.map(({ name, version, file }): [string, JsonValue] => {
    if (!file) return [name, { version }]
    const bytes = file.bytes()
    return [name, { version, length: bytes.length, hashes: hashesOf(bytes, ['sha256']) }]
  })
  return { ...start(type, head), meta: Object.fromEntries(meta) }
}

export function targetsSigned(
  head: Head,
  targets: Iterable<readonly [string, TargetEntry]>,
  edges: readonly Edge[] | undefined,
  succinct: SuccinctEdge | undefined,
): JsonObject {
  const listed: [string, JsonValue][] = []
  for (const [path, { length, hashes, custom }] of targets) {
    listed.push([path, { length, hashes, ...(custom && { custom }) }])
  }
  const signed = { ...start('targets', head), targets: Object.fromEntries(listed) }
  if (succinct) {
    const succinctRoles = {
      ...roleKeys(succinct),
      bit_length: succinct.bitLength,
      name_prefix: succinct.namePrefix,
    }
    const delegations = { keys: keyTable([succinct]), succinct_roles: succinctRoles }
    return { ...signed, delegations }
  }
  if (!edges) return signed
  return { ...signed, delegations: { keys: keyTable(edges), roles: edges.map(edgeJson) } }
}

function start(type: string, head: Head): JsonObject {
  return {
    _type: type,
    spec_version: head.specVersion,
    version: head.version,
    expires: dateText(head.expires),
  }
}

function edgeJson(edge: Edge): JsonObject {
  return {
    name: edge.name,
    ...roleKeys(edge),
    ...(edge.paths && { paths: edge.paths }),
    ...(edge.pathHashPrefixes && { path_hash_prefixes: edge.pathHashPrefixes }),
    terminating: edge.terminating,
  }
}

function roleKeys(authority: Authority): { keyids: string[]; threshold: number } {
  return {
    keyids: authority.signers.map((signer) => signer.keyid),
    threshold: authority.threshold,
  }
}

function keyTable(authorities: readonly Authority[]): JsonObject {
  const keys = new Map<string, JsonValue>()
  for (const { signers } of authorities) {
    for (const { keyid, key } of signers) keys.set(keyid, key)
  }
  return Object.fromEntries(keys)
}
