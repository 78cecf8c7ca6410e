/** Gathers chunks into large pieces and writes one piece while it gathers the next. */
/** The bytes, or the chunks, that fill a piece. */
const pieceLength = 1_048_576
const pieceChunks = 256

/** @internal A file that is open, with as much of a `FileHandle` as is used. */
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

/**
 * @internal Call `end` before the file is closed: `add` may return before its bytes are written.
 */
export class BatchWriter {
  readonly #file: WritableFile
  #chunks: Uint8Array[] = []
  #gathered = 0
  #position = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(file: WritableFile) {
    this.#file = file
  }

  /**
   * Takes a chunk, which must not change any more. Returns a promise when the caller must wait for
   * the disk.
   */
  add(chunk: Uint8Array): Promise<void> | undefined {
    this.#chunks.push(chunk)
    this.#gathered += chunk.length
    const full = this.#gathered >= pieceLength || this.#chunks.length >= pieceChunks
    return full ? this.#write() : undefined
  }

  /** Resolves when every chunk is in the file. */
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
    // The next caller that waits gets the error; until then it must not count as unhandled.
    this.#writing.catch(() => undefined)
  }
}

/** @internal Every chunk, in order; a chunk must not change any more. */
export async function writeWhole(
  file: WritableFile,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const writer = new BatchWriter(file)
  for await (const chunk of chunks) {
    const full = writer.add(chunk)
    if (full !== undefined) await full
  }
  await writer.end()
}

async function writeAll(file: WritableFile, chunks: Uint8Array[], position: number): Promise<void> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  let { bytesWritten: written } = await file.writev(chunks, position)
  if (written === length) return
  // A disk that is nearly full takes a part, and then names the reason.
  const piece = Buffer.concat(chunks)
  while (written < length) {
    const { bytesWritten } = await file.write(piece, written, length - written, position + written)
    written += bytesWritten
  }
}
