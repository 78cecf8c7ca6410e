/**
 * A log's signed statement of its size and root: a checkpoint (C2SP tlog-checkpoint) in a signed note.
 * The first line is compared with the names of logs that are trusted; no part of it is used as a pattern.
 */
import { decodeBase64, sameBytes } from '../../core/bytes.js'
import type { Cryptography } from '../../core/keys/cryptography.js'
import { sigstoreBudget } from '../budget.js'
import { refuse } from '../refuse.js'
import type { TrustedLog } from '../trusted-root.js'
import { holds } from '../x509/public-key.js'

/** A log's statement of its size and root. */
export interface Checkpoint {
  readonly treeSize: number
  readonly rootHash: Uint8Array
}

const utf8 = new TextEncoder()
// Each class ends before the next begins: no backtracking. U+2014 is the em dash of a note.
const signatureLine = /^\u2014 (?<name>[^\s+]+) (?<encoded>[A-Za-z0-9+/]+=*)$/

/**
 * The checkpoint, signed by `log` under the log's own name.
 *
 * @throws AttestationError of the check `inclusion`
 */
export function verifiedCheckpoint(
  cryptography: Cryptography,
  note: string,
  log: TrustedLog,
): Checkpoint {
  const split = note.indexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) refuse('inclusion', 'the checkpoint is not a signed note')
  const text = note.slice(0, split + 1)
  const [origin = '', size = '', root = ''] = text.split('\n')
  if (!isOriginOf(origin, log)) {
    refuse('inclusion', `the checkpoint is of another log than ${log.origin}`)
  }
  const treeSize = /^[1-9]\d{0,15}$/.test(size) ? Number(size) : NaN
  const rootHash = decodeBase64(root)
  if (!Number.isSafeInteger(treeSize) || rootHash?.length !== 32) {
    refuse('inclusion', 'the checkpoint lacks a size or a root hash')
  }
  checkSignature(cryptography, utf8.encode(text), note.slice(split + 2), log)
  return { treeSize, rootHash }
}

/** Rekor v1 adds the number of its tree to the name; v2 does not. */
function isOriginOf(line: string, { origin }: TrustedLog): boolean {
  if (line === origin) return true
  return line.startsWith(`${origin} - `) && /^\d{1,20}$/.test(line.slice(origin.length + 3))
}

/** One line of the log's name and key must hold; those of witnesses are skipped. */
function checkSignature(
  cryptography: Cryptography,
  text: Uint8Array,
  signatures: string,
  log: TrustedLog,
): void {
  const lines = signatures.slice(0, -1).split('\n')
  if (lines.length > sigstoreBudget.checkpointSignatures) {
    refuse('inclusion', 'the checkpoint carries too many signatures')
  }
  const keyId = log.id.subarray(0, 4)
  let found = false
  for (const line of lines) {
    const { name, encoded } = signatureLine.exec(line)?.groups ?? {}
    const bytes = encoded === undefined ? undefined : decodeBase64(encoded)
    if (bytes === undefined || bytes.length < 5) {
      refuse('inclusion', 'a signature line of the checkpoint is malformed')
    }
    if (name !== log.origin || !sameBytes(bytes.subarray(0, 4), keyId)) continue
    if (!holds(cryptography, log.key, text, bytes.subarray(4))) {
      refuse('inclusion', 'the signature of the checkpoint is wrong')
    }
    found = true
  }
  if (!found) refuse('inclusion', 'the checkpoint is not signed by its log')
}
