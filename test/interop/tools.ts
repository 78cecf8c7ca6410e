/**
 * Real tools, each version in a virtual environment of its own, made once. `TUFFET_TOOLS` names the
 * folder that keeps them (default: in `node_modules/.cache`). Processes that want the same one at
 * the same time wait for the first.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { findPython } from './find-python.js'
import { lastWords, runProgram, toolEnvironment, toolFolder } from './lock-machine.js'
import { toolNames, toolVersions, type ToolName, type ToolVersion } from './tool-versions.js'

/** A tool that can be run. */
export interface ReadyTool {
  readonly name: ToolName
  readonly version: string
  /** `pip 20.3.4`, for titles. */
  readonly label: string
  /** The interpreter of its environment. */
  readonly python: string
  /** The folder of its programs. */
  readonly programs: string
}

/** A tool that cannot be run here, and why. */
export interface MissingTool extends Pick<ReadyTool, 'name' | 'version' | 'label'> {
  readonly reason: string
}

export type Tool = ReadyTool | MissingTool

/** `oldest` and `newest` of those that install here; `all`; or a version of the table. */
export type Which = 'oldest' | 'newest' | 'all' | (string & {})

export function isReady(tool: Tool): tool is ReadyTool {
  return !('reason' in tool)
}

/** The newest of each. */
export function installNewest(): Promise<Tool[]> {
  return installTools(Object.fromEntries(toolNames.map((name) => [name, ['newest']])))
}

/**
 * Installs the requested tools, one after the other: pip is busy enough with one. The answer lists
 * each tool once, and the versions that were skipped on the way to the oldest or newest.
 */
export async function installTools(
  wanted: Readonly<Partial<Record<ToolName, readonly Which[]>>>,
): Promise<Tool[]> {
  const tools = new Map<string, Tool>()
  const add = async (name: ToolName, version: ToolVersion): Promise<Tool> => {
    const label = `${name} ${version.version}`
    const tool = tools.get(label) ?? (await installTool(name, version))
    tools.set(label, tool)
    return tool
  }
  for (const name of toolNames) {
    for (const which of wanted[name] ?? []) {
      const rows = rowsOf(name, which)
      const one = which === 'oldest' || which === 'newest'
      for (const row of rows) if (isReady(await add(name, row)) && one) break
    }
  }
  return [...tools.values()]
}

/** Names the missing ones on standard error. */
export function nameMissing(tools: readonly Tool[], what: string): MissingTool[] {
  const missing = tools.flatMap((tool) => (isReady(tool) ? [] : tool))
  if (missing.length > 0) {
    const said = missing.map(({ label, reason }) => `${label} (${reason})`).join('; ')
    process.stderr.write(`skipped, ${what}: ${said}\n`)
  }
  return missing
}

function rowsOf(name: ToolName, which: Which): readonly ToolVersion[] {
  const rows: readonly ToolVersion[] = toolVersions[name]
  if (which === 'all' || which === 'oldest') return rows
  if (which === 'newest') return rows.toReversed()
  const row = rows.find(({ version }) => version === which)
  if (!row) throw new RangeError(`tool-versions.ts has no ${name} ${which}`)
  return [row]
}

async function installTool(name: ToolName, row: ToolVersion): Promise<Tool> {
  const { version } = row
  const label = `${name} ${version}`
  const python = findPython(row.python)
  if (python === undefined) return { name, version, label, reason: `no Python ${row.python}` }
  const cache = toolFolder()
  mkdirSync(cache, { recursive: true })
  const folder = join(cache, `${name}-${version}`)
  const programs = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin')
  const tool = { name, version, label, programs, python: join(programs, 'python') }
  const requirements = [`${name}==${version}`, ...(row.with ?? [])]
  const mark = join(folder, 'installed.json')
  const made = JSON.stringify([python, requirements])
  const isMade = (): boolean => existsSync(mark) && readFileSync(mark, 'utf8') === made
  if (isMade()) return tool
  const unlock = await lock(`${folder}.lock`)
  try {
    if (isMade()) return tool
    rmSync(folder, { recursive: true, force: true })
    const install = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', ...requirements]
    for (const [program, ...args] of [
      [python, '-m', 'venv', folder],
      [tool.python, ...install],
    ] as const) {
      const { status, output } = await runProgram(program, args, { env: toolEnvironment() })
      if (status !== 0) return { name, version, label, reason: lastWords(output) }
    }
    writeFileSync(mark, made)
    return tool
  } finally {
    unlock()
  }
}

/** A file with the number of the process that holds it; one whose process ended does not count. */
async function lock(path: string): Promise<() => void> {
  for (let waited = 0; waited < 1_200; waited++) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      return () => rmSync(path)
    } catch (error) {
      if (!existsSync(path)) continue
      if (!hasCode(error, 'EEXIST')) throw error
    }
    if (isAbandoned(path)) rmSync(path, { force: true })
    else await setTimeout(500)
  }
  throw new Error(`${path} is held by another process`)
}

function isAbandoned(path: string): boolean {
  try {
    const holder = Number(readFileSync(path, 'utf8'))
    if (holder > 0) process.kill(holder, 0)
    return false
  } catch (error) {
    return hasCode(error, 'ESRCH')
  }
}

/** Without `instanceof`: under jest, errors of Node's own modules come from another realm. */
function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}
