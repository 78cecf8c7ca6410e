/** A transparency log for tests: a small Merkle tree, checkpoints, promises of Rekor v1. */
import { sign, type KeyObject } from 'node:crypto'
import { encodeCanonical } from '../../../src/core/json/canonical.js'
import { sha256 } from './certificates.js'
import type { ProofJson } from './json.js'

const others = Array.from({ length: 6 }, (_, index) => Buffer.from(`{"other":${index}}`))

/** Where the entry is among the others. */
const position = 4

function leafHash(body: Uint8Array): Buffer {
  return sha256(Buffer.concat([Uint8Array.of(0), body]))
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([Uint8Array.of(1), left, right]))
}

/** RFC 9162, 2.1.1 and 2.1.3.1: the root, and the path of the leaf at `index`. */
function tree(leaves: readonly Buffer[], index: number): { root: Buffer; path: Buffer[] } {
  const [only] = leaves
  if (leaves.length === 1 && only) return { root: only, path: [] }
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1))
  const left = tree(leaves.slice(0, split), index)
  const right = tree(leaves.slice(split), index - split)
  const [inside, sibling] = index < split ? [left, right] : [right, left]
  return { root: nodeHash(left.root, right.root), path: [...inside.path, sibling.root] }
}

export interface LogFields {
  readonly origin: string
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
  /** SHA-256 of the public key. */
  readonly id: Buffer
}

/** A promise: the log's signature over entry, time and index. */
export function promiseOf(
  { privateKey, id }: LogFields,
  body: Uint8Array,
  integratedTime: number,
  logIndex: number,
): string {
  const signed = encodeCanonical({
    body: Buffer.from(body).toString('base64'),
    integratedTime,
    logID: id.toString('hex'),
    logIndex,
  })
  return sign('sha256', signed, privateKey).toString('base64')
}

export interface CheckpointFields {
  readonly firstLine?: string
  readonly name?: string
  readonly size?: number
  readonly root?: Buffer
  readonly keyId?: Buffer
}

function checkpointOf(
  { origin, privateKey, id }: LogFields,
  root: Buffer,
  size: number,
  fields: CheckpointFields = {},
): string {
  const { firstLine = origin, name = origin, keyId = id.subarray(0, 4) } = fields
  const hash = (fields.root ?? root).toString('base64')
  const text = `${firstLine}\n${fields.size ?? size}\n${hash}\n`
  const algorithm = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  const signature = sign(algorithm, Buffer.from(text), privateKey)
  return `${text}\n\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`
}

/** The proof that `body` is in the log, in the JSON of an entry. */
export function proofOf(
  log: LogFields,
  body: Uint8Array,
  fields: CheckpointFields = {},
): ProofJson {
  const leaves = [...others.slice(0, position), Buffer.from(body), ...others.slice(position)]
  const { root, path } = tree(leaves.map(leafHash), position)
  return {
    logIndex: String(position),
    rootHash: root.toString('base64'),
    treeSize: String(leaves.length),
    hashes: path.map((hash) => hash.toString('base64')),
    checkpoint: { envelope: checkpointOf(log, root, leaves.length, fields) },
  }
}
