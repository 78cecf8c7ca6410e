/** Work that several callers wait for, and each may leave. */
import { getEventListeners } from 'node:events'
import { expect, test } from '@jest/globals'
import { SharedTasks } from '../../src/client/shared-task.js'

interface Started {
  readonly signal: AbortSignal
  readonly end: (value: string) => void
}

/** Work that ends when a test says so. */
function tasksOf(): {
  readonly started: Started[]
  readonly run: (signal?: AbortSignal) => Promise<string>
} {
  const tasks = new SharedTasks<string>()
  const started: Started[] = []
  const work = (signal: AbortSignal): Promise<string> =>
    new Promise((end) => started.push({ signal, end }))
  return { started, run: (signal) => tasks.run('key', work, signal) }
}

function listenersOf({ signal }: AbortController): number {
  return getEventListeners(signal, 'abort').length
}

test('a caller leaves nothing on its signal, whether the work ends or the caller gives up', async () => {
  const { started, run } = tasksOf()
  const [served, gone] = [new AbortController(), new AbortController()]
  const [first, second] = [run(served.signal), run(gone.signal)]
  expect([listenersOf(served), listenersOf(gone)]).toEqual([1, 1])
  const reason = new Error('enough')
  gone.abort(reason)
  expect(listenersOf(gone)).toBe(0)
  await expect(second).rejects.toBe(reason)
  started[0]?.end('done')
  expect(await first).toBe('done')
  expect(listenersOf(served)).toBe(0)
})

test('work that nobody waits for is aborted, and the next caller starts it anew', async () => {
  const { started, run } = tasksOf()
  const gone = new AbortController()
  const first = run(gone.signal)
  const reason = new Error('enough')
  gone.abort(reason)
  await expect(first).rejects.toBe(reason)
  expect(started[0]?.signal.reason).toBe(reason)
  const second = run()
  expect(started).toHaveLength(2)
  // The end of the abandoned work is not that of the new one.
  started[0]?.end('late')
  await Promise.resolve()
  const third = run()
  expect(started).toHaveLength(2)
  started[1]?.end('done')
  expect(await Promise.all([second, third])).toEqual(['done', 'done'])
})

test('an abort after the end does not touch the next work', async () => {
  const { started, run } = tasksOf()
  const late = new AbortController()
  const first = run(late.signal)
  started[0]?.end('first')
  expect(await first).toBe('first')
  const second = run()
  late.abort()
  const third = run()
  expect(started).toHaveLength(2)
  started[1]?.end('second')
  expect(await Promise.all([second, third])).toEqual(['second', 'second'])
})

test('work goes on while one caller waits, and each has its result or its failure', async () => {
  const { started, run } = tasksOf()
  const [gone, waiting] = [new AbortController(), new AbortController()]
  const [first, second] = [run(gone.signal), run(waiting.signal)]
  const reason = new Error('enough')
  gone.abort(reason)
  await expect(first).rejects.toBe(reason)
  await expect(run(gone.signal)).rejects.toBe(reason)
  expect(started).toHaveLength(1)
  expect(started[0]?.signal.aborted).toBe(false)
  started[0]?.end('done')
  expect(await second).toBe('done')

  const failure = new Error('failed')
  const failing = new SharedTasks<string>().run(
    'key',
    () => Promise.reject(failure),
    waiting.signal,
  )
  await expect(failing).rejects.toBe(failure)
  expect(listenersOf(waiting)).toBe(0)
})
