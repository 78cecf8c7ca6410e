/** The measured repositories, and a server's description of its own. */
import { hash } from 'node:crypto'

/** The shape of a repository. */
export interface Shape {
  /** Hash bins as in PEP 458, as in TAP 15, or no bins: every target in one role. */
  readonly layout: 'path-hash-prefixes' | 'succinct' | 'one-role'
  /** Hash bins; for `one-role` the number of targets. */
  readonly size: number
  /** Spaces for each level of the JSON; python-tuf writes 1. */
  readonly indent: number
  /** Whether to publish the 100 MiB file and the thousand small ones. */
  readonly files: boolean
  /** How many projects have an index page. Default 0. */
  readonly pages?: number
  /** Targets that are listed and not served. Default: none. */
  readonly entries?: readonly ListedTarget[]
  /** The number of targets to look for, each in another bin if the repository uses bins. */
  readonly apart: number
  /** How many more are in the bin of the first. */
  readonly together: number
}

/** A target whose file is somewhere else. */
export interface ListedTarget {
  readonly path: string
  /** Bytes. */
  readonly length: number
  /** In hexadecimal. */
  readonly sha256: string
}

/** Targets in each of 16,384 bins, by the number of files on PyPI in 2026: 17 million. */
export const targetsInBin = 1_083

/** The length of the large file. */
export const largeFile: { readonly path: string; readonly length: number } = {
  path: 'large/file.tar.gz',
  length: 100 * 1024 * 1024,
}

/** The paths of the small files. */
export function smallFiles(): string[] {
  return Array.from({ length: 1000 }, (_, index) => `small/file-${index}.whl`)
}

/** A project with an index page. */
export interface PagedProject {
  readonly project: string
  /** One of its twenty releases. */
  readonly version: string
  readonly versions: readonly string[]
  /** Of the wheel of a release. */
  readonly sha256: (version: string) => string
}

/** The projects with a page. */
export function lockedPages(count: number): PagedProject[] {
  const versions = Array.from({ length: 20 }, (_, minor) => `1.${minor}`)
  return Array.from({ length: count }, (_, index) => ({
    project: `project-${index}`,
    version: '1.7',
    versions,
    sha256: (version) => hash('sha256', `${index} ${version}`),
  }))
}

/** The message of a server when it is ready. */
export interface Ready {
  /** The two origins serve the same. `gzip` compresses metadata for those who accept it. */
  readonly origins: { readonly plain: string; readonly gzip: string }
  /** The first root, in base64. */
  readonly root: string
  /** Each in another bin. */
  readonly apart: readonly string[]
  /** All in the bin of the first of `apart`. */
  readonly together: readonly string[]
  /** The name of the large file, if it is published. */
  readonly largeName: string
}

/** The traffic since the last request for it. */
export interface Traffic {
  readonly requests: number
  /** From the server: status lines, headers and bodies. */
  readonly bytesReceived: number
  /** To the server. */
  readonly bytesSent: number
  /** The most connections at a time. */
  readonly connections: number
}

/** The requests that a server understands. */
export type Order = 'traffic' | 'next-day' | 'end'
