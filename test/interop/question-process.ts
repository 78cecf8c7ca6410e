/**
 * A program that answers function vectors: a question per line of its input, an answer per line of
 * its output. One that gives no answer in time is ended, and started again for the next question.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { JsonValue } from '../../src/core/json/value.js'
import {
  VectorRefusal,
  VectorSkip,
  type VectorAnswer,
  type VectorFunction,
} from '../../src/vectors/client.js'

/** Far above the time of any answer, so that a slow answer is slow on every machine. */
const timeLimit = 30_000

interface Answer {
  readonly result: 'accepted' | 'refused' | 'skipped'
  readonly output?: JsonValue
  readonly reason?: string
}

interface Running {
  readonly child: ChildProcessWithoutNullStreams
  readonly lines: AsyncIterator<string>
}

/** Asks one question after the other. */
export class QuestionProcess {
  readonly #command: readonly [string, ...string[]]
  #running: Running | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(command: readonly [string, ...string[]]) {
    this.#command = command
  }

  /** For the `functions` of a client. */
  function(family: string): VectorFunction {
    return (input) => {
      const answer = this.#last.then(() => this.#ask(lineOf({ family, input })))
      this.#last = answer.catch(() => undefined)
      return answer
    }
  }

  /** Ends the program. */
  close(): void {
    this.#running?.child.kill('SIGKILL')
    this.#running = undefined
  }

  async #ask(question: string): Promise<VectorAnswer> {
    const { child, lines } = (this.#running ??= this.#start())
    const late = AbortSignal.timeout(timeLimit)
    const end = (): void => this.close()
    late.addEventListener('abort', end)
    try {
      child.stdin.write(`${question}\n`)
      const line = await lines.next()
      if (late.aborted) throw new Error('gives no answer')
      if (line.done === true) throw new Error('ends')
      return outputOf(JSON.parse(line.value))
    } catch (error) {
      if (!(error instanceof VectorRefusal) && !(error instanceof VectorSkip)) this.close()
      throw error
    } finally {
      late.removeEventListener('abort', end)
    }
  }

  #start(): Running {
    const [program, ...args] = this.#command
    const child = spawn(program, args)
    child.stderr.pipe(process.stderr)
    // The end of its output says the same.
    child.stdin.on('error', () => undefined)
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
  }
}

/** Some readers of lines end them at U+2028 too. */
function lineOf(question: unknown): string {
  return JSON.stringify(question).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

function outputOf({ result, output, reason = '' }: Answer): VectorAnswer {
  if (result === 'refused') throw new VectorRefusal(reason)
  if (result === 'skipped') throw new VectorSkip(reason)
  return output
}
