import { describe, expect, test } from '@jest/globals'
import { inParallel } from '../../src/client/in-parallel.js'

describe('work in parallel', () => {
  test('is bounded, and its results are in order', async () => {
    let running = 0
    let most = 0
    const results = []
    const work = async (item: number): Promise<number> => {
      running += 1
      most = Math.max(most, running)
      for (let i = 0; i < 10 - item; i++) await Promise.resolve()
      running -= 1
      return item * 2
    }
    for await (const result of inParallel([1, 2, 3, 4, 5, 6, 7], 3, work)) results.push(result)
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 14])
    expect(most).toBe(3)
  })

  test('stops when one task fails, and aborts the others', async () => {
    const aborted: number[] = []
    const work = (item: number, signal: AbortSignal): Promise<number> => {
      signal.addEventListener('abort', () => aborted.push(item))
      return item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item)
    }
    const run = async (): Promise<void> => {
      for await (const result of inParallel([1, 2, 3, 4, 5, 6], 3, work)) expect(result).toBe(1)
    }
    await expect(run()).rejects.toThrow('two')
    expect(aborted).toEqual([1, 2, 3, 4])
  })

  test('does not start after the signal was aborted', async () => {
    const work = (): Promise<never> => Promise.reject(new Error('started'))
    const results = inParallel([1], 1, work, AbortSignal.abort(new Error('before')))
    await expect(results.next()).rejects.toThrow('before')
  })

  test('is told of an abort, and of a reader that leaves', async () => {
    for (const leaves of [true, false]) {
      const controller = new AbortController()
      const given: AbortSignal[] = []
      const work = (_item: number, own: AbortSignal): Promise<void> => {
        given.push(own)
        return Promise.resolve()
      }
      const results = inParallel([1, 2, 3], 2, work, controller.signal)
      await results.next()
      expect(given.map(({ aborted }) => aborted)).toEqual([false, false])
      if (leaves) await results.return()
      else controller.abort()
      expect(given.map(({ aborted }) => aborted)).toEqual([true, true])
    }
  })

  test.each([0, 1.5])('of %d at a time is refused by name', async (most) => {
    const results = inParallel([1], most, () => Promise.resolve())
    await expect(results.next()).rejects.toThrow(/^concurrency is not an integer/)
  })
})
