/** Writes chunks in large pieces, one piece being written while the next one is gathered. */
/** Bytes, and chunks, that make a piece. */
const pieceLength = 1_048_576
const pieceChunks = 256

/** @internal As much of a `FileHandle` as is used. */
export interface WritableFile {
  writev(chunks: Uint8Array[], position: number): Promise<{ bytesWritten: number }>
  write(
    chunk: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>
  truncate(length: number): Promise<void>
}

/** @internal Closing the file waits for what is being written. */
export class BatchWriter {
  readonly #file: WritableFile
  #chunks: Uint8Array[] = []
  #gathered = 0
  #position = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(file: WritableFile) {
    this.#file = file
  }

  /** Takes a chunk, which must not change any more. A promise, when the disk has to catch up. */
  add(chunk: Uint8Array): Promise<void> | undefined {
    this.#chunks.push(chunk)
    this.#gathered += chunk.length
    const full = this.#gathered >= pieceLength || this.#chunks.length >= pieceChunks
    return full ? this.#write() : undefined
  }

  /** All of it is in the file. */
  async end(): Promise<void> {
    await this.#write()
    await this.#writing
  }

  /** Forgets everything that was added. */
  async restart(): Promise<void> {
    this.#chunks = []
    this.#gathered = 0
    this.#position = 0
    await this.#writing
    await this.#file.truncate(0)
  }

  async #write(): Promise<void> {
    const chunks = this.#chunks
    const position = this.#position
    this.#position += this.#gathered
    this.#chunks = []
    this.#gathered = 0
    await this.#writing
    if (chunks.length === 0) return
    this.#writing = writeAll(this.#file, chunks, position)
    // Whoever waits next is told; until then nobody listens.
    this.#writing.catch(() => undefined)
  }
}

async function writeAll(file: WritableFile, chunks: Uint8Array[], position: number): Promise<void> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  let { bytesWritten: written } = await file.writev(chunks, position)
  if (written === length) return
  // A disk that is nearly full takes a part, and then says why.
  const piece = Buffer.concat(chunks)
  while (written < length) {
    const { bytesWritten } = await file.write(piece, written, length - written, position + written)
    written += bytesWritten
  }
}
