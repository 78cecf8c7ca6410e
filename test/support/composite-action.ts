/** Runs the steps of a composite action as a runner does: `if`, `env`, `working-directory`, `run`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

export interface Step {
  readonly name: string
  readonly if?: string
  readonly shell: string
  readonly run: string
  readonly 'working-directory'?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Action {
  readonly name: string
  readonly inputs: Readonly<Record<string, { description: string; default?: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunActionOptions {
  /** The folder of the action, in a checkout. */
  readonly actionPath: string
  /** Where the job is. */
  readonly workspace: string
  /** What a workflow says in `with`. */
  readonly inputs: Readonly<Record<string, string>>
}

export function readAction(path: string): Action {
  return parse(readFileSync(path, 'utf8')) as Action
}

/** Ends at the first step that fails. */
export async function runAction(action: Action, options: RunActionOptions): Promise<Ended> {
  const { actionPath, workspace, inputs } = options
  const defaults = Object.entries(action.inputs).map(([name, one]) => [name, one.default ?? ''])
  const values: Readonly<Record<string, string>> = { ...Object.fromEntries(defaults), ...inputs }
  const filled = (text: string): string =>
    text.replace(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g, (_, name: string) => values[name] ?? '')
  const all = { status: 0 as number | null, stdout: '', stderr: '' }
  for (const step of action.runs.steps) {
    if (step.if !== undefined && !holds(step.if, values)) continue
    if (step.shell !== 'bash') throw new TypeError(`unknown shell ${step.shell}`)
    const script = join(workspace, '..', 'step.sh')
    writeFileSync(script, step.run)
    const env = Object.entries(step.env ?? {}).map(([name, text]) => [name, filled(text)])
    const ended = await runProgram('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: resolve(workspace, filled(step['working-directory'] ?? '')),
      env: { GITHUB_ACTION_PATH: actionPath, ...Object.fromEntries(env) },
    })
    all.status = ended.status
    all.stdout += ended.stdout
    all.stderr += ended.stderr
    if (ended.status !== 0) break
  }
  return all
}

export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<Ended> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NO_PROXY: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
  }
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, ...written }
}

/** Comparisons of inputs with a text, joined by `&&`: what the actions here use. */
function holds(condition: string, values: Readonly<Record<string, string>>): boolean {
  return condition.split('&&').every((part) => {
    const [, name = '', operator, text] =
      /^\s*inputs\.([\w-]+)\s*(==|!=)\s*'([^']*)'\s*$/.exec(part) ?? []
    if (operator === undefined) throw new TypeError(`cannot judge ${part}`)
    return (values[name] === text) === (operator === '==')
  })
}
