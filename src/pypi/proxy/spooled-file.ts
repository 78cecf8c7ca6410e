/**
 * The bytes of one file: in memory while they are few, in a temporary file beyond that. A
 * `SpoolWriter` takes them unverified; a `SpooledFile` is made of it when the verdict is there.
 */
import type { FileHandle } from 'node:fs/promises'
import { BatchWriter } from '../../node/batch-writer.js'

/** A file whose every byte is verified. */
export interface SpooledFile {
  readonly length: number
  /** Bytes that it takes on disk; 0 when it is in memory. */
  readonly onDisk: number
  /** The bytes from `start` up to `end`, without the one at `end`. */
  read(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined>
  close(): Promise<void>
}

/** Where bytes go. */
export interface SpoolRoom {
  /** The longest file that stays in memory, in bytes. */
  readonly memory: number
  /** Asks for more bytes on disk. It throws when there are too many. */
  reserve(bytes: number): void
  /** Gives bytes on disk back. */
  release(bytes: number): void
  openFile(): Promise<FileHandle>
}

/** Bytes read from disk at once. */
const pieceLength = 262_144

export class SpoolWriter {
  readonly #room: SpoolRoom
  #chunks: Uint8Array[] = []
  #length = 0
  #reserved = 0
  #file: FileHandle | undefined
  #writer: BatchWriter | undefined

  /** @param length as the repository says it, so that its room is kept from the start */
  constructor(room: SpoolRoom, length: number | undefined) {
    this.#room = room
    if (length !== undefined && length > room.memory) this.#reserve(length)
  }

  /** Takes a chunk, which must not change any more. */
  async add(chunk: Uint8Array): Promise<void> {
    this.#length += chunk.length
    if (this.#writer) {
      this.#reserve(this.#length)
      await this.#writer.add(chunk)
      return
    }
    this.#chunks.push(chunk)
    if (this.#length <= this.#room.memory) return
    this.#reserve(this.#length)
    this.#file = await this.#room.openFile()
    this.#writer = new BatchWriter(this.#file)
    for (const held of this.#chunks) await this.#writer.add(held)
    this.#chunks = []
  }

  /** Forgets everything that was added. */
  async restart(): Promise<void> {
    this.#length = 0
    this.#chunks = []
    await this.#writer?.restart()
  }

  /** After the verdict. The writer must not be used afterwards. */
  async end(): Promise<SpooledFile> {
    await this.#writer?.end()
    const file = this.#file
    if (file) {
      const [length, onDisk] = [this.#length, this.#reserved]
      const close = (): Promise<void> => this.discard()
      return { length, onDisk, read: (start, end) => readFile(file, start, end), close }
    }
    const bytes = Buffer.concat(this.#chunks)
    this.#chunks = []
    return {
      length: bytes.length,
      onDisk: 0,
      async *read(start, end) {
        yield bytes.subarray(start, end)
      },
      close: () => this.discard(),
    }
  }

  /** Gives everything back. */
  async discard(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    this.#chunks = []
    this.#room.release(this.#reserved)
    this.#reserved = 0
    await file?.close()
  }

  #reserve(total: number): void {
    const more = total - this.#reserved
    if (more <= 0) return
    this.#room.reserve(more)
    this.#reserved = total
  }
}

async function* readFile(
  file: FileHandle,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = start; at < end;) {
    const piece = Buffer.allocUnsafe(Math.min(pieceLength, end - at))
    const { bytesRead } = await file.read(piece, 0, piece.length, at)
    if (bytesRead === 0) throw new Error('the temporary file is shorter than it was')
    yield piece.subarray(0, bytesRead)
    at += bytesRead
  }
}
