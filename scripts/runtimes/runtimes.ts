/** The runtimes that are tried: how each is obtained, and how it runs the cases. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeFolder } from '../../test/support/remove-folder.js'
import type { Result } from './cases.mjs'
import { findBrowser, openPage } from '../chromium.js'
import { bundleForBrowsers } from '../browser-bundle.js'
import type { Desk } from './desk.js'
import { type CommandRuntime, nothingOutside, outsideResults } from './outside.js'
import {
  nodeProgram,
  nodeVersions,
  packedProgram,
  packedVersion,
  type Program,
} from './programs.js'
import { bundleForWeb } from './web-bundle.js'

/** One column of the table. */
export interface Runtime {
  readonly name: string
  readonly version: string
  /** Installs it. */
  program(): Program
  /** Of a program on its command line. */
  readonly permissions?: CommandRuntime['permissions']
  /** Further pages of the site. */
  pages?(): Promise<Map<string, string>>
  run(path: string, desk: Desk, project: string): Promise<readonly Result[]>
}

/** Milliseconds for all cases on a busy machine. */
const deadline = 600_000

const own = fileURLToPath(new URL('./', import.meta.url))

/** In the order of the table. */
export function allRuntimes(): Runtime[] {
  return [...nodeVersions.map(node), deno(), bun(), workerd(), chromium()]
}

function node(version: string): Runtime {
  const major = Number.parseInt(version, 10)
  const model = major < 22 ? '--experimental-permission' : '--permission'
  const commands = (path: string): CommandRuntime => ({
    all: [path],
    least: (project) => [path, '--no-warnings', model, `--allow-fs-read=${project}/*`],
    permissions: (folder) => ({
      store: [
        { flag: `--allow-fs-read=${folder}/*`, missing: /\(FileSystemRead / },
        { flag: `--allow-fs-write=${folder}/*`, missing: /\(FileSystemWrite / },
      ],
      // Older ones do not ask for it.
      net: major < 25 ? [] : [{ flag: '--allow-net', missing: /Use --allow-net / }],
      thread: [{ flag: '--allow-worker', missing: /has been restricted/ }],
    }),
  })
  return onCommandLine('Node', version, () => nodeProgram(version), commands)
}

function deno(): Runtime {
  const commands = (path: string): CommandRuntime => ({
    all: [path, 'run', '--no-prompt', '--allow-all'],
    least: () => [path, 'run', '--no-prompt'],
    permissions: (folder, host) => ({
      store: [
        { flag: `--allow-read=${folder}`, missing: /Requires read access .*--allow-read/ },
        { flag: `--allow-write=${folder}`, missing: /Requires write access .*--allow-write/ },
      ],
      net: [{ flag: `--allow-net=${host}`, missing: /Requires net access .*--allow-net/ }],
      thread: [],
    }),
  })
  return onCommandLine('Deno', packedVersion('deno'), () => packedProgram('deno'), commands)
}

function bun(): Runtime {
  const commands = (path: string): CommandRuntime => ({ all: [path] })
  return onCommandLine('Bun', packedVersion('bun'), () => packedProgram('bun'), commands)
}

/** Programs take the site, and a folder of their own. */
function onCommandLine(
  name: string,
  version: string,
  program: () => Program,
  commands: (path: string) => CommandRuntime,
): Runtime {
  const { permissions } = commands('')
  return {
    name,
    version,
    program,
    ...(permissions && { permissions }),
    async run(path, desk, project) {
      const runtime = commands(path)
      const folder = mkdtempSync(join(project, 'run-'))
      const [command, ...args] = [...runtime.all, 'start-program.mjs', desk.site, folder]
      const child = spawn(command, args, { cwd: project, stdio: ['ignore', 'inherit', 'pipe'] })
      const inside = await ended(child, desk)
      return [...inside, ...(await outsideResults(runtime, desk, project))]
    },
  }
}

/** workerd itself, without a simulator around it. */
function workerd(): Runtime {
  return {
    name: 'workerd',
    version: packedVersion('workerd'),
    program: () => packedProgram('workerd'),
    async run(path, desk, project) {
      const folder = mkdtempSync(join(project, 'run-'))
      const modules = await bundleForWeb({ main: `${own}start-worker.mjs` }, 'workerd')
      writeFileSync(join(folder, 'main.js'), modules.get('main.js') ?? '')
      writeFileSync(join(folder, 'config.capnp'), workerdConfig)
      const args = ['serve', 'config.capnp', '--control-fd=3']
      const child = spawn(path, args, { cwd: folder, stdio: ['ignore', 'inherit', 'pipe', 'pipe'] })
      child.stdio[3]?.once('data', (event) => {
        const port = /"port":\s*(\d+)/.exec(String(event))?.[1]
        fetch(`http://127.0.0.1:${port}/?site=${encodeURIComponent(desk.site)}`).then(
          (answer) => answer.ok || child.kill(),
          () => child.kill(),
        )
      })
      return [...(await ended(child, desk)), ...nothingOutside]
    },
  }
}

const workerdConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "main.js", esModule = embed "main.js")],
  compatibilityDate = "2026-04-01",
);
`

function chromium(): Runtime {
  const command = findBrowser()
  const said = command && spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout
  return {
    name: 'Chromium',
    version: /\d+(\.\d+)+/.exec(said ?? '')?.[0] ?? '',
    program: () =>
      command === undefined
        ? { reason: 'there is none; CHROMIUM may name one' }
        : { path: command },
    async pages() {
      const script = '<script type="module" src="/bundle/page/main.js"></script>'
      const page = `<!doctype html><title>tuffet</title>${script}`
      return new Map([...(await bundleForBrowsers(`${own}start-page.mjs`)), ['/page', page]])
    },
    async run(path, desk) {
      const profile = mkdtempSync(join(tmpdir(), 'tuffet-browser-'))
      const end = openPage(path, profile, `${desk.site}/page`)
      try {
        return [...(await inTime(desk.outcome, () => '')), ...nothingOutside]
      } finally {
        await end()
        await removeFolder(profile)
      }
    },
  }
}

/** The results of a process, which is ended when they are there. */
async function ended(child: ChildProcess, desk: Desk): Promise<readonly Result[]> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const end = once(child, 'exit').then(([status]) => {
    throw new Error(`it ended with status ${String(status)} and said: ${said.trim()}`)
  })
  // After the outcome an ended process is expected.
  end.catch(() => undefined)
  try {
    return await inTime(Promise.race([desk.outcome, end]), () => said)
  } finally {
    child.kill('SIGKILL')
  }
}

/** @param said the message when nothing comes */
async function inTime<T>(outcome: Promise<T>, said: () => string): Promise<T> {
  let timer
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it reports nothing: ${said()}`)), deadline)
  })
  try {
    return await Promise.race([outcome, late])
  } finally {
    clearTimeout(timer)
  }
}
