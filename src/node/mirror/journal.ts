/**
 * The names of files that a run writes, each noted before the file gets its name. Of a run that was killed
 * they tell its files from those of the user, which stay. A complete run has them in `mirror.json`.
 */
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { readMirrorFile } from './planted-entries.js'

const name = '.+journal'
const longest = 512_000_000
const { O_APPEND, O_CREAT, O_WRONLY } = constants
/** Windows lacks the last. */
const appending = O_APPEND | O_CREAT | O_WRONLY | (constants.O_NOFOLLOW || 0)

/** @internal Held by the process that holds the lock. */
export class Journal {
  readonly #file: string
  /** The names that are in it. */
  readonly names: Set<string>
  /** Before the next name: it must not continue a part of one. */
  #separator: '' | '\n'

  constructor(folder: string) {
    this.#file = join(folder, name)
    const text = Buffer.from(readMirrorFile(this.#file, longest, 'cut') ?? '').toString()
    // The last line of a killed process may be a part of a name.
    this.names = new Set(text.split('\n').slice(0, -1))
    this.#separator = text === '' || text.endsWith('\n') ? '' : '\n'
  }

  note(path: string): void {
    if (this.names.has(path)) return
    const file = openSync(this.#file, appending, 0o666)
    try {
      const line = Buffer.from(`${this.#separator}${path}\n`)
      // After a part of a line the disk is full: the next write says so.
      for (let at = 0; at < line.length;) at += writeSync(file, line, at)
    } finally {
      closeSync(file)
    }
    this.#separator = ''
    this.names.add(path)
  }

  clear(): void {
    rmSync(this.#file, { force: true })
    this.names.clear()
    this.#separator = ''
  }
}
