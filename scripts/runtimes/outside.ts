/**
 * Cases by the settings of a runtime on its command line and by its environment: the least permissions, of which
 * none can be left out, a proxy, and observers.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Result } from './cases.mjs'
import type { Desk } from './desk.js'

/** The titles of these rows, as those of `cases`. */
export const outsideCases = [
  { id: 'permissions', title: 'least permissions' },
  { id: 'environment', title: 'proxy of the environment' },
  { id: 'observers', title: 'channels, `NODE_DEBUG`' },
] as const

/** Of a runtime that has neither. */
export const nothingOutside: readonly Result[] = outsideCases.map(({ id }) => ({
  id,
  outcome: 'absent',
  detail: 'the runtime has no command line for programs',
}))

/** How a permission is given, and the words of the error without it. */
interface Permission {
  readonly flag: string
  readonly missing: RegExp
}

/** A runtime with a command line. */
export interface CommandRuntime {
  /** The program, and its arguments with every permission. */
  readonly all: readonly string[]
  /** The program, and its arguments with no permission but that to read its own modules. */
  readonly least?: ((project: string) => readonly string[]) | undefined
  /** Of a store in `folder`, of requests to `host`, and of `WorkerUpdater`. */
  readonly permissions?:
    | ((folder: string, host: string) => Record<'store' | 'net' | 'thread', readonly Permission[]>)
    | undefined
}

/** Starts the program of an application a few times. */
export async function outsideResults(
  runtime: CommandRuntime,
  desk: Desk,
  project: string,
): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tuffet-outside-'))
  try {
    const [permissions, environment, observers] = outsideCases
    return [
      await resultOf(permissions.id, () => tryPermissions(runtime, desk, project, folder)),
      await resultOf(environment.id, () => tryProxy(runtime, desk, project, folder)),
      await resultOf(observers.id, () => tryObservers(runtime, desk, project)),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function resultOf(id: string, run: () => Promise<string | undefined>): Promise<Result> {
  try {
    const absent = await run()
    return { id, outcome: absent === undefined ? 'holds' : 'absent', detail: absent ?? '' }
  } catch (error) {
    return { id, outcome: 'fails', detail: String(error) }
  }
}

async function tryPermissions(
  { least, permissions }: CommandRuntime,
  desk: Desk,
  project: string,
  folder: string,
): Promise<string | undefined> {
  if (!least || !permissions) return 'the runtime has no permissions'
  const host = new URL(goodPlace(desk).metadataUrl).host
  const { store, net, thread } = permissions(folder, host)
  for (const [kind, needed] of [
    ['memory', net],
    ['files', [...net, ...store]],
    ['thread', [...net, ...thread]],
  ] as const) {
    const run = (given: readonly Permission[]) => {
      const flags = given.map(({ flag }) => flag)
      return play([...least(project), ...flags], kind, desk, project, folder)
    }
    expect(await run(needed), /^accepted$/, `${kind}, with all`)
    for (const one of needed) {
      rmSync(join(folder, 'tuf'), { recursive: true, force: true })
      const said = await run(needed.filter((other) => other !== one))
      expect(said, one.missing, `${kind}, without ${one.flag}`)
    }
  }
  return undefined
}

async function tryProxy(
  { all }: CommandRuntime,
  desk: Desk,
  project: string,
  folder: string,
): Promise<undefined> {
  const { url, asked } = desk.proxy
  const before = asked.length
  const environment = { http_proxy: url, no_proxy: '' }
  const direct = await play(all, 'direct', desk, project, folder, environment)
  expect(direct, /^accepted$/, "proxy: 'none'")
  expect(String(asked.length - before), /^0$/, "requests of the proxy, with proxy: 'none'")
  const through = await play(all, 'memory', desk, project, folder, environment)
  expect(through, /unexpected status 502/, 'a proxy that is down')
  return undefined
}

/** Each event is a message; a subscriber that throws changes nothing; events are lines on request. */
async function tryObservers(
  { all }: CommandRuntime,
  desk: Desk,
  project: string,
): Promise<undefined> {
  const run = (kind: string, environment: Readonly<Record<string, string>> = {}) =>
    ended(all, [join(project, 'start-observed.mjs'), setupOf(desk), kind], project, environment)
  const quiet = await run('channels')
  expect(quiet.stdout, /^accepted, \d\d messages$/, 'messages of the channels')
  expect(quiet.stderr, /^$/, 'standard error')
  const thrown = await run('throws')
  expect(thrown.stdout, /^accepted, uncaught: a subscriber failed$/, 'a subscriber that throws')
  const { stdout, stderr } = await run('channels', { NODE_DEBUG: 'tuffet' })
  expect(stdout, /^accepted, \d\d messages$/, 'messages with NODE_DEBUG')
  const lines = stderr.split('\n')
  expect(String(lines.length), new RegExp(`^${/\d+/.exec(stdout)?.[0]}$`), 'lines of NODE_DEBUG')
  for (const line of lines) expect(line, /^TUFFET \d+: [\x20-\x7e]+$/, 'a line of NODE_DEBUG')
  return undefined
}

function goodPlace({ setup }: Desk) {
  const place = setup.places['good']
  if (!place) throw new Error('nothing is served')
  return place
}

/** The output of the program. */
async function play(
  [program = '', ...args]: readonly string[],
  kind: 'memory' | 'files' | 'thread' | 'direct',
  desk: Desk,
  project: string,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const words = [join(project, 'start-least.mjs'), setupOf(desk), kind, folder]
  return (await ended([program, ...args], words, project, environment)).stdout
}

/** The program's argument about the repository. */
function setupOf(desk: Desk): string {
  const { now, path } = desk.setup
  return JSON.stringify({ place: goodPlace(desk), now, path })
}

/** The output of a process that ends well. */
async function ended(
  [program = '', ...args]: readonly string[],
  words: readonly string[],
  project: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const child = spawn(program, [...args, ...words], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...environment },
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text))
  }
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0) throw new Error(said.stderr.trim())
  return { stdout: said.stdout.trim(), stderr: said.stderr.trim() }
}

function expect(said: string, wanted: RegExp, what: string) {
  if (!wanted.test(said)) throw new Error(`${what}: ${said} instead of ${String(wanted)}`)
}
