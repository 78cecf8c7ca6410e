/**
 * The floor: a straight-line script that does only the unavoidable work of a client. It fetches,
 * calls JSON.parse, digests the path, and makes one native verification for each signature; it
 * makes no other check, accepts every file and writes no file. The cost of a client is a multiple
 * of it.
 */
import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { httpClient } from './http-by-hand.js'
import { canonicalBytes, signedBytes } from './signed-bytes.js'
import { readTask } from './task.js'
import { measureSection } from './usage.js'

interface File {
  readonly signed: {
    readonly version: number
    readonly meta: Record<string, { readonly version: number }>
    readonly targets: Record<string, unknown>
    readonly keys: Keys
    readonly delegations?: Delegations
  }
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
  /** The bytes under the signatures. */
  bytes: Uint8Array
}

type Keys = Record<string, { readonly keyval: { readonly public: string } }>

interface Delegations {
  readonly keys: Keys
  readonly roles: readonly { readonly name: string; readonly path_hash_prefixes: string[] }[]
  readonly succinct_roles?: { readonly bit_length: number; readonly name_prefix: string }
  /** All prefixes are equally long here: one look-up finds the role. */
  index?: { readonly names: Map<string, string>; readonly length: number }
}

const task = readTask()
const get = await httpClient(task.http ?? 'node:http')
const byScan = task.canonical !== 'objects'
const imported = new Map<string, KeyObject>()

const root = readEnvelope(readFileSync(task.root))
checkSignatures(root, root.signed.keys)
await get(`${task.metadataUrl}${root.signed.version + 1}.root.json`)
const timestamp = readEnvelope(await fetched('timestamp.json'))
checkSignatures(timestamp, root.signed.keys)
const snapshot = await load('snapshot', timestamp.signed.meta['snapshot.json']!.version)
checkSignatures(snapshot, root.signed.keys)
const targets = await load('targets', versionOf('targets'))
checkSignatures(targets, root.signed.keys)
const roles = new Map<string, File>([['targets', targets]])
if ((await find(task.find)) === undefined) throw new Error(`not found: ${task.find}`)
const { then } = task
if (then) {
  await measureSection(then.length, async () => {
    for (const path of then) await find(path)
  })
}

async function find(path: string): Promise<unknown> {
  const digest = hash('sha256', path)
  let role = targets
  for (;;) {
    const found = role.signed.targets[path]
    const { delegations } = role.signed
    if (found !== undefined || delegations === undefined) return found
    const name = delegateFor(delegations, digest)
    let delegated = roles.get(name)
    if (delegated === undefined) {
      delegated = await load(name, versionOf(name))
      checkSignatures(delegated, delegations.keys)
      roles.set(name, delegated)
    }
    role = delegated
  }
}

function delegateFor(delegations: Delegations, digest: string): string {
  const { succinct_roles: succinct } = delegations
  if (succinct) {
    const bin = Number.parseInt(digest.slice(0, 8), 16) >>> (32 - succinct.bit_length)
    const digits = Math.ceil(succinct.bit_length / 4)
    return `${succinct.name_prefix}-${bin.toString(16).padStart(digits, '0')}`
  }
  delegations.index ??= indexOf(delegations.roles)
  const { names, length } = delegations.index
  return names.get(digest.slice(0, length))!
}

function indexOf(delegated: Delegations['roles']): NonNullable<Delegations['index']> {
  const names = new Map<string, string>()
  for (const { name, path_hash_prefixes: prefixes } of delegated) {
    for (const prefix of prefixes) names.set(prefix, name)
  }
  return { names, length: delegated[0]!.path_hash_prefixes[0]!.length }
}

function versionOf(role: string): number {
  return snapshot.signed.meta[`${role}.json`]!.version
}

async function load(role: string, version: number): Promise<File> {
  const stored = task.filled ? readStored(role) : undefined
  return readEnvelope(stored ?? (await fetched(`${version}.${role}.json`)))
}

function readStored(role: string): Uint8Array | undefined {
  try {
    return readFileSync(`${task.store}/${role}.json`)
  } catch {
    return undefined
  }
}

async function fetched(name: string): Promise<Uint8Array> {
  const bytes = await get(`${task.metadataUrl}${name}`)
  if (bytes === undefined) throw new Error(`not there: ${name}`)
  return bytes
}

function readEnvelope(bytes: Uint8Array): File {
  const envelope: File = JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(),
  )
  envelope.bytes = byScan ? signedBytes(bytes) : canonicalBytes(envelope.signed)
  return envelope
}

function checkSignatures({ signatures, bytes }: File, keys: Keys): void {
  for (const { keyid, sig } of signatures) {
    let key = imported.get(keyid)
    if (key === undefined) {
      const x = Buffer.from(keys[keyid]!.keyval.public, 'hex').toString('base64url')
      key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
      imported.set(keyid, key)
    }
    if (!verify(null, bytes, key, Buffer.from(sig, 'hex'))) throw new Error('wrong signature')
  }
}
