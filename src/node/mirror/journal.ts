/**
 * The names of files that a run writes, each noted before the file gets its name. Of a run that was killed
 * they tell its files from those of the user, which stay. A complete run has them in `mirror.json`.
 */
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { readMirrorFile } from './planted-entries.js'

const name = '.+journal'
const longest = 512_000_000
const newline = 10
/** Not O_APPEND: Windows cuts no file that is opened so. It lacks the last flag. */
const writing = constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW || 0)

/** @internal Held by the process that holds the lock. */
export class Journal {
  readonly #file: string
  /** The names that are in it. */
  readonly names: Set<string>
  /** Bytes of whole lines. After them may be a part of a name, which must never become a name. */
  #length: number

  constructor(folder: string) {
    this.#file = join(folder, name)
    const bytes = Buffer.from(readMirrorFile(this.#file, longest, 'cut') ?? '')
    this.#length = bytes.lastIndexOf(newline) + 1
    const lines = bytes.toString('utf8', 0, this.#length).split('\n')
    this.names = new Set(lines.slice(0, -1))
  }

  note(path: string): void {
    if (this.names.has(path)) return
    const file = openSync(this.#file, writing, 0o666)
    try {
      const { size } = fstatSync(file)
      // A killed process leaves a part of a line, and so does a full disk.
      if (size > this.#length) ftruncateSync(file, this.#length)
      const start = Math.min(size, this.#length)
      const line = Buffer.from(`${path}\n`)
      // After a part of a line the disk is full: the next write says so.
      for (let at = 0; at < line.length;) {
        at += writeSync(file, line, at, line.length - at, start + at)
      }
      this.#length = start + line.length
    } finally {
      closeSync(file)
    }
    this.names.add(path)
  }

  clear(): void {
    rmSync(this.#file, { force: true })
    this.names.clear()
    this.#length = 0
  }
}
