import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test } from '@jest/globals'
import { WorkerEndedError } from '../../src/errors.js'
import type { Store } from '../../src/index.js'
import { createRepository } from '../../src/testing/index.js'
import type { TestRepository } from '../../src/testing/index.js'
import {
  closeAll,
  packagedWorker,
  rejectionOf,
  urls,
  workerUpdater,
} from '../support/worker-updater.js'

afterEach(closeAll)

function repository(): TestRepository {
  const repo = createRepository()
  repo.addTarget('a.whl', 'a wheel')
  repo.publish()
  return repo
}

/** A fetcher that never answers, and says when it was asked. */
function silent(): { fetch: () => Promise<never>; asked: Promise<void> } {
  let ask: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (ask = resolve))
  return {
    asked,
    fetch: () => {
      ask()
      return new Promise(() => undefined)
    },
  }
}

function exited(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => worker.once('exit', resolve))
}

describe('a signal', () => {
  test('ends the waiting with its reason, and the thread works on', async () => {
    const repo = repository()
    const inner = repo.fetcher(urls)
    const { asked, fetch } = silent()
    let hangs = true
    const fetcher: typeof inner = {
      ...inner,
      requests: inner.requests,
      fetch: (request) => (hangs ? fetch() : inner.fetch(request)),
    }
    const updater = workerUpdater(repo, { fetcher })
    const controller = new AbortController()
    const refreshing = updater.refresh({ signal: controller.signal })
    await asked
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await rejectionOf(refreshing)).toBe(reason)
    hangs = false
    expect((await updater.refresh()).now).toBe(repo.now)
  })

  test('that is aborted already makes no request', async () => {
    const repo = repository()
    const fetcher = repo.fetcher(urls)
    const updater = workerUpdater(repo, { fetcher })
    const reason = new Error('never')
    const signal = AbortSignal.abort(reason)
    expect(await rejectionOf(updater.refresh({ signal }))).toBe(reason)
    expect(fetcher.requests).toEqual([])
  })
})

describe('a worker that ends', () => {
  test.each([
    ['throws', 'throw new RangeError("broken")', { name: 'RangeError', message: 'broken' }],
    ['exits', 'process.exit(3)', { message: 'the thread ended with code 3' }],
    ['is not there', undefined, { code: 'MODULE_NOT_FOUND' }],
  ])('because it %s is an error with its cause', async (_name, code, cause) => {
    const worker =
      code === undefined
        ? new Worker(new URL('absent.mjs', import.meta.url))
        : new Worker(code, { eval: true })
    const error = await rejectionOf(workerUpdater(repository(), { worker }).refresh())
    expect(error).toBeInstanceOf(WorkerEndedError)
    expect(error).toMatchObject({ code: 'ERR_TUF_WORKER_ENDED', closed: false, cause })
  })

  test('ends every call that waits, every later one, and the requests it made', async () => {
    const worker = packagedWorker()
    let signal: AbortSignal | undefined
    let ask: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (ask = resolve))
    const fetcher = {
      fetch: (request: { signal: AbortSignal }) => {
        signal = request.signal
        ask()
        return new Promise<never>(() => undefined)
      },
    }
    const updater = workerUpdater(repository(), { worker, fetcher })
    const waiting = rejectionOf(updater.refresh())
    await asked
    await worker.terminate()
    expect(await waiting).toBeInstanceOf(WorkerEndedError)
    expect(await rejectionOf(updater.refresh())).toBe(await waiting)
    expect(signal?.aborted).toBe(true)
    await updater.close()
  })
})

