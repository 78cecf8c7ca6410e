/** Files that a program, or one judgement, read earlier, so that the same bytes need not be read again. */
import type { Envelope, SignedByType } from './model.js'

/**
 * @internal A memory of {@link Envelope}s by all bytes of their files, for one set of options. It
 * decides nothing: it gives what reading the bytes again would give, and every judgement of it is
 * made anew. Bytes that are read with a memory must never change.
 */
export interface KeptFiles {
  /** The envelope that was read from these very bytes, if it is kept. */
  find<T extends keyof SignedByType>(
    type: T,
    role: string,
    bytes: Uint8Array,
  ): Envelope<SignedByType[T]> | undefined
  /** The file that is kept of a role other than root, so that a store can say whether its own differs. */
  bytesOf(role: string): Uint8Array | undefined
  /** Takes note of an envelope, without keeping it or its bytes in memory. */
  note<T extends keyof SignedByType>(
    type: T,
    role: string,
    bytes: Uint8Array,
    envelope: Envelope<SignedByType[T]>,
  ): void
  /** A threshold of keys signed it, so it may take up room. */
  keep(envelope: Envelope): void
}

/** @internal The files of one judgement, by the object that holds their bytes. */
export class ReadFiles {
  readonly #read = new Map<Uint8Array, { [T in keyof SignedByType]?: Envelope<SignedByType[T]> }>()

  find<T extends keyof SignedByType>(
    type: T,
    bytes: Uint8Array,
  ): Envelope<SignedByType[T]> | undefined {
    return this.#read.get(bytes)?.[type]
  }

  note<T extends keyof SignedByType>(
    type: T,
    bytes: Uint8Array,
    envelope: Envelope<SignedByType[T]>,
  ): void {
    this.#read.set(bytes, { ...this.#read.get(bytes), [type]: envelope })
  }
}
