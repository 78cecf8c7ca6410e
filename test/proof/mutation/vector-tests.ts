/** Every function vector as a test of its own, as the workflow vectors are in test/vectors. */
import { describe, expect, test } from '@jest/globals'
import { withMlDsa } from '../../../src/ml-dsa.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import { loadVectorFolder } from '../../../src/vectors/node/load-folder.js'
import { playVector } from '../../../src/vectors/runner.js'
import { functionClient } from '../../../src/vectors/tuffet-functions.js'

const client = { name: 'tuffet', functions: functionClient(withMlDsa(nodeCryptography)) }

for (const file of await loadVectorFolder(new URL('../../../spec-vectors/', import.meta.url))) {
  if (file.kind !== 'function') continue
  const { kind, family } = file
  describe(family, () => {
    test.each(file.vectors)('$id: $title', async (vector) => {
      const result = await playVector({ kind, family, vector }, client)
      expect(result).toMatchObject({ outcome: 'passed', id: vector.id, family })
    })
  })
}
