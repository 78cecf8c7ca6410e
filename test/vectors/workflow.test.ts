/** Every workflow vector, asked of this library in memory. */
import { describe, expect, test } from '@jest/globals'
import { PortedUpdater } from '../../src/client/updater.js'
import type { Cryptography } from '../../src/core/keys/cryptography.js'
import { withMlDsa } from '../../src/ml-dsa.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { loadVectorFolder } from '../../src/vectors/node/load-folder.js'
import type { VectorClient } from '../../src/vectors/client.js'
import { playVector } from '../../src/vectors/runner.js'
import { startTuffet } from '../../src/vectors/tuffet-workflow.js'
import { asking } from '../support/asking.js'

const clientWith = (cryptography: Cryptography): VectorClient => ({
  name: 'tuffet',
  startWorkflow: (vector) =>
    startTuffet(vector, { createUpdater: (options) => new PortedUpdater(options), cryptography }),
})

const files = await loadVectorFolder(new URL('../../spec-vectors/', import.meta.url))
const workflows = files.flatMap((file) => (file.kind === 'workflow' ? [file] : []))

test('there are workflow vectors', () => {
  expect(workflows.length).toBeGreaterThan(0)
})

describe.each([
  ['node', withMlDsa(nodeCryptography)],
  ['noble, which asks WebCrypto for every digest', withMlDsa(asking())],
])('with the cryptography of %s', (_, cryptography) => {
  const client = clientWith(cryptography)
  for (const { family, kind, vectors } of workflows) {
    describe(family, () => {
      test.each(vectors)('$id: $title', async (vector) => {
        const result = await playVector({ kind, family, vector }, client)
        expect(result).toMatchObject({ outcome: 'passed', id: vector.id, family })
      })
    })
  }
})
