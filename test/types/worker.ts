/** The types of an updater in a thread. */
import type { TargetFile } from '../../src/index.js'
import { WorkerRepository, WorkerUpdater } from '../../src/worker/index.js'
import { holds, type Equals } from './equals.js'

holds<Equals<Awaited<ReturnType<WorkerUpdater['refresh']>>, WorkerRepository>>()
holds<Equals<Awaited<ReturnType<WorkerRepository['find']>>, TargetFile | undefined>>()

export function someOptionsStayOut(canonicalForm: never): void {
  new WorkerUpdater({ metadataUrl: 'https://example.test/', store: undefined, worker: undefined })
  // @ts-expect-error: a form is a function of the thread
  new WorkerUpdater({ metadataUrl: 'https://example.test/', canonicalForm })
  // @ts-expect-error: a worker is an object
  new WorkerUpdater({ metadataUrl: 'https://example.test/', worker: './worker.js' })
  // @ts-expect-error: a repository is somewhere
  new WorkerUpdater({})
}

export async function largeRolesStayInTheThread(view: WorkerRepository): Promise<unknown> {
  await view.downloadFile({ path: 'a', length: 1, hashes: new Map() }, 'a', { reuse: undefined })
  // @ts-expect-error: the fixed time is fixed
  view.now = 0
  // @ts-expect-error: only an updater makes a view
  new WorkerRepository()
  // @ts-expect-error: the targets role may be large
  return view.targets
}
