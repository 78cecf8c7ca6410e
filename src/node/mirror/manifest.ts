/**
 * `mirror.json`, the state of a mirror. It names the files that are whole, so that they need not
 * be read again, and the time when each one left the served snapshot. Readers do not use it.
 */
import { MirrorError } from './mirror-error.js'
import { readMirrorFile } from './planted-entries.js'

/** The state of a mirror. */
export interface Manifest {
  /** The versions that are served, or about to be; 0: none. */
  readonly root: number
  readonly timestamp: number
  /** Whether everything but the last renames was done: they can be done again without a request. */
  readonly ready: boolean
  /** Path → its content: `sha256:…`, or an empty text for metadata, which is compared. */
  readonly files: ReadonlyMap<string, string>
  /** Path → when it left the served snapshot, in milliseconds since 1970. */
  readonly left: ReadonlyMap<string, number>
}

/** Bytes. The longest text has 2^29 characters. */
const longest = 512_000_000
const format = 1

/**
 * @internal Undefined without one.
 *
 * @throws MirrorError for a file of that name that is something else: then the folder may be anything
 */
export function readManifest(file: string): Manifest | undefined {
  const bytes = readMirrorFile(file, longest, 'error')
  if (bytes === undefined) return undefined
  try {
    return manifestFrom(JSON.parse(Buffer.from(bytes).toString()))
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause
    const hint = 'begin the mirror anew in another folder'
    throw new MirrorError(file, 'it is not the state of a mirror', hint, { cause })
  }
}

/** Bytes of the list when another file is added. */
export interface MostListed {
  readonly roles: number
  readonly targets: number
}

/** @internal How long `mirror.json` may become, so that it can be read. Targets leave room for the roles of the next snapshots. */
export const mostListed: MostListed = { roles: 480_000_000, targets: 400_000_000 }

/** @internal The bytes that a name may take in `mirror.json`, with its content and the time when it left. */
export function listedLength(path: string): number {
  return 2 * Buffer.byteLength(JSON.stringify(path)) + 200
}

/** @internal Of a new mirror. */
export const emptyManifest: Manifest = {
  root: 0,
  timestamp: 0,
  ready: false,
  files: new Map(),
  left: new Map(),
}

/** @internal Of the next snapshot. Files that are needed again did not leave. */
export function withFiles(manifest: Manifest, needed: ReadonlyMap<string, string>): Manifest {
  const files = new Map([...manifest.files, ...needed])
  const left = new Map(manifest.left)
  for (const path of needed.keys()) left.delete(path)
  return { ...manifest, files, left }
}

/** @internal */
export function manifestText({ root, timestamp, ready, files, left }: Manifest): Uint8Array {
  const [whole, gone] = [Object.fromEntries(files), Object.fromEntries(left)]
  const text = JSON.stringify({ format, root, timestamp, ready, files: whole, left: gone }, null, 1)
  return Buffer.from(`${text}\n`)
}

function manifestFrom(value: unknown): Manifest {
  const { root, timestamp, ready, files, left, ...rest } = recordFrom(value)
  if (rest['format'] !== format) throw new TypeError('another format')
  const whole = Object.entries(recordFrom(files)).map(
    ([path, text]) => [path, textFrom(text)] as const,
  )
  const gone = Object.entries(recordFrom(left)).map(([path, at]) => [path, numberFrom(at)] as const)
  return {
    root: numberFrom(root),
    timestamp: numberFrom(timestamp),
    ready: ready === true,
    files: new Map(whole),
    left: new Map(gone),
  }
}

function recordFrom(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object')
  return value as Record<string, unknown>
}

function textFrom(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not text')
  return value
}

function numberFrom(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError('not a number')
  return value
}
