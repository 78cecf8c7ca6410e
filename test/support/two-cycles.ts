/** A cycle that stops between two of its requests, so that another one may change the store. */
import type { Cycle } from '../../src/core/cycle/request.js'
import type { TestRepository } from '../../src/testing/index.js'
import { refusalOf, type Refused } from './refusal.js'
import { answer, lineOf, type Disk } from './run-cycle.js'

export class HeldCycle<T> {
  readonly log: string[] = []
  result?: T
  refused?: Refused
  readonly #cycle: Cycle<T>
  readonly #repo: TestRepository
  readonly #disk: Disk
  #step: IteratorResult<Parameters<typeof lineOf>[0], T> | undefined

  constructor(cycle: Cycle<T>, repo: TestRepository, disk: Disk) {
    this.#cycle = cycle
    this.#repo = repo
    this.#disk = disk
  }

  /** The request that waits, as the log has it. */
  get next(): string {
    const step = (this.#step ??= this.#cycle.next())
    return step.done === true ? 'the end' : lineOf(step.value)
  }

  /** Answers so many requests more. */
  goOn(requests = Infinity): void {
    try {
      this.#run(requests)
    } catch (error) {
      this.refused = refusalOf(() => {
        throw error
      })
    }
  }

  #run(requests: number): void {
    let step = this.#step ?? this.#cycle.next()
    for (let left = requests; left > 0 && step.done !== true; left--) {
      this.log.push(lineOf(step.value))
      step = this.#cycle.next(answer(step.value, this.#repo, this.#disk))
    }
    this.#step = step
    if (step.done === true) this.result = step.value
  }
}
