import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, jest, test } from '@jest/globals'
import { createRepository } from '../../src/testing/index.js'
import { Channel } from '../../src/worker/channel.js'
import { closeAll, workerUpdater } from '../support/worker-updater.js'

afterEach(closeAll)

test('a thread forgets a view that nobody can ask any more', async () => {
  const repo = createRepository()
  repo.publish()
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const told = jest.spyOn(Channel.prototype, 'tell')
  const updater = workerUpdater(repo)
  await updater.refresh()
  for (let turn = 0; turn < 200 && told.mock.calls.length === 0; turn++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(told.mock.calls).toEqual([['release', [1]]])
  told.mockRestore()
})
