/** One child process: it gets the signals that were meant for both, and its status is returned. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** How it is run. */
export interface ChildOptions {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** Whether its output goes to standard error, because standard output is for JSON. */
  readonly quietOutput: boolean
}

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Its exit status; 128 and the number of the signal when one ended it, as in shells.
 *
 * @throws the system's error when it cannot be started
 */
export async function runChild(
  [program = '', ...args]: readonly string[],
  { folder, environment, quietOutput }: ChildOptions,
): Promise<number> {
  const stdio = ['inherit', quietOutput ? 2 : 'inherit', 'inherit'] as const
  const child = spawn(program, args, { cwd: folder, env: environment, stdio: [...stdio] })
  const pass = (signal: NodeJS.Signals): void => {
    // A terminal sends its interrupt to the child as well.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of passedOn) process.on(signal, pass)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
      })
    })
  } finally {
    for (const signal of passedOn) process.off(signal, pass)
  }
}
