/** Every vector where WebAssembly does not exist, or may not be compiled: the exact road alone. */
import { expect, jest, test } from '@jest/globals'
import { loadVectorFolder } from '../../src/vectors/node/load-folder.js'

const folder = new URL('../../spec-vectors/', import.meta.url)

function RefusedModule(): never {
  refused += 1
  throw new Error('refused by the content security policy')
}

let refused = 0

test.each([
  ['is missing', undefined],
  ['is refused', { Module: RefusedModule }],
])('every vector passes where WebAssembly %s', async (_, platform) => {
  Object.defineProperty(globalThis, 'WebAssembly', {
    value: platform,
    configurable: true,
    writable: true,
  })
  jest.resetModules()
  const { readSorted } = await import('../../src/core/json/read.js')
  expect(readSorted(new TextEncoder().encode('{}'))).toBeUndefined()
  const { runVectors } = await import('../../src/vectors/runner.js')
  const { functionClient } = await import('../../src/vectors/tuffet-functions.js')
  const { startTuffet } = await import('../../src/vectors/tuffet-workflow.js')
  const { PortedUpdater } = await import('../../src/client/updater.js')
  const { nodeCryptography } = await import('../../src/node/cryptography.js')
  const { withMlDsa } = await import('../../src/ml-dsa.js')
  const cryptography = withMlDsa(nodeCryptography)
  const report = await runVectors(await loadVectorFolder(folder), {
    name: 'tuffet',
    functions: functionClient(cryptography),
    startWorkflow: (vector) =>
      startTuffet(vector, {
        createUpdater: (options) => new PortedUpdater(options),
        cryptography,
      }),
  })
  expect(report).toMatchObject({ failures: [], skips: [] })
  expect(report.passed).toBeGreaterThan(1000)
  // A policy reports each attempt: there is one for each program, the scanner's and BLAKE2b's.
  expect(refused).toBe(platform === undefined ? 0 : 2)
})
