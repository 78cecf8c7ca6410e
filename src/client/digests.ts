/**
 * The answer to a cycle that asks for digests: WebCrypto's, which browsers compute natively and
 * outside the page's thread. Where it cannot answer, the cycle computes them itself.
 */
import { judged } from '../core/cycle/judged.js'
import type { Cryptography, DigestRequest, HashName } from '../core/keys/cryptography.js'
import { checkFile, type ExpectedFile } from '../core/keys/hash.js'
import type { Place } from '../errors.js'

/** WebCrypto's names. */
const algorithms: { readonly [Name in HashName]?: string } = {
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
}

/**
 * Bytes of messages that WebCrypto has at one time, unless one alone is longer: each of a role's many
 * signatures copies the whole role.
 */
const mostAtOnce = 16_777_216

/** @internal Undefined for each that is left to the cycle. */
export async function answerDigests(
  requests: readonly DigestRequest[],
): Promise<readonly (Uint8Array | undefined)[]> {
  const answers: Promise<Uint8Array | undefined>[] = []
  let atOnce = 0
  for (const request of requests) {
    const length = lengthOf(request.parts)
    if (atOnce + length > mostAtOnce) {
      await Promise.all(answers)
      atOnce = 0
    }
    atOnce += length
    answers.push(digestOf(request))
  }
  return Promise.all(answers)
}

/**
 * @internal `checkBytes` for a complete file that may be large.
 *
 * @param bytes are judged as they are now: nothing that changes them meanwhile is noticed
 */
export async function checkWhole(
  bytes: Uint8Array,
  expected: ExpectedFile,
  place: Place,
  cryptography: Cryptography,
): Promise<void> {
  const check = judged({ cryptography }, (by) => checkFile(bytes, expected, place, by))
  let step = check.next()
  while (step.done !== true) {
    step = check.next('digest' in step.value ? await answerDigests(step.value.digest) : undefined)
  }
}

async function digestOf({ hash, parts }: DigestRequest): Promise<Uint8Array | undefined> {
  const algorithm = algorithms[hash]
  if (algorithm === undefined) return undefined
  const digest = async (): Promise<Uint8Array> =>
    new Uint8Array(await crypto.subtle.digest(algorithm, joined(parts)))
  // A page that is not secure lacks it.
  return digest().catch(() => undefined)
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((length, part) => length + part.length, 0)
}

function joined(parts: readonly Uint8Array[]): BufferSource {
  const whole = new Uint8Array(lengthOf(parts))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
