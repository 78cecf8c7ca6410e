/** A process that tries mutants, from outside: it may hang, break, or end. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Answer, Order } from './messages.js'
import { project } from './tree.js'

export class Player {
  readonly #child: ChildProcess
  readonly #answers: Answer[] = []
  #wake: () => void = () => {}
  #ended = false

  /** @param mutant active from the first module on */
  constructor(tree: string, mutant?: string) {
    const script = join(tree, 'test/proof/mutation/player-process.js')
    this.#child = fork(script, [], {
      cwd: project,
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=3000'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        ...(mutant !== undefined && { TUFFET_MUTANT: mutant }),
      },
      stdio: ['ignore', 'ignore', mutant === undefined ? 'inherit' : 'ignore', 'ipc'],
    })
    this.#child.on('message', (answer: Answer) => {
      this.#answers.push(answer)
      this.#wake()
    })
    this.#child.on('exit', () => {
      this.#ended = true
      this.#wake()
    })
    this.#child.on('error', () => undefined)
  }

  tell(order: Order): void {
    if (!this.#ended) this.#child.send(order, () => undefined)
  }

  /** Undefined: the process ended, or is silent for so many milliseconds. */
  async answer(patience: number): Promise<Answer | undefined> {
    const end = performance.now() + patience
    while (this.#answers.length === 0 && !this.#ended && performance.now() < end) {
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        timer = setTimeout(resolve, end - performance.now())
      })
      clearTimeout(timer)
    }
    return this.#answers.shift()
  }

  async end(): Promise<void> {
    if (this.#ended) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }
}
