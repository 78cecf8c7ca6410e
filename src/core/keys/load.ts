/** Keys, ready to verify: decoded by `keys.ts`, and imported by the platform. */
import type { KeyReport } from '../../errors.js'
import type { Key } from '../metadata/model.js'
import type {
  Cryptography,
  DecodedKey,
  DigestRequest,
  UnusableKey,
  VerifySignature,
} from './cryptography.js'
import type { Digests } from './digests.js'
import { findScheme, type KeyOptions } from './keys.js'

/** A key that is ready to verify. */
export type LoadedKey =
  | {
      readonly verdict: 'ok'
      /** As in {@link DecodedKey}. */
      readonly identity: string
      /** The digest that a verdict takes, if one is taken in steps. */
      digestOf(message: Uint8Array, sigHex: string): DigestRequest | undefined
      /** The verdict on the signature `sigHex`, as in metadata, over `message`. */
      verify(
        message: Uint8Array,
        sigHex: string,
        digests?: Digests,
      ): Extract<
        KeyReport['verdict'],
        'signed' | 'empty-signature' | 'malformed-signature' | 'wrong-signature'
      >
    }
  | UnusableKey

// The memory of loadKey: a delegator of 16,384 bins names one key for all of them.
const loadedKeys = new WeakMap<Cryptography, WeakMap<Key, LoadedKey>>()

/** Reads and imports a key; once for each key object and platform. */
export function loadKey(key: Key, cryptography: Cryptography, options: KeyOptions = {}): LoadedKey {
  // Before the memory, which does not depend on the options.
  const scheme = findScheme(key, cryptography.keyKinds, options)
  if ('verdict' in scheme) return scheme

  let keys = loadedKeys.get(cryptography)
  if (keys === undefined) {
    keys = new WeakMap()
    loadedKeys.set(cryptography, keys)
  }
  let loaded = keys.get(key)
  if (loaded === undefined) {
    loaded = importKey(scheme.decode(key.public), cryptography)
    keys.set(key, loaded)
  }
  return loaded
}

function importKey(decoded: DecodedKey, cryptography: Cryptography): LoadedKey {
  if (decoded.verdict !== 'ok') return decoded
  let holds: VerifySignature
  try {
    const imported = cryptography.importKey(decoded.publicKey)
    holds = decoded.overDigest?.(imported, cryptography) ?? imported
  } catch {
    return { verdict: 'broken-key', reason: 'the platform refuses the public key' }
  }
  const { steps } = holds
  const requestOf = (message: Uint8Array, signature: Uint8Array): DigestRequest | undefined => {
    if (steps === undefined) return undefined
    const before = steps.before(signature)
    return { hash: steps.hash, parts: before.length === 0 ? [message] : [before, message] }
  }
  return {
    verdict: 'ok',
    identity: decoded.identity,
    digestOf(message, sigHex) {
      const signature = sigHex === '' ? undefined : decoded.decodeSignature(sigHex)
      return signature && requestOf(message, signature)
    },
    verify(message, sigHex, digests) {
      if (sigHex === '') return 'empty-signature'
      const signature = decoded.decodeSignature(sigHex)
      if (signature === undefined) return 'malformed-signature'
      const request = digests && requestOf(message, signature)
      const digest = request && digests.of(request, cryptography)
      const good = digest ? steps?.verify(digest, signature) : holds(message, signature)
      return good === true ? 'signed' : 'wrong-signature'
    },
  }
}
