/** Every family of workflow vectors, in the order of section 5. */
import type { VectorFile } from '../../../src/testing/vectors/format.js'
import { rootFamily } from './root.js'
import { snapshotFamily } from './snapshot.js'
import { targetsFamily } from './targets.js'
import { timestampFamily } from './timestamp.js'

export async function workflowFamilies(): Promise<readonly VectorFile[]> {
  return [rootFamily(), timestampFamily(), snapshotFamily(), targetsFamily()]
}