describe('a worker that ends in a commit', () => {
  test('leaves the lock of the store when its write has ended', async () => {
    const worker = packagedWorker()
    const steps: string[] = []
    let unlock: () => void = () => undefined
    const unlocked = new Promise<void>((resolve) => (unlock = resolve))
    const store: Store = {
      get: () => Promise.resolve(undefined),
      delete: () => Promise.resolve(),
      set: async (entry) => {
        if (entry !== 'timestamp.json') return
        await worker.terminate()
        await new Promise((resolve) => setTimeout(resolve, 100))
        steps.push('written')
      },
      exclusive: async (commit) => {
        try {
          return await commit()
        } finally {
          if (worker.threadId === -1) {
            steps.push('unlocked')
            unlock()
          }
        }
      },
    }
    const error = await rejectionOf(workerUpdater(repository(), { worker, store }).refresh())
    expect(error).toBeInstanceOf(WorkerEndedError)
    await unlocked
    expect(steps).toEqual(['written', 'unlocked'])
  })
})

describe('close', () => {
  test('ends the thread, and every call that waits', async () => {
    const worker = packagedWorker()
    const gone = exited(worker)
    const { asked, fetch } = silent()
    const updater = workerUpdater(repository(), { worker, fetcher: { fetch } })
    const waiting = rejectionOf(updater.refresh())
    await asked
    await Promise.all([updater.close(), updater.close()])
    expect(await waiting).toMatchObject({ code: 'ERR_TUF_WORKER_ENDED', closed: true })
    expect(await rejectionOf(updater.refresh())).toBe(await waiting)
    await gone
  })

  test('lets a write to the store finish before the lock of the store', async () => {
    let begin: () => void = () => undefined
    const writing = new Promise<void>((resolve) => (begin = resolve))
    const steps: string[] = []
    const store: Store = {
      get: () => Promise.resolve(undefined),
      delete: () => Promise.resolve(),
      set: async (entry) => {
        if (entry !== 'timestamp.json') return
        begin()
        await new Promise((resolve) => setTimeout(resolve, 100))
        steps.push('written')
      },
      exclusive: async (commit) => {
        try {
          return await commit()
        } finally {
          if (steps.length > 0) steps.push('unlocked')
        }
      },
    }
    const updater = workerUpdater(repository(), { store })
    const refreshing = rejectionOf(updater.refresh())
    await writing
    await updater.close()
    expect(steps.slice(0, 2)).toEqual(['written', 'unlocked'])
    expect(await refreshing).toBeInstanceOf(WorkerEndedError)
  })
})

describe('close in a commit', () => {
  test('writes nothing after the lock of the store was left', async () => {
    let isLocked = false
    const changes: string[] = []
    let close: () => void = () => undefined
    const closing = new Promise<void>((resolve) => (close = resolve))
    const store: Store = {
      get: async (entry) => {
        // The last one before the change: the answer is on its way to the thread.
        if (isLocked && entry === 'root_history/2.root.json') setImmediate(close)
        return undefined
      },
      delete: () => Promise.resolve(),
      set: async (entry) => {
        if (entry === 'timestamp.json') changes.push(isLocked ? 'locked' : 'unlocked')
      },
      exclusive: async (commit) => {
        isLocked = true
        try {
          return await commit()
        } finally {
          isLocked = false
        }
      },
    }
    const updater = workerUpdater(repository(), { store })
    const refreshing = rejectionOf(updater.refresh())
    await closing
    await updater.close()
    expect(await refreshing).toBeInstanceOf(WorkerEndedError)
    expect(changes).toEqual(['locked'])
  })
})

describe('a process', () => {
  const run = (ending: string): unknown => {
    const program = fileURLToPath(new URL('../support/worker-process.mjs', import.meta.url))
    const { status, stdout, signal, stderr } = spawnSync(process.execPath, [program, ending], {
      encoding: 'utf8',
      timeout: 200_000,
    })
    return { status, signal, stdout, stderr }
  }
  const output = 'a wheel\nTypeError: a verified value cannot be changed\n'
  const good = { status: 0, signal: null, stdout: output, stderr: '' }

  test('ends after close', () => {
    expect(run('close')).toEqual(good)
  })

  test('ends also while an updater is idle, which keeps nobody waiting', () => {
    expect(run('idle')).toEqual(good)
  })
})
