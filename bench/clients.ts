/** The measured clients, and the jobs of each. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pythonCommand, type Job } from './run-client.js'
import type { Served } from './serve.js'
import type { Shape } from './shape.js'
import type { Http, Task } from './task.js'

/** A Node beside the one that runs the benchmarks, which has no path. */
export interface OtherNode {
  readonly name: string
  readonly node?: string | undefined
}

/** One program, with its arguments besides the task. */
export interface Client {
  readonly name: string
  readonly program: string
  readonly http?: Http
  readonly canonical?: 'scan' | 'objects'
  /** Default: the Node of the benchmarks. */
  readonly node?: string | undefined
  /** The repositories that it can read. Default: all of them. */
  readonly layouts?: readonly Shape['layout'][]
  /** Of a compiled program: whether it makes the further searches of a task. Default false. */
  readonly finds?: boolean
  /** Of a compiled program: whether it fetches target files. Default false. */
  readonly downloads?: boolean
}

/** The clients that can read such a repository. */
export function ableToRead(clients: readonly Client[], layout: Shape['layout']): Client[] {
  return clients.filter(({ layouts }) => layouts?.includes(layout) ?? true)
}

/** This client. */
export const tuffet: Client = { name: 'tuffet', program: 'clients/tuffet' }

/** The base of ratios: the floor with the HTTP client that this client uses. */
export const floor: Client = {
  name: 'floor',
  program: 'floor',
  http: 'node:http',
  canonical: 'scan',
}

/** The floor with everything else that Node offers. */
export const otherFloors: readonly Client[] = [
  { ...floor, name: 'floor, global fetch', http: 'fetch' },
  { ...floor, name: 'floor, undici', http: 'undici' },
  { ...floor, name: 'floor, objects', canonical: 'objects' },
]

/** Quadratic in bins: not asked beyond `tufJsLimit`. */
export const tufJs: Client = {
  name: `tuf-js ${installedVersion('tuf-js')}`,
  program: 'clients/tuf-js',
}

/** Bins. */
export const tufJsLimit = 2_048

/** The client on another Node, under a name that says so. */
export function onNode(client: Client, { name, node }: OtherNode): Client {
  return { ...client, name: `${client.name}, ${name}`, node }
}

/** python-tuf, when the interpreter in `PYTHON` (default `python3`) can import version 7 of it. */
export function findPythonTuf(): Client | undefined {
  const script = 'import importlib.metadata as m; print(m.version("tuf"))'
  try {
    const version = execFileSync(pythonCommand(), ['-c', script], { stdio: 'pipe' })
    return { name: `python-tuf ${version.toString().trim()}`, program: 'clients/python-tuf.py' }
  } catch {
    return undefined
  }
}

/** The facts about a served repository that every client gets. */
export function taskFor(served: Served, store: string, { http, canonical }: Client): Task {
  return taskAt(served.ready.origins.plain, served, store, { http, canonical })
}

/** {@link taskFor}, at one of the two origins. */
export function taskAt(
  origin: string,
  { ready, root }: Served,
  store: string,
  { http, canonical }: { http?: Http | undefined; canonical?: Client['canonical'] | undefined },
): Task {
  return {
    metadataUrl: `${origin}/metadata/`,
    targetsUrl: `${origin}/targets/`,
    root,
    store,
    filled: false,
    find: ready.apart[0] ?? '',
    ...(http && { http }),
    ...(canonical && { canonical }),
  }
}

/** A job whose folders are empty each time. */
export function coldJob(client: Client, task: Task): Job {
  const { store, download } = task
  const fresh = [store, ...(download ? [download.folder] : [])]
  const { name, program, node } = client
  return { name, program, node, task, fresh }
}

function installedVersion(name: string): string {
  const path = fileURLToPath(new URL(`../node_modules/${name}/package.json`, import.meta.url))
  const { version }: { version: string } = JSON.parse(readFileSync(path, 'utf8'))
  return version
}
