/** That an entry is in a log: Merkle proof (RFC 9162, 2.1.3.2) up to a checkpoint. */
import { sameBytes } from '../../core/bytes.js'
import type { Cryptography } from '../../core/keys/cryptography.js'
import { refuse } from '../refuse.js'
import type { TrustedLog } from '../trusted-root.js'
import { joined } from '../x509/asn1.js'
import { verifiedCheckpoint } from './checkpoint.js'
import type { InclusionProof } from './material.js'

/** @throws AttestationError of the check `inclusion` */
export function checkInclusion(
  cryptography: Cryptography,
  body: Uint8Array,
  proof: InclusionProof,
  log: TrustedLog,
): void {
  const { treeSize, rootHash } = verifiedCheckpoint(cryptography, proof.checkpoint, log)
  if (treeSize !== proof.treeSize || !sameBytes(rootHash, proof.rootHash)) {
    refuse('inclusion', 'the proof is for another checkpoint')
  }
  const root = rootOf(cryptography, body, proof)
  if (root === undefined || !sameBytes(root, rootHash)) {
    refuse('inclusion', 'the entry is not in the log')
  }
}

/** The root that the proof leads to; undefined for too many hashes, or too few. */
function rootOf(
  cryptography: Cryptography,
  body: Uint8Array,
  { logIndex, treeSize, hashes }: InclusionProof,
): Uint8Array | undefined {
  if (logIndex >= treeSize) return undefined
  const node = (left: Uint8Array, right: Uint8Array): Uint8Array =>
    cryptography.hash('sha256', joined(Uint8Array.of(1), left, right))
  let hash = cryptography.hash('sha256', joined(Uint8Array.of(0), body))
  let index = logIndex
  let last = treeSize - 1
  for (const sibling of hashes) {
    if (last === 0) return undefined
    if (index % 2 === 1 || index === last) {
      hash = node(sibling, hash)
      while (index % 2 === 0 && index > 0) {
        index = index / 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = node(hash, sibling)
    }
    index = Math.floor(index / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? hash : undefined
}
