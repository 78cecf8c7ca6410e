import { describe, expect, test } from '@jest/globals'
import { FetchNotFoundError } from '../../src/errors.js'
import { type TestRepository } from '../../src/testing/index.js'
import { clientOf } from '../support/client.js'
import { refusalOfTask } from '../support/refusal.js'
import { publishedWith } from '../support/published.js'

function published(consistentSnapshot = true): TestRepository {
  return publishedWith({ 'dev/a.txt': 'a' }, { consistentSnapshot })
}

/** At the request for a file, the repository publishes anew and deletes it, as PEP 458 allows. */
function vanishesWhenAsked(repo: TestRepository, name: string, again: string): void {
  let published = false
  repo.intercept((kind, asked) => {
    if (kind !== 'metadata' || asked !== name) return undefined
    if (!published) repo.publish(again)
    published = true
    return 'missing'
  })
}

describe('PEP 458: a file of the snapshot is no longer served', () => {
  test.each([
    ['1.snapshot.json', 'snapshot', '5.5.1', ['2.snapshot.json', '1.targets.json']],
    ['1.targets.json', 'targets', '5.6.1', ['2.snapshot.json', '2.targets.json']],
  ])('refresh starts again when %s is missing', async (name, role, step, others) => {
    const repo = published()
    const { updater, requested, events } = clientOf(repo)
    vanishesWhenAsked(repo, name, role)
    const view = await updater.refresh()
    expect(view.snapshot.version).toBe(2)
    const asked = requested()
    const restart = asked.indexOf(name) + 1
    expect(asked.slice(restart)).toEqual(['2.root.json', 'timestamp.json', ...others])
    const restarts = events.filter(({ type }) => type === 'restart')
    expect(restarts).toEqual([
      {
        type: 'restart',
        error: expect.objectContaining({ code: 'ERR_TUF_SNAPSHOT_GONE', role, step, file: name }),
      },
    ])
  })

  test('and only once: a permanently missing file is distinguished from a newer repository', async () => {
    const repo = published()
    const { updater, requested, fetcher } = clientOf(repo)
    expect(repo.attack.vanished('targets').step).toBe('5.6.1')
    const refreshing = updater.refresh()
    await expect(refreshing).rejects.toMatchObject({
      code: 'ERR_TUF_SNAPSHOT_GONE',
      role: 'targets',
      step: '5.6.1',
      file: '1.targets.json',
      url: `${fetcher.metadataUrl}1.targets.json`,
      cause: expect.any(FetchNotFoundError),
    })
    expect(requested()).toEqual([
      '2.root.json',
      'timestamp.json',
      '1.snapshot.json',
      '1.targets.json',
      '2.root.json',
      'timestamp.json',
      '1.targets.json',
    ])
    repo.attack.stop()
    expect((await updater.refresh()).targets.version).toBe(1)
  })

  test('an existing view says so, and stays as it was', async () => {
    const repo = published()
    const { updater, requested } = clientOf(repo)
    const view = await updater.refresh()
    repo.attack.vanished('dev')
    requested()
    await expect(view.find('dev/a.txt')).rejects.toMatchObject({
      code: 'ERR_TUF_SNAPSHOT_GONE',
      role: 'dev',
      step: '5.6.1',
      file: '1.dev.json',
    })
    expect(requested()).toEqual(['1.dev.json'])
    expect(await view.find('other')).toBeUndefined()
    repo.attack.stop()
    expect(await view.find('dev/a.txt')).toBeDefined()
  })

  test('a missing timestamp is a failure, not a reason to start again', async () => {
    const repo = published()
    const { updater, requested } = clientOf(repo)
    repo.attack.unavailable()
    expect(await refusalOfTask(updater.refresh())).toMatchObject({
      code: 'ERR_TUF_FETCH_NOT_FOUND',
      url: expect.stringMatching(/timestamp\.json$/),
    })
    expect(requested()).toEqual(['2.root.json', 'timestamp.json'])
  })

  test('6.2: without consistent snapshots a missing file is a failure', async () => {
    const repo = published(false)
    const { updater, requested } = clientOf(repo)
    repo.serve('snapshot.json', 'missing')
    expect(await refusalOfTask(updater.refresh())).toMatchObject({
      code: 'ERR_TUF_FETCH_NOT_FOUND',
    })
    expect(requested()).toEqual(['2.root.json', 'timestamp.json', 'snapshot.json'])
  })
})
