/** Child processes that are killed: by themselves at a call, by strace at a system call, or from here. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'

export interface Run {
  /** The last acknowledged publication; `before` if nothing was acknowledged. */
  readonly acknowledged: number
  readonly killed: boolean
  /** Whether it had begun. */
  readonly ready: boolean
}

export interface Victim {
  /** The compiled child. */
  readonly script: string
  readonly task: 'cycles' | 'spool'
  readonly folder: string
  readonly from: number
  readonly to: number
}

export interface Death {
  /** `3 before`, for the child. */
  readonly kill?: string
  /** Milliseconds after it begins. */
  readonly after?: number
  /** Options of strace. */
  readonly strace?: readonly string[]
}

/** Runs a child to its end. @throws Error when it fails by itself */
export async function run(victim: Victim, { kill = '', after, strace }: Death): Promise<Run> {
  const { script, task, folder, from, to } = victim
  const node = [process.execPath, script, task, folder, `${from}`, `${to}`, kill]
  const [program = '', ...args] = strace ? ['strace', ...strace, ...node] : node
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(program, args, {
    env,
    // strace tells of its work on standard error.
    stdio: ['ignore', 'pipe', strace ? 'ignore' : 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (text) => {
    output += String(text)
  })
  const ended = once(child, 'close')
  if (after !== undefined) {
    await Promise.race([once(child.stdout, 'data'), ended])
    await setTimeout(after)
    child.kill('SIGKILL')
  }
  const [status, signal] = (await ended) as [number | null, NodeJS.Signals | null]
  const killed = signal === 'SIGKILL' || status === 137
  if (!killed && status !== 0) throw new Error(`the process ended with ${status ?? signal}`)
  const acknowledged = [...output.matchAll(/^ack (\d+)$/gm)].at(-1)?.[1]
  return {
    acknowledged: acknowledged === undefined ? 0 : Number(acknowledged),
    killed,
    ready: output.startsWith('ready'),
  }
}
