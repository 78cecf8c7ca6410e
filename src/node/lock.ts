/**
 * A lock between processes: a file that names its holder. Rules (docs/adr/0003-store-lock.md):
 * - a holder that certainly died is replaced at once;
 * - a holder whose state is unknown is replaced after the waiter watched it for `patience` by its
 *   own clock; a holder therefore checks before each write that it still holds the lock;
 * - a process claims the removal of another's lock first, so that it never removes a newer lock;
 * - an entry that is not a file was planted, is not a lock, and is cleared away under such a claim.
 */
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Clock, systemClock } from '../client/clock.js'
import { readPlainFile } from './plain-file.js'
import { clearAway, kindAt, type PathKind } from './planted.js'
import { identityFrom, isDead, ownIdentity } from './process-identity.js'
import { hasCode } from './system-error.js'
import { temporaryName } from './temporary-name.js'

/** @internal Milliseconds that an unchanged lock is waited for. */
const patience = 10_000

const longest = 4_096

/** @internal A lock that was acquired. */
export interface Lock {
  /** False once another process took it over. */
  isHeld(): boolean
  release(): void
}

/** @internal How a lock is waited for. */
export interface LockOptions {
  readonly clock?: Clock | undefined
  /** Called for an entry that was cleared away. */
  readonly onPlanted?: ((kind: PathKind, movedTo: string | undefined) => void) | undefined
  /** Makes a hard link. Default: the system's. */
  readonly link?: ((from: string, to: string) => void) | undefined
}

/** @internal Waits until the lock at `path` is this caller's. Its folder exists. */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<Lock> {
  const { clock = systemClock, onPlanted = () => undefined, link = linkSync } = options
  const text = JSON.stringify({ ...ownIdentity(), token: randomBytes(16).toString('hex') })
  let seen: string | undefined
  let since = 0
  for (;;) {
    const found = read(path)
    if (found === undefined) {
      if (create(path, text, link)) break
      continue
    }
    if (found !== seen) {
      seen = found
      since = clock.now()
    }
    const watched = clock.now() - since
    const holder = identityFrom(found)
    if (found === planted || watched >= patience || (holder !== undefined && isDead(holder))) {
      remove(path, found, watched, { onPlanted, link })
    }
    await new Promise<void>((resolve) => clock.setTimer(5 + Math.random() * 10, resolve))
  }
  return {
    isHeld: () => read(path) === text,
    release() {
      if (read(path) === text) rmSync(path, { force: true })
    },
  }
}

type Chosen = { readonly [K in 'onPlanted' | 'link']-?: NonNullable<LockOptions[K]> }

/** @internal For `long-lock.ts`: false where there is a lock. */
export function createLockFile(path: string, text: string): boolean {
  return create(path, text, linkSync)
}

/** @internal For `long-lock.ts`: the text of the lock at `path`, undefined without one. */
export function readLockFile(path: string): string | undefined {
  return read(path)
}

/** @internal For `long-lock.ts`: removes the lock `found`, and never one that came after it. */
export function removeLockFile(path: string, found: string): void {
  remove(path, found, 0, { onPlanted: () => undefined, link: linkSync })
}

/** Makes a file with all of its text, or none, so that a file always names its process. */
function create(path: string, text: string, link: Chosen['link']): boolean {
  const temporary = join(dirname(path), temporaryName('tmp'))
  write(temporary, text)
  try {
    link(temporary, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    if (!noLinks.some((code) => hasCode(error, code))) throw error
  } finally {
    rmSync(temporary, { force: true })
  }
  try {
    write(path, text)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Of file systems without hard links: exFAT on Windows has EISDIR, a policy of Android EACCES. */
const noLinks = ['EPERM', 'EACCES', 'EISDIR', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** Throws EEXIST for a path that is there. */
function write(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, text)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

/** Stands for an entry that is not a file. A file with this text is not a lock either. */
const planted = 'planted'

function read(path: string): string | undefined {
  try {
    const bytes = readPlainFile(path, longest, 'cut')
    return bytes === undefined ? undefined : Buffer.from(bytes).toString()
  } catch (error) {
    const kind = kindAt(path)
    if (kind === 'file') throw error
    return kind === undefined ? undefined : planted
  }
}

/** Removes the lock `found`, and never one that came after it. */
function remove(path: string, found: string, watched: number, { onPlanted, link }: Chosen): void {
  const claim = `${path}-${createHash('sha256').update(found).digest('hex').slice(0, 32)}.tmp`
  if (!create(claim, JSON.stringify(ownIdentity()), link)) {
    const claimant = identityFrom(read(claim) ?? '')
    const left = claimant !== undefined && isDead(claimant)
    if (read(claim) === planted) clearAway(claim, dirname(path))
    else if (left || watched >= 2 * patience) rmSync(claim, { force: true })
    return
  }
  if (read(path) === found) {
    const kind = kindAt(path)
    if (kind === 'file') rmSync(path, { force: true })
    else if (kind !== undefined) onPlanted(kind, clearAway(path, dirname(path)))
  }
  rmSync(claim, { force: true })
}
