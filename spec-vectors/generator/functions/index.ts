/** Every family of function vectors, in the order of section 4. */
import type { VectorFile } from '../../../src/vectors/format.js'
import { canonicalJsonFamily } from './canonical-json.js'
import { datesFamily } from './dates.js'
import { hashBinsFamily } from './hash-bins.js'
import { hashesFamily } from './hashes.js'
import { jsonFamily } from './json.js'
import { keyidsFamily } from './keyids.js'
import { mapFilesFamily } from './map-files.js'
import { metadataFamily } from './metadata.js'
import { namesFamily } from './names.js'
import { pathPatternsFamily } from './path-patterns.js'
import { mlDsaFamily } from './signatures-ml-dsa.js'
import { ecdsaFamily } from './signatures-ecdsa.js'
import { ed25519Family } from './signatures-ed25519.js'
import { rsaFamily } from './signatures-rsa.js'
import { specVersionFamily } from './spec-version.js'
import { thresholdFamily } from './threshold.js'

export function functionFamilies(): readonly VectorFile[] {
  return [
    jsonFamily(),
    canonicalJsonFamily(),
    metadataFamily(),
    keyidsFamily(),
    ed25519Family(),
    ecdsaFamily(),
    rsaFamily(),
    mlDsaFamily(),
    thresholdFamily(),
    datesFamily(),
    specVersionFamily(),
    hashesFamily(),
    pathPatternsFamily(),
    hashBinsFamily(),
    namesFamily(),
    mapFilesFamily(),
  ]
}
