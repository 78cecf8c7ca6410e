/**
 * Every version of every published file, by publication. A file is made when it is first asked for,
 * so 16,384 bins are free until a client wants one.
 */

/** Which of the two base URLs a file is served below. */
export type FileKind = 'metadata' | 'target'

/** A file that is made when it is first asked for. */
export interface PublishedFile {
  bytes(): Uint8Array
}

/** A file from a function that is called at most once. */
export function lazyFile(make: () => Uint8Array): PublishedFile {
  let made: Uint8Array | undefined
  return { bytes: () => (made ??= make()) }
}

interface Entry {
  readonly publication: number
  readonly file: PublishedFile
}

export class FileHistory {
  readonly #files: Record<FileKind, Map<string, Entry[]>>
  readonly #parent: FileHistory | undefined
  readonly #forkedAt: number
  /** The newest publication; 0 before the first. */
  publication: number

  /** With a parent: everything that the parent published so far. */
  constructor(parent?: FileHistory) {
    this.#files = { metadata: new Map(), target: new Map() }
    this.#parent = parent
    this.#forkedAt = parent?.publication ?? 0
    this.publication = this.#forkedAt
  }

  /** Adds a file, by its name as served, to the newest publication. */
  put(kind: FileKind, name: string, file: PublishedFile): void {
    const entries = this.#files[kind].get(name)
    const entry = { publication: this.publication, file }
    if (entries) entries.push(entry)
    else this.#files[kind].set(name, [entry])
  }

  /** The file as it was served right after a publication; undefined if it did not exist then. */
  get(kind: FileKind, name: string, publication: number): PublishedFile | undefined {
    const own = this.#files[kind].get(name)?.findLast((entry) => entry.publication <= publication)
    return own?.file ?? this.#parent?.get(kind, name, Math.min(publication, this.#forkedAt))
  }

  /** Every name that was served right after a publication. */
  names(kind: FileKind, publication: number): string[] {
    const inherited = this.#parent?.names(kind, Math.min(publication, this.#forkedAt)) ?? []
    const names = new Set(inherited)
    for (const [name, entries] of this.#files[kind]) {
      if (entries.some((entry) => entry.publication <= publication)) names.add(name)
    }
    return [...names]
  }
}
