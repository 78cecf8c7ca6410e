/** Worker updaters of an in-memory repository. Their threads run `dist/`: build first. */
import { Worker } from 'node:worker_threads'
import { isTufError, type UpdaterOptions } from '../../src/index.js'
import { type TestRepository } from '../../src/testing/index.js'
import { WorkerUpdater, type WorkerUpdaterOptions } from '../../src/worker/index.js'

export const urls = {
  metadataUrl: 'https://tuf.example.com/metadata/',
  targetsUrl: 'https://tuf.example.com/targets/',
}

/** A worker with the package's program. */
export function packagedWorker(): Worker {
  return new Worker(new URL('../../dist/worker/program.js', import.meta.url))
}

/** The options of a client of this repository, in a thread or not. */
export function optionsFor(repo: TestRepository): UpdaterOptions {
  return { ...urls, root: repo.root(), fetcher: repo.fetcher(urls), now: () => repo.now }
}

const opened = new Set<WorkerUpdater>()

/** Closed by {@link closeAll}. */
export function workerUpdater(
  repo: TestRepository,
  options: Partial<WorkerUpdaterOptions> = {},
): WorkerUpdater {
  const { worker = packagedWorker() } = options
  const updater = new WorkerUpdater({ ...optionsFor(repo), ...options, worker })
  opened.add(updater)
  return updater
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all([...opened].map((updater) => updater.close()))
  opened.clear()
}

/** What a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** The code of a rejection. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error = await rejectionOf(promise)
  return isTufError(error) ? error.code : undefined
}
