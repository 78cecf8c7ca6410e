/** Every family of workflow vectors, in the order of section 5. */
import type { VectorFile } from '../../../src/vectors/format.js'
import { attacksFamily } from './attacks.js'
import { delegationsFamily } from './delegations.js'
import { formatsFamily } from './formats.js'
import { rootFamily } from './root.js'
import { snapshotFamily } from './snapshot.js'
import { storedFamily } from './stored.js'
import { tap12Family } from './tap12.js'
import { tap15Family } from './tap15.js'
import { tap21Family } from './tap21.js'
import { targetFilesFamily } from './target-files.js'
import { targetsFamily } from './targets.js'
import { timestampFamily } from './timestamp.js'

export async function workflowFamilies(): Promise<readonly VectorFile[]> {
  return [
    rootFamily(),
    timestampFamily(),
    snapshotFamily(),
    targetsFamily(),
    delegationsFamily(),
    targetFilesFamily(),
    storedFamily(),
    formatsFamily(),
    attacksFamily(),
    tap12Family(),
    tap15Family(),
    tap21Family(),
  ]
}
