import { getEventListeners } from 'node:events'
import { expect, test } from '@jest/globals'
import { inTime } from '../../src/client/in-time.js'

const never = (): Promise<never> => new Promise(() => undefined)

test('a call that ends in time gives its answer, and leaves no listener', async () => {
  const { signal } = new AbortController()
  const asked: AbortSignal[] = []
  const answer = await inTime({ timeout: 60_000, signal }, (own) => {
    asked.push(own)
    return Promise.resolve('done')
  })
  expect(answer).toBe('done')
  expect(asked[0]?.aborted).toBe(false)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('a call that fails throws its own error', async () => {
  const reason = new Error('no')
  const failing = (): Promise<never> => Promise.reject(reason)
  await expect(inTime({ timeout: 60_000, signal: undefined }, failing)).rejects.toBe(reason)
})

test('a call that does not answer is told to stop, and is not waited for', async () => {
  const asked: AbortSignal[] = []
  const task = inTime({ timeout: 5, signal: undefined }, (own) => {
    asked.push(own)
    return never()
  })
  await expect(task).rejects.toMatchObject({
    name: 'TimeoutError',
    message: 'no answer within 5 ms',
  })
  expect(asked[0]?.reason).toMatchObject({ name: 'TimeoutError' })
})

test("an abort ends the call with the application's reason, also before it begins", async () => {
  const controller = new AbortController()
  const { signal } = controller
  const asked: AbortSignal[] = []
  const begin = (own: AbortSignal): Promise<never> => {
    asked.push(own)
    return never()
  }
  const task = inTime({ timeout: 60_000, signal }, begin)
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(task).rejects.toBe(reason)
  expect(asked[0]?.reason).toBe(reason)
  await expect(inTime({ timeout: 60_000, signal }, begin)).rejects.toBe(reason)
  expect(asked).toHaveLength(1)
})
