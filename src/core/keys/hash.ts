/**
 * Lengths and digests of files against the metadata that lists them (4.4, 4.5, 4.6). Every hash of
 * a known function must match; unknown functions are ignored.
 */

import { HashMismatchError, LengthMismatchError, type Place } from '../../errors.js'
import { encodeHex } from '../bytes.js'
import { hashNames, type Cryptography, type HashName } from './cryptography.js'
import type { Digests } from './digests.js'

/** The expected length and hashes of a file. `MetaFile` and `TargetFile` have this shape. */
export interface ExpectedFile {
  /** Bytes, exactly. Undefined where the metadata states none. */
  readonly length?: number | undefined
  /** Name → lower-case hexadecimal digest. Undefined where the metadata states none. */
  readonly hashes?: ReadonlyMap<string, string> | undefined
}

/** Checks a file that comes in pieces. */
export interface FileChecker {
  /** Throws LengthMismatchError (`ERR_TUF_LENGTH_MISMATCH`) at the first byte too many. */
  update(chunk: Uint8Array): void
  /**
   * Call once, after the last piece. Throws LengthMismatchError (`ERR_TUF_LENGTH_MISMATCH`) or
   * HashMismatchError (`ERR_TUF_HASH_MISMATCH`).
   */
  end(): void
}

/**
 * The hash function of `known` that `name` means in metadata, or undefined. `blake2b` is 64
 * bytes long in Python's hashlib and 32 in other writers' hands: the digest decides.
 */
export function resolveHash(
  name: string,
  hexDigest: string,
  known: readonly HashName[] = hashNames,
): HashName | undefined {
  // A digest of any other length is a known hash that never matches.
  const meant =
    name === 'blake2b' ? (hexDigest.length === 64 ? 'blake2b-256' : 'blake2b-512') : name
  return known.find((one) => one === meant)
}

/**
 * Checks a complete file. Throws LengthMismatchError (`ERR_TUF_LENGTH_MISMATCH`) or
 * HashMismatchError (`ERR_TUF_HASH_MISMATCH`), the latter also when hashes are listed and every
 * function is unknown: a file that cannot be checked is refused.
 *
 * @example
 * ```ts runs
 * import { checkBytes } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * const bytes = new TextEncoder().encode('a wheel')
 * checkBytes(bytes, { length: 7 }, { role: 'pkgs/a.whl', step: '5.7.3' }, nodeCryptography)
 * ```
 */
export function checkBytes(
  bytes: Uint8Array,
  expected: ExpectedFile,
  place: Place,
  cryptography: Cryptography,
): void {
  checkFile(bytes, expected, place, { cryptography })
}

/** @internal What computes a digest: the table, or before it the driver of a cycle. */
export interface Digesting {
  readonly cryptography: Cryptography
  readonly digests?: Digests | undefined
}

/** @internal {@link checkBytes} in a judgement. */
export function checkFile(
  bytes: Uint8Array,
  expected: ExpectedFile,
  place: Place,
  by: Digesting,
): void {
  checkLength(bytes.length, expected, place)
  const hashes = knownHashes(expected, place, by.cryptography)
  by.digests?.require(hashes.map(({ hash }) => ({ hash, parts: [bytes] })))
  for (const { name, hash, digest } of hashes)
    compare(name, digest, digestOf(hash, bytes, by), place)
}

/** @internal The digest of bytes that are all there. */
export function digestOf(
  hash: HashName,
  bytes: Uint8Array,
  { cryptography, digests }: Digesting,
): Uint8Array {
  const request = { hash, parts: [bytes] }
  digests?.require([request])
  return digests?.of(request, cryptography) ?? cryptography.hash(hash, bytes)
}

/**
 * The same check for a file that comes in pieces. Throws HashMismatchError
 * (`ERR_TUF_HASH_MISMATCH`) at once when hashes are listed and none of them is known.
 *
 * @example
 * ```ts
 * import { createChecker, type TargetFile } from 'tuffet/core'
 * import { nodeCryptography } from 'tuffet/node'
 *
 * // Throws at the first byte too many, or at the end.
 * async function check(target: TargetFile, chunks: AsyncIterable<Uint8Array>): Promise<void> {
 *   const checker = createChecker(target, { role: target.path, step: '5.7.3' }, nodeCryptography)
 *   for await (const chunk of chunks) checker.update(chunk)
 *   checker.end()
 * }
 * ```
 */
export function createChecker(
  expected: ExpectedFile,
  place: Place,
  cryptography: Cryptography,
): FileChecker {
  const hashes = knownHashes(expected, place, cryptography).map(({ name, hash, digest }) => ({
    name,
    digest,
    hasher: cryptography.createHasher(hash),
  }))
  let length = 0
  return {
    update(chunk) {
      length += chunk.length
      if (expected.length !== undefined && length > expected.length) {
        throw new LengthMismatchError(place, expected.length, length)
      }
      for (const { hasher } of hashes) hasher.update(chunk)
    },
    end() {
      checkLength(length, expected, place)
      for (const { name, digest, hasher } of hashes) compare(name, digest, hasher.digest(), place)
    },
  }
}

function knownHashes(
  expected: ExpectedFile,
  place: Place,
  cryptography: Cryptography,
): readonly { readonly name: string; readonly hash: HashName; readonly digest: string }[] {
  if (expected.hashes === undefined) return []
  const known = []
  for (const [name, digest] of expected.hashes) {
    const hash = resolveHash(name, digest, cryptography.hashNames)
    if (hash !== undefined) known.push({ name, hash, digest })
  }
  if (known.length === 0) throw new HashMismatchError(place, '', '', '')
  return known
}

function checkLength(actual: number, expected: ExpectedFile, place: Place): void {
  if (expected.length !== undefined && actual !== expected.length) {
    throw new LengthMismatchError(place, expected.length, actual)
  }
}

function compare(name: string, expected: string, digest: Uint8Array, place: Place): void {
  const actual = encodeHex(digest)
  if (actual !== expected) throw new HashMismatchError(place, name, expected, actual)
}

const utf8 = new TextEncoder()

/** The SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
export function digestText(text: string, cryptography: Cryptography): string {
  return encodeHex(cryptography.hash('sha256', utf8.encode(text)))
}
