/** The task of a measured process: its only argument names a JSON file that describes it. */
import { readFileSync } from 'node:fs'

/** One run of a client. */
export interface Task {
  /** Ends with `/`. */
  readonly metadataUrl: string
  /** Ends with `/`. */
  readonly targetsUrl: string
  /** The file with the root that came with the application. */
  readonly root: string
  /** The folder where the client keeps metadata; empty or filled by an earlier run of its own. */
  readonly store: string
  /** Whether `store` is filled. Only the floor needs this. */
  readonly filled: boolean
  /** The path that is looked for first, after a refresh. */
  readonly find: string
  /** Looked for after that; these are measured apart. */
  readonly then?: readonly string[]
  /** How many of `then` are looked for at the same time. Default 1. */
  readonly parallel?: number
  /** Fetched in the end, each into this folder; these are measured apart. */
  readonly download?: { readonly paths: readonly string[]; readonly folder: string }
  /** For the floor and for downloads by hand. */
  readonly http?: Http
  /** For the floor: how it comes by the canonical form. */
  readonly canonical?: 'scan' | 'objects'
}

/** A command line to run several times. */
export interface CommandTask {
  readonly command: readonly string[]
  /** Where it runs. */
  readonly folder: string
  readonly times: number
}

/** The HTTP clients in Node. */
export type Http = 'node:http' | 'fetch' | 'undici'

/** The task of this process. */
export function readTask(): Task {
  return JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
}
