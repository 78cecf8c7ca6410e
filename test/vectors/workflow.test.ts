/** Every workflow vector, asked of this library in memory. */
import { describe, expect, test } from '@jest/globals'
import { PortedUpdater } from '../../src/client/updater.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { loadVectorFolder } from '../../src/vectors/node/load-folder.js'
import type { VectorClient } from '../../src/vectors/client.js'
import { playVector } from '../../src/vectors/runner.js'
import { startTuffet } from '../../src/vectors/tuffet-workflow.js'

const client: VectorClient = {
  name: 'tuffet',
  startWorkflow: (vector) =>
    startTuffet(vector, {
      createUpdater: (options) => new PortedUpdater(options),
      cryptography: nodeCryptography,
    }),
}

const files = await loadVectorFolder(new URL('../../spec-vectors/', import.meta.url))
const workflows = files.flatMap((file) => (file.kind === 'workflow' ? [file] : []))

test('there are workflow vectors', () => {
  expect(workflows.length).toBeGreaterThan(0)
})

for (const { family, kind, vectors } of workflows) {
  describe(family, () => {
    test.each(vectors)('$id: $title', async (vector) => {
      const result = await playVector({ kind, family, vector }, client)
      expect(result).toMatchObject({ outcome: 'passed', id: vector.id, family })
    })
  })
}
