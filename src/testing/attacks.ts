/** Attacks. */
import type { TestRepository } from './repository.js'

export class Attacks {
  readonly #repository: TestRepository
  constructor(repository: TestRepository) {
    this.#repository = repository
  }
  stop(): void {
    void this.#repository
  }
}
