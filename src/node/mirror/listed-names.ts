/** The names of a mirror's files, and whether `mirror.json` has room for more of them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { listedLength, type Manifest, type MostListed } from './manifest.js'
import { MirrorError } from './mirror-error.js'

/** @internal Those of the last list, and those that a run adds. */
export class ListedNames {
  readonly #folder: string
  readonly #most: MostListed
  readonly #names = new Set<string>()
  #length = 0

  constructor(folder: string, most: MostListed) {
    this.#folder = folder
    this.#most = most
  }

  /** Begins with the names of a list. */
  begin({ files, left }: Manifest): void {
    this.#names.clear()
    this.#length = 0
    for (const names of [files, left]) for (const name of names.keys()) this.#add(name)
  }

  /**
   * @returns Removes the names that this call added, except those whose file was written.
   * @throws MirrorError where the list would become too long
   */
  require(kind: keyof MostListed, names: readonly string[]): () => void {
    const added: string[] = []
    const takeBack = (): void => {
      for (const name of added) {
        if (existsSync(join(this.#folder, name))) continue
        this.#names.delete(name)
        this.#length -= listedLength(name)
      }
    }
    for (const name of names) {
      if (this.#names.has(name)) continue
      if (this.#length + listedLength(name) > this.#most[kind]) {
        takeBack()
        const hint = 'choose fewer files, or wait until older ones are removed (--grace)'
        throw new MirrorError(join(this.#folder, name), 'the list of files is full', hint)
      }
      this.#add(name)
      added.push(name)
    }
    return takeBack
  }

  #add(name: string): void {
    if (this.#names.has(name)) return
    this.#names.add(name)
    this.#length += listedLength(name)
  }
}
