import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { systemClock } from '../../src/client/clock.js'
import { Turns } from '../../src/client/turns.js'
import { createRepository, type TestRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'
import { manualClock } from '../support/manual-clock.js'

/** As many roles as a search may visit, none of which lists the path. */
function wide(): TestRepository {
  const repo = createRepository()
  for (let index = 0; index < 40; index++) {
    repo.delegate('targets', { name: `role-${index}`, paths: ['x'] })
  }
  repo.publish()
  return repo
}

/** A clock that moves on by so many milliseconds at each look. */
function clockIn(steps: number): void {
  let now = 0
  jest.spyOn(systemClock, 'now').mockImplementation(() => (now += steps))
}

/** How often another task ran until `work` was done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let done = false
  const turn = (): void => {
    turns += 1
    if (!done) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  done = true
  return turns
}

afterEach(() => {
  jest.restoreAllMocks()
})

describe('work that never waits', () => {
  test('lets other tasks run between two files, when each takes its time', async () => {
    const repo = wide()
    clockIn(20)
    const client = clientOf(repo)
    expect(await turnsDuring(() => client.updater.refresh())).toBeGreaterThanOrEqual(4)
    const view = await client.updater.refresh()
    expect(await turnsDuring(() => view.find('x'))).toBeGreaterThanOrEqual(40)
    // All roles are in memory now: the pauses are the search's own.
    client.requested()
    expect(await turnsDuring(() => view.find('x'))).toBeGreaterThanOrEqual(40)
    expect(client.requested()).toEqual([])
  })

  test('does not pause while it is quick', async () => {
    const repo = wide()
    clockIn(0)
    const view = await clientOf(repo).updater.refresh()
    await view.find('x')
    expect(await turnsDuring(() => view.find('x'))).toBeLessThan(3)
  })

  test('notices an abort between two files', async () => {
    const repo = wide()
    clockIn(20)
    const client = clientOf(repo)
    const view = await client.updater.refresh()
    const controller = new AbortController()
    setImmediate(() => controller.abort(new Error('enough')))
    client.requested()
    await expect(view.find('x', { signal: controller.signal })).rejects.toThrow('enough')
    expect(client.requested().length).toBeLessThan(10)
  })
})

test('a turn is over after 16 milliseconds, and a pause begins the next one', async () => {
  const clock = manualClock()
  await clock.pass(1_000)
  const turns = new Turns(clock)
  await clock.pass(15)
  expect(turns.isOver).toBe(false)
  await clock.pass(1)
  expect(turns.isOver).toBe(true)
  const paused = turns.pause()
  await clock.pass(0)
  await paused
  expect(turns.isOver).toBe(false)
})
