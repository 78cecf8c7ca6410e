import { describe, expect, test } from '@jest/globals'
import {
  FetchNotFoundError,
  FetchTimeoutError,
  FetchTooLongError,
  HashMismatchError,
  LengthMismatchError,
} from '../../../src/errors.js'
import { CurrentView } from '../../../src/pypi/proxy/current-view.js'
import { IndexRepository } from '../index-repository.js'
import { updaterOf } from './asking.js'

const place = { role: 'simple/foo', step: '5.7.3' }
const { signal } = new AbortController()

function open(): { views: CurrentView; refreshes: () => number; clock: { now: number } } {
  const index = new IndexRepository()
  index.publish()
  const updater = updaterOf(index)
  const clock = { now: 0 }
  let refreshes = 0
  const views = new CurrentView({
    updater: {
      refresh(options) {
        refreshes++
        return updater.refresh(options)
      },
    },
    layout: index.layout,
    interval: undefined,
    clock: () => clock.now,
  })
  return { views, refreshes: () => refreshes, clock }
}

describe("a page that differs from the view's description", () => {
  test.each([
    ['differs in length', new LengthMismatchError(place, 1, 2)],
    ['differs in digest', new HashMismatchError(place, 'sha256', 'aa', 'bb')],
    ['does not end', new FetchTooLongError('https://index.test/simple/foo', 1)],
    ['is missing', new FetchNotFoundError('https://index.test/simple/foo', 404)],
  ])('is asked of a new view when it %s', async (_, error) => {
    const { views, refreshes } = open()
    let asked = 0
    const answer = await views.ask(async () => {
      if (asked++ === 0) throw error
      return 'new'
    }, signal)
    expect([answer, asked, refreshes()]).toEqual(['new', 2, 2])
  })

  test('brings another new view only after five seconds', async () => {
    const { views, refreshes, clock } = open()
    const refused = new HashMismatchError(place, 'sha256', 'aa', 'bb')
    const ask = (): Promise<never> => views.ask(() => Promise.reject(refused), signal)
    await expect(ask()).rejects.toBe(refused)
    expect(refreshes()).toBe(2)
    clock.now = 4_999
    await expect(ask()).rejects.toBe(refused)
    expect(refreshes()).toBe(2)
    clock.now = 5_000
    await expect(ask()).rejects.toBe(refused)
    expect(refreshes()).toBe(3)
  })

  test('does not ask for a new view when its server is slow', async () => {
    const { views, refreshes } = open()
    const slow = new FetchTimeoutError('https://index.test/simple/foo', 1)
    await expect(views.ask(() => Promise.reject(slow), signal)).rejects.toBe(slow)
    expect(refreshes()).toBe(1)
  })
})
