import { describe, expect, test } from '@jest/globals'
import { type TestRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { publishedWith } from '../support/published.js'

function published(): TestRepository {
  return publishedWith({ 'a.txt': 'a' }, { consistentSnapshot: true })
}

/** At the first request for a file, before it is answered. */
function whenAsked(repo: TestRepository, name: string, act: () => void): void {
  let asked = false
  repo.intercept((kind, file) => {
    if (kind !== 'metadata' || file !== name || asked) return undefined
    asked = true
    act()
    return undefined
  })
}

describe('keys that are rotated during a cycle', () => {
  test.each([
    ['timestamp', 'timestamp.json'],
    ['snapshot', 'timestamp.json'],
    ['targets', 'timestamp.json'],
  ])('refresh starts again from the root when those of %s were', async (role, name) => {
    const repo = published()
    const { updater, requested, events } = clientOf(repo)
    whenAsked(repo, name, () => {
      repo.rotate(role)
      repo.publish('targets', 'snapshot')
    })
    const view = await updater.refresh()
    expect(view.root.version).toBe(2)
    expect(requested().filter((file) => file === '2.root.json')).toHaveLength(2)
    expect(events.filter(({ type }) => type === 'restart')).toEqual([
      {
        type: 'restart',
        error: expect.objectContaining({ code: 'ERR_TUF_THRESHOLD_NOT_MET', role }),
      },
    ])
  })

  test('a failure that repeats is reported after one more cycle', async () => {
    const repo = published()
    const { updater, requested, events } = clientOf(repo)
    repo.attack.forged('timestamp')
    expect(await refusalOfTask(updater.refresh())).toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'timestamp',
    })
    expect(requested()).toEqual(['2.root.json', 'timestamp.json', '2.root.json', 'timestamp.json'])
    expect(events.filter(({ type }) => type === 'restart')).toHaveLength(1)
  })

  test('a root below its threshold is refused at once', async () => {
    const repo = published()
    const { updater, requested } = clientOf(repo)
    repo.attack.forged('root')
    expect(await refusalOfTask(updater.refresh())).toMatchObject({
      code: 'ERR_TUF_THRESHOLD_NOT_MET',
      role: 'root',
    })
    expect(requested()).toEqual(['2.root.json'])
  })
})
