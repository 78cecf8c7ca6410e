/**
 * Declared keys (4.2.2), looked up in the table of a platform. The algorithm comes from the trusted key
 * alone; key type, scheme and the key itself must agree. A key that cannot be used is a verdict, never
 * an error: it does not count, and the other keys still do.
 */
import type { Key } from '../metadata/model.js'
import { ecdsaKeys } from './ecdsa.js'
import { ed25519Keys } from './ed25519.js'
import type { KeyKind, KeyScheme, UnusableKey } from './cryptography.js'
import { rsaKeys } from './rsa.js'

/** Which keys are accepted beyond the default. */
export interface KeyOptions {
  /** Accept RSA PKCS #1 v1.5 (`rsa-pkcs1v15-sha256`, `-sha384`, `-sha512`). Default: false. */
  readonly pkcs1v15?: boolean | undefined
}

/** The kinds of keys that every platform verifies. */
export const keyKinds: readonly KeyKind[] = [ed25519Keys, ecdsaKeys, rsaKeys]

/** @internal The scheme that a key declares, if the table has it and it may be used. */
export function findScheme(
  { keytype, scheme }: Pick<Key, 'keytype' | 'scheme'>,
  kinds: readonly KeyKind[],
  options: KeyOptions,
): KeyScheme | UnusableKey {
  const name = `${keytype}/${scheme}`
  // A scheme may contain a slash (TAP 21): without this, part of it could stand in the key type.
  const kind = keytype.includes('/')
    ? undefined
    : kinds.find(({ schemes }) => Object.hasOwn(schemes, name))
  const found = kind?.schemes[name]
  if (found === undefined) {
    return unsupported(`key type and scheme ${JSON.stringify(name)} are not known`)
  }
  if (found.optional === true && options.pkcs1v15 !== true) {
    return unsupported('RSA PKCS #1 v1.5 is not accepted unless asked for')
  }
  return found
}

function unsupported(reason: string): UnusableKey {
  return { verdict: 'unsupported-key', reason }
}
