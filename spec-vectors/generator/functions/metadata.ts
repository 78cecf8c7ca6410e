/** Which files are metadata of a type (section 4): every field of every role in wrong shapes. */
import type { VectorFile } from '../../../src/vectors/format.js'
import { functionFamily } from '../write.js'
import { common } from './metadata-common.js'
import { delegations } from './metadata-delegations.js'
import { envelope } from './metadata-envelope.js'
import { keys } from './metadata-keys.js'
import { listings } from './metadata-listings.js'
import { root } from './metadata-root.js'
import { succinct } from './metadata-succinct.js'
import { targets } from './metadata-targets.js'

/** The family `metadata`. */
export function metadataFamily(): VectorFile {
  return functionFamily(
    'metadata',
    'Is `document` (a body) a file of the type `type` (root, timestamp, snapshot or targets) as section 4 describes it? Signatures and expiry are not checked, and no other file is compared.',
    [
      ...envelope(),
      ...common(),
      ...keys(),
      ...root(),
      ...listings(),
      ...targets(),
      ...delegations(),
      ...succinct(),
    ],
  )
}
