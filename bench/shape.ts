/** The repositories that are measured, and what a server tells of the one it made. */

/** What a repository looks like. */
export interface Shape {
  /** Hash bins as PEP 458 has them, as TAP 15 has them, or no bins: every target in one role. */
  readonly layout: 'path-hash-prefixes' | 'succinct' | 'one-role'
  /** Hash bins; for `one-role` the number of targets. */
  readonly size: number
  /** Spaces for each level of the JSON; python-tuf writes 1. */
  readonly indent: number
  /** Whether the 100 MiB file and the thousand small ones are there. */
  readonly files: boolean
  /** How many targets there are to look for, each in a bin of its own where there are bins. */
  readonly apart: number
  /** How many more are in the bin of the first. */
  readonly together: number
}

/** Targets in each bin: about 400 make the 85 KB of PyPI's. */
export const targetsInBin = 400

/** The length of the large file. */
export const largeFile: { readonly path: string; readonly length: number } = {
  path: 'large/file.tar.gz',
  length: 100 * 1024 * 1024,
}

/** The paths of the small files. */
export function smallFiles(): string[] {
  return Array.from({ length: 1000 }, (_, index) => `small/file-${index}.whl`)
}

/** What a server says when it is ready. */
export interface Ready {
  /** The two origins serve the same. `gzip` compresses metadata for those who accept it. */
  readonly origins: { readonly plain: string; readonly gzip: string }
  /** The first root, in base64. */
  readonly root: string
  /** Each in a bin of its own. */
  readonly apart: readonly string[]
  /** All in the bin of the first of `apart`. */
  readonly together: readonly string[]
  /** The name under which the large file is served, if it is there. */
  readonly largeName: string
}

/** What went over the wire since the last time somebody asked. */
export interface Traffic {
  readonly requests: number
  /** From the server: status lines, headers and bodies. */
  readonly bytesReceived: number
  /** To the server. */
  readonly bytesSent: number
  /** The most connections at a time. */
  readonly connections: number
}

/** What a server can be asked. */
export type Order = 'traffic' | 'next-day' | 'end'
