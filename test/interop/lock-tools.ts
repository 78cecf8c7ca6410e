/** The tools that write lock files, each in an environment of its own that is made once. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { basePython, lastWords, runProgram, toolEnvironment } from './lock-machine.js'

/** What pip installs for each; the first is the tool, and its version that of the environment. */
const packages = {
  'pip-tools': ['pip-tools==7.6.2', 'pip==26.3'],
  pip: ['pip==26.3'],
  pipenv: ['pipenv==2026.10.3'],
  poetry: ['poetry==2.5.1'],
  // Newer ones of these two are no longer what it imports.
  pdm: ['pdm==2.25.4', 'unearth<0.18', 'hishel<0.1'],
  uv: ['uv==0.13.9'],
} as const

export type ToolName = keyof typeof packages

/** Those that have to be there where PYTHON says that everything is. */
export const needed: readonly ToolName[] = ['pip-tools', 'pip', 'uv']

/** A tool that can be run, or the reason why it cannot. */
export type Tool =
  | { readonly name: ToolName; readonly python: string; readonly programs: string }
  | { readonly name: ToolName; readonly reason: string }

const cache = resolve('node_modules/.cache/lock-tools')

/** All of them, one after the other: pip is busy enough with one. */
export async function installTools(): Promise<Tool[]> {
  const tools = []
  for (const name of ['pip-tools', 'pip', 'pipenv', 'poetry', 'pdm', 'uv'] as const) {
    tools.push(await installTool(name))
  }
  return tools
}

async function installTool(name: ToolName): Promise<Tool> {
  const requirements = packages[name]
  const folder = join(cache, requirements[0].replace('==', '-'))
  const programs = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin')
  const tool = { name, programs, python: join(programs, 'python') }
  const mark = join(folder, 'installed.json')
  const made = JSON.stringify([basePython(), requirements])
  if (existsSync(mark) && readFileSync(mark, 'utf8') === made) return tool
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  const install = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', ...requirements]
  for (const [program, ...args] of [
    [basePython(), '-m', 'venv', folder],
    [tool.python, ...install],
  ] as const) {
    const { status, output } = await runProgram(program, args, { env: toolEnvironment() })
    if (status !== 0) return { name, reason: lastWords(output) }
  }
  writeFileSync(mark, made)
  return tool
}
