/**
 * The names of files that a run writes, each noted before the file gets its name. Of a run that was killed
 * they tell its files from those of the user, which stay. A complete run has them in `mirror.json`.
 */
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readPlainFile } from '../plain-file.js'

const name = '.+journal'
const longest = 512_000_000

/** @internal Held by the process that holds the lock. */
export class Journal {
  readonly #file: string
  /** The names that are in it. */
  readonly names: Set<string>

  constructor(folder: string) {
    this.#file = join(folder, name)
    const text = Buffer.from(readPlainFile(this.#file, longest, 'cut') ?? '').toString()
    // The last line of a killed process may be a part of a name.
    this.names = new Set(text.split('\n').slice(0, -1))
  }

  note(path: string): void {
    if (this.names.has(path)) return
    appendFileSync(this.#file, `${path}\n`)
    this.names.add(path)
  }

  clear(): void {
    rmSync(this.#file, { force: true })
    this.names.clear()
  }
}
