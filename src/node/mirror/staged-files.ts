/** Files of a mirror that get their names with the timestamp: all of them, or none. */
import type { StagedFile } from '../replace-file.js'

/** A staged file, and its name in the mirror. */
export interface Staged {
  readonly name: string
  readonly file: StagedFile
}

/** @internal */
export class StagedFiles {
  #all: Staged[] = []

  get length(): number {
    return this.#all.length
  }

  get names(): readonly string[] {
    return this.#all.map(({ name }) => name)
  }

  add(name: string, file: StagedFile): void {
    this.#all.push({ name, file })
  }

  /** Takes the files of another one, which is empty afterwards. */
  take(others: StagedFiles): void {
    this.#all.push(...others.#all)
    others.#all = []
  }

  commit(): void {
    for (const { file } of this.#all) file.commit()
    this.#all = []
  }

  discard(): void {
    for (const { file } of this.#all) file.discard()
    this.#all = []
  }
}
