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

/** @internal Undefined for each that is left to the cycle. */
export function answerDigests(
  requests: readonly DigestRequest[],
): Promise<readonly (Uint8Array | undefined)[]> {
  return Promise.all(requests.map(digestOf))
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
  try {
    return new Uint8Array(await crypto.subtle.digest(algorithm, joined(parts)))
  } catch {
    // A page that is not secure lacks it.
    return undefined
  }
}

function joined(parts: readonly Uint8Array[]): BufferSource {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
