import { describe, expect, test } from '@jest/globals'
import { PortedUpdater } from '../../../src/client/updater.js'
import { nodeCryptography } from '../../../src/node/cryptography.js'
import type { VectorClient } from '../../../src/vectors/client.js'
import { playVector } from '../../../src/vectors/runner.js'
import { startTuffet, type TuffetParts } from '../../../src/vectors/tuffet-workflow.js'
import { sampleWorkflows } from './sample-workflows.js'
import { workflowSample } from './sample-files.js'

function clientOf(change: Partial<TuffetParts> = {}): VectorClient {
  const parts: TuffetParts = {
    createUpdater: (options) => new PortedUpdater(options),
    cryptography: nodeCryptography,
    ...change,
  }
  return { name: 'tuffet', startWorkflow: (vector) => startTuffet(vector, parts) }
}

const samples = sampleWorkflows()

test.each(samples)('$id: $title', async (vector) => {
  const result = await playVector({ kind: 'workflow', family: 'samples', vector }, clientOf())
  expect(result).toMatchObject({ outcome: 'passed', id: vector.id, family: 'samples' })
})

describe("the library's result is reported unchanged", () => {
  const [cycle] = samples
  const [step] = cycle!.steps

  async function outcome(client: VectorClient, change: Partial<typeof cycle> = {}) {
    const session = await client.startWorkflow!({ ...cycle!, ...change })
    return session.run(step!)
  }

  test('with versions, requests and, for a refusal, the place and the message', async () => {
    expect(await outcome(clientOf())).toEqual({
      result: 'accepted',
      trusted: { root: 1, timestamp: 1, snapshot: 1, targets: 1, 'role/one': null },
      requests: ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json'],
    })
    const session = await clientOf().startWorkflow!(cycle!)
    expect(await session.run({ ...step!, time: '2027-06-01T00:00:00Z' })).toEqual({
      result: 'refused',
      step: '5.3.10',
      role: 'root',
      message: expect.stringContaining('expired'),
      trusted: { root: 1, timestamp: null, snapshot: null, targets: null, 'role/one': null },
      requests: ['2.root.json'],
    })
  })

  test('an error that is not a refusal is thrown', async () => {
    const createUpdater = () => ({ refresh: () => Promise.reject(new TypeError('a bug')) })
    await expect(outcome(clientOf({ createUpdater }))).rejects.toThrow('a bug')
  })

  test('an invalid time is an error of the vector', async () => {
    const session = await clientOf().startWorkflow!(workflowSample())
    await expect(session.run({ ...step!, time: 'noon' })).rejects.toThrow(RangeError)
  })
})
