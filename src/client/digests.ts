/**
 * The answer to a cycle that asks for digests: WebCrypto's, which browsers compute natively and
 * outside the page's thread. Where it cannot answer, the cycle computes them itself.
 */
import type { DigestRequest, HashName } from '../core/keys/cryptography.js'

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
