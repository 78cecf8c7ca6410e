/**
 * A stand-in for RSTUF's API on loopback, over a repository in memory of the shape that its worker
 * writes. Its routes, states and answers are those of a running RSTUF, recorded on 29 November 2026
 * (API of July, worker of August 2026).
 */
import { createServer, type IncomingMessage } from 'node:http'
import { createPep458Repository, type TestRepository } from '../../src/testing/index.js'
import { nodeEd25519Signer } from '../../src/testing/node/index.js'
import { listen, stopListening } from './listen.js'

export interface RstufApi {
  readonly url: string
  readonly repository: TestRepository
  /** `POST artifacts/` with the paths, and the others, in their order. */
  readonly asked: string[]
  /** Paths for which no role is found, as the worker answers. */
  readonly invalid: Set<string>
  /** The result of the next task, when that is not a success. */
  fail(state: string, result: object | undefined): void
  close(): Promise<void>
}

interface Artifact {
  readonly path: string
  readonly info: { readonly length: number; readonly hashes: Record<string, string> }
}

export async function startRstufApi(now: number): Promise<RstufApi> {
  const repository = createPep458Repository({
    bins: 16,
    layout: 'succinct',
    indent: 1,
    makeSigner: nodeEd25519Signer,
    now,
  })
  repository.publish()
  const asked: string[] = []
  const invalid = new Set<string>()
  const registered = new Set<string>()
  const tasks = new Map<string, { questions: number; end: () => object }>()
  let failure: { state: string; result?: object } | undefined

  function add(artifacts: readonly Artifact[]): object {
    const good = artifacts.filter(({ path }) => !invalid.has(path))
    for (const { path, info } of good) {
      registered.add(path)
      repository.addTargetEntry(path, { length: info.length, hashes: info.hashes })
    }
    repository.publish()
    const paths = good.map(({ path }) => path)
    return done('add_artifacts', 'Artifact(s) Added', {
      added_artifacts: paths,
      invalid_paths: artifacts.map(({ path }) => path).filter((path) => invalid.has(path)),
      artifact_roles: [],
    })
  }

  function remove(paths: readonly string[]): object {
    const found = paths.filter((path) => registered.delete(path))
    for (const path of found) repository.removeTarget(path)
    repository.publish()
    return done('remove_artifacts', 'Artifact(s) removed', {
      deleted_artifacts: found,
      not_found_artifacts: paths.filter((path) => !found.includes(path)),
    })
  }

  function accept(message: string, paths: readonly string[], end: () => object): Answer {
    const id = `${tasks.size + 1}`.padStart(32, '0')
    tasks.set(id, { questions: 0, end })
    const data = { artifacts: paths, task_id: id, last_update: new Date(now).toISOString() }
    return { status: 202, body: { data, message } }
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://rstuf')
    const route = `${request.method} ${pathname.replace('/api/v1/', '')}`
    if (route === 'GET task/') {
      const id = searchParams.get('task_id') ?? ''
      const task = tasks.get(id)
      const before = unfinished[Number(id) % unfinished.length]?.[task ? task.questions++ : 0]
      const data = before ?? failure ?? { state: 'SUCCESS', result: task?.end() }
      return { status: 200, body: { data: { task_id: id, ...data }, message: 'Task state.' } }
    }
    const payload = JSON.parse(await textOf(request)) as { artifacts: unknown }
    asked.push(route)
    if (route === 'POST artifacts/') {
      const artifacts = payload.artifacts as Artifact[]
      const paths = artifacts.map(({ path }) => path)
      asked.push(...paths)
      const message = 'New Artifact(s) successfully submitted.'
      return accept(message, paths, () => add(artifacts))
    }
    if (route === 'POST artifacts/delete') {
      const paths = payload.artifacts as string[]
      asked.push(...paths)
      const message = 'Remove Artifact(s) successfully submitted.'
      return accept(message, paths, () => remove(paths))
    }
    return { status: 404, body: { detail: 'Not Found' } }
  }

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    repository,
    asked,
    invalid,
    fail(state, result) {
      failure = { state, ...(result && { result }) }
    },
    close: () => stopListening(server),
  }
}

const unfinished: readonly (readonly object[])[] = [
  [
    { state: 'PENDING' },
    {
      state: 'RUNNING',
      result: {
        message: 'Publishing',
        last_update: '2026-11-29T02:11:59.412017Z',
        details: { published_roles: [], roles_to_publish: "['bins-35']" },
      },
    },
  ],
  [
    { state: 'PRE_RUN' },
    // This one has the result of a task that ended.
    {
      state: 'STARTED',
      result: {
        message: 'Artifact(s) removed',
        status: true,
        task: 'remove_artifacts',
        last_update: '2026-11-29T02:12:12.404265Z',
        details: { deleted_artifacts: [], not_found_artifacts: [] },
      },
    },
  ],
]

interface Answer {
  readonly status: number
  readonly body: object
}

function done(task: string, message: string, details: object): object {
  return { task, status: true, message, details }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
