/** A Merkle proof leads from the entry to the root of the log's own checkpoint (RFC 9162, 2.1.3.2). */
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { AttestationError } from '../../../src/errors.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { checkInclusion } from '../../../src/sigstore/log/inclusion.js'
import type { InclusionProof } from '../../../src/sigstore/log/material.js'
import { readSpki } from '../../../src/sigstore/x509/public-key.js'
import { sha256, spkiOf } from '../../support/sigstore/certificates.js'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const spki = spkiOf(publicKey)
const id = sha256(spki)
const log = { origin: 'log.test', id, key: readSpki(spki), validFor: { start: 0, end: Infinity } }

function bodyOf(index: number): Buffer {
  return Buffer.from(`entry ${index}`)
}

/** 2.1.1: the hash of the leaves from `start` on; splits at the greatest power of two below. */
function hashOf(start: number, count: number): Buffer {
  if (count === 1) return sha256(Buffer.concat([Uint8Array.of(0), bodyOf(start)]))
  const left = splitOf(count)
  return sha256(
    Buffer.concat([Uint8Array.of(1), hashOf(start, left), hashOf(start + left, count - left)]),
  )
}

function splitOf(count: number): number {
  let left = 1
  while (left * 2 < count) left *= 2
  return left
}

/** 2.1.3.1 */
function pathOf(index: number, start: number, count: number): Buffer[] {
  if (count === 1) return []
  const left = splitOf(count)
  return index < left
    ? [...pathOf(index, start, left), hashOf(start + left, count - left)]
    : [...pathOf(index - left, start + left, count - left), hashOf(start, left)]
}

function checkpointOf(size: number, root: Uint8Array): string {
  const text = `log.test\n${size}\n${Buffer.from(root).toString('base64')}\n`
  const signed = Buffer.concat([id.subarray(0, 4), sign(null, Buffer.from(text), privateKey)])
  return `${text}\n\u2014 log.test ${signed.toString('base64')}\n`
}

function proofOf(index: number, size: number): InclusionProof {
  const rootHash = hashOf(0, size)
  const checkpoint = checkpointOf(size, rootHash)
  return {
    ...{ logIndex: index, treeSize: size, hashes: pathOf(index, 0, size) },
    ...{ rootHash, checkpoint },
  }
}

/** Undefined: it is in the log. */
function refusal(body: Uint8Array, proof: InclusionProof): string | undefined {
  try {
    checkInclusion(nodeCryptography, body, proof, log)
    return undefined
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error
    expect(error.check).toBe('inclusion')
    return error.reason
  }
}

const missing = 'the entry is not in the log'
const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17]

describe.each(sizes)('in a log of %i entries', (size) => {
  const proofs = Array.from({ length: size }, (_, index) => proofOf(index, size))

  test('each entry is proved at its own index and at no other', () => {
    for (const [index, proof] of proofs.entries()) {
      expect(refusal(bodyOf(index), proof)).toBeUndefined()
      expect(refusal(bodyOf(index + 1), proof)).toBe(missing)
      for (let other = 0; other < size + 2; other++) {
        if (other === index) continue
        // A path of the same shape at another index: its hashes are of other places.
        expect(refusal(bodyOf(index), { ...proof, logIndex: other })).toBe(missing)
      }
    }
  })

  test('a proof with a hash too many or too few is refused', () => {
    for (const [index, proof] of proofs.entries()) {
      const { hashes } = proof
      for (const other of [
        [...hashes, Buffer.alloc(32)],
        [Buffer.alloc(32), ...hashes],
        ...(hashes.length > 0 ? [hashes.slice(1), hashes.slice(0, -1)] : []),
      ]) {
        expect(refusal(bodyOf(index), { ...proof, hashes: other })).toBe(missing)
      }
    }
  })

  test('a proof with a changed hash is refused', () => {
    for (const [index, proof] of proofs.entries()) {
      for (const at of proof.hashes.keys()) {
        const hashes = proof.hashes.with(at, Buffer.alloc(32))
        expect(refusal(bodyOf(index), { ...proof, hashes })).toBe(missing)
      }
    }
  })
})

test('a proof must be for the size and the root of its checkpoint', () => {
  const proof = proofOf(2, 5)
  const other = 'the proof is for another checkpoint'
  expect(refusal(bodyOf(2), { ...proof, treeSize: 6 })).toBe(other)
  expect(refusal(bodyOf(2), { ...proof, rootHash: Buffer.alloc(32) })).toBe(other)
  expect(refusal(bodyOf(2), { ...proof, checkpoint: checkpointOf(6, proof.rootHash) })).toBe(other)
  expect(refusal(bodyOf(2), { ...proof, checkpoint: proofOf(2, 6).checkpoint })).toBe(other)
})

test('a log cannot prove an entry that is below its only one', () => {
  const [leaf, sibling] = [hashOf(0, 1), hashOf(1, 1)]
  const rootHash = sha256(Buffer.concat([Uint8Array.of(1), sibling, leaf]))
  const checkpoint = checkpointOf(1, rootHash)
  const proof = { logIndex: 0, treeSize: 1, hashes: [sibling], rootHash, checkpoint }
  expect(refusal(bodyOf(0), proof)).toBe(missing)
})

test('a node of the tree is not an entry', () => {
  const { rootHash, checkpoint } = proofOf(0, 2)
  const node = Buffer.concat([hashOf(0, 1), hashOf(1, 1)])
  const proof = { logIndex: 0, treeSize: 2, hashes: [], rootHash, checkpoint }
  expect(refusal(node, proof)).toBe(missing)
  const alone = { ...proof, treeSize: 1, checkpoint: checkpointOf(1, rootHash) }
  expect(refusal(node, alone)).toBe(missing)
})

test('the root of one entry does not prove an index beyond it', () => {
  expect(refusal(bodyOf(0), proofOf(0, 1))).toBeUndefined()
  expect(refusal(bodyOf(0), { ...proofOf(0, 1), logIndex: 1 })).toBe(missing)
})
