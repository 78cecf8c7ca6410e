/** Reads a key without a platform. */
import type { DecodedKey } from '../../src/core/keys/cryptography.js'
import { findScheme, keyKinds, type KeyOptions } from '../../src/core/keys/keys.js'
import { mlDsaKeys } from '../../src/core/keys/ml-dsa.js'
import type { Key } from '../../src/core/metadata/model.js'

export function decodeKey(key: Key, options: KeyOptions = {}): DecodedKey {
  const scheme = findScheme(key, [...keyKinds, mlDsaKeys], options)
  return 'verdict' in scheme ? scheme : scheme.decode(key.public)
}
