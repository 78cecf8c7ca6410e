import { getEventListeners } from 'node:events'
import { expect, test } from '@jest/globals'
import { Slots } from '../../src/client/slots.js'

const never = new AbortController().signal

test('a limited number run at once, and the others in the order of arrival', async () => {
  const slots = new Slots(2)
  const order: number[] = []
  let running = 0
  let most = 0
  await Promise.all(
    [1, 2, 3, 4, 5, 6].map(async (at) => {
      const leave = await slots.take(never)
      order.push(at)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      leave()
      leave()
    }),
  )
  expect([order, most]).toEqual([[1, 2, 3, 4, 5, 6], 2])
})

test('a slot that was given back is there for the next, and for no other', async () => {
  const slots = new Slots(1)
  for (let turn = 0; turn < 3; turn++) {
    const leave = await slots.take(never)
    const gone = new AbortController()
    const other = slots.take(gone.signal)
    gone.abort(new Error('full'))
    await expect(other).rejects.toThrow('full')
    leave()
  }
})

test('an abandoned slot goes to the next', async () => {
  const slots = new Slots(1)
  const leave = await slots.take(never)
  const gone = new AbortController()
  const first = slots.take(gone.signal)
  const second = slots.take(never)
  gone.abort(new Error('gone'))
  await expect(first).rejects.toThrow('gone')
  leave()
  await expect(second).resolves.toBeInstanceOf(Function)
  await expect(slots.take(gone.signal)).rejects.toThrow('gone')
})

test('a slot, or giving up, leaves nothing on the signal', async () => {
  const slots = new Slots(1)
  const [served, gone] = [new AbortController(), new AbortController()]
  const leave = await slots.take(never)
  const [first, second] = [slots.take(served.signal), slots.take(gone.signal)]
  gone.abort(new Error('gone'))
  await expect(second).rejects.toThrow('gone')
  leave()
  await first
  for (const { signal } of [served, gone]) expect(getEventListeners(signal, 'abort')).toEqual([])
})
