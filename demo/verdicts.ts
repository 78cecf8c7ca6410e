/** The checks that passed, and those that failed. */
import { paint, print } from './terminal.js'

/** Prints a line for each check and counts them. */
export class Verdicts {
  #good = 0
  #all = 0

  /** `faults` names the faults; when it is empty the check is good. */
  add(line: string, faults: readonly string[] = []): void {
    const good = faults.length === 0
    this.#all++
    if (good) this.#good++
    print(`  ${good ? paint('green', '✓') : paint('red', '✗')} ${line}`)
    for (const fault of faults) print(`      ${paint('red', fault)}`)
  }

  get allGood(): boolean {
    return this.#good === this.#all && this.#all > 0
  }

  get summary(): string {
    return `${this.#good} of ${this.#all} came out as they must`
  }
}
