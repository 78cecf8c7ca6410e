/**
 * The top-level files of a view under the names of a server, put together from the bytes that its cycle saw. Before
 * they are published a client without a store runs a whole cycle on them, from the oldest root.
 */
import type { Fetcher } from '../../client/fetcher.js'
import type { Limits } from '../../client/limits.js'
import type { Repository } from '../../client/repository.js'
import { memoryStore } from '../../client/store.js'
import { PortedUpdater } from '../../client/updater.js'
import type { Cryptography } from '../../core/keys/cryptography.js'
import { rootEntry, storedRootName, metadataFileName } from '../../core/names.js'
import { NotStoredError } from '../../errors.js'
import { nodeCryptography } from '../cryptography.js'
import type { SeenFiles } from './seen-files.js'

/** The files that a reader asks for before it searches. */
export interface TopLevel {
  /** The version of the newest root. */
  readonly root: number
  /** Version → bytes, oldest first, without a gap. */
  readonly roots: ReadonlyMap<number, Uint8Array>
  /** Name → bytes, of snapshot and targets. */
  readonly versioned: ReadonlyMap<string, Uint8Array>
  readonly timestamp: { readonly version: number; readonly bytes: Uint8Array }
}

/** How the files are proved. */
interface Proving {
  readonly limits?: { readonly [K in keyof Limits]?: Limits[K] | undefined } | undefined
  readonly cryptography?: Cryptography
}

const roles = ['timestamp', 'snapshot', 'targets'] as const

/**
 * @internal
 * @throws NotStoredError when another process changed the store meanwhile; the errors of an update cycle
 */
export async function topLevelOf(
  repository: Pick<Repository, 'now' | 'root' | (typeof roles)[number]>,
  seen: SeenFiles,
  { limits, cryptography = nodeCryptography }: Proving = {},
): Promise<TopLevel> {
  const roots = new Map<number, Uint8Array>()
  for (let version = repository.root.version; version > 0; version--) {
    const bytes = seen.root(version)
    if (bytes === undefined) break
    roots.set(version, bytes)
  }
  const [timestamp, snapshot, targets] = roles.map((role) => required(seen.topLevel(role), role))
  const files = { timestamp, snapshot, targets }
  const oldest = [...roots.values()].at(-1)
  await prove(repository, [...roots], files, {
    limits,
    cryptography,
    root: required(oldest, 'root'),
  })
  return {
    root: repository.root.version,
    roots: new Map([...roots].reverse()),
    versioned: new Map(
      (['snapshot', 'targets'] as const).map((role) => [
        metadataFileName(role, repository[role].version),
        required(files[role], role),
      ]),
    ),
    timestamp: {
      version: repository.timestamp.version,
      bytes: required(timestamp, 'timestamp'),
    },
  }
}

const nobody: Fetcher = { fetch: () => Promise.reject(new TypeError('no request is made')) }

async function prove(
  repository: Parameters<typeof topLevelOf>[0],
  roots: readonly (readonly [number, Uint8Array])[],
  files: Readonly<Record<(typeof roles)[number], Uint8Array | undefined>>,
  given: Pick<ConstructorParameters<typeof PortedUpdater>[0], 'limits' | 'root' | 'cryptography'>,
): Promise<void> {
  const store = memoryStore()
  for (const [version, bytes] of roots) await store.set(storedRootName(version), bytes)
  await store.set(rootEntry, required(roots[0]?.[1], 'root'))
  for (const role of roles) await store.set(`${role}.json`, required(files[role], role))
  const updater = new PortedUpdater({
    ...given,
    metadataUrl: 'https://mirror.invalid/',
    store,
    fetcher: nobody,
  })
  const view = await updater.refresh({ mode: 'offline', now: repository.now })
  for (const role of ['root', ...roles] as const) {
    // Another process stored a newer one, which this view is not about.
    if (view[role].version !== repository[role].version) throw new NotStoredError(`${role}.json`)
  }
}

function required(bytes: Uint8Array | undefined, role: string): Uint8Array {
  if (bytes === undefined) throw new NotStoredError(`${role}.json`)
  return bytes
}
