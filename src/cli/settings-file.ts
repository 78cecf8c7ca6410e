/**
 * The settings file: the one that `--config` names, or `tuffet.json` in the current folder. The
 * maker of that folder chose its content, so a file that was only found is trusted less:
 * docs/adr/0013-settings-that-were-found.md.
 */
import type { Stats } from 'node:fs'
import { lstat, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { readJson } from '../core/json/read.js'
import { isJsonObject, JsonSyntaxError } from '../core/json/value.js'
import { openPlainFile, PlainFileError, readOpened, readWhole } from '../node/plain-file.js'
import { hasCode } from '../node/system-error.js'
import { printLine, type Io } from './io.js'
import { whyForeign } from './owner.js'
import { UsageError } from './usage-error.js'

/** The content of a settings file, not yet interpreted. */
export interface SettingsFile {
  /** Absolute. */
  readonly path: string
  /** True for a file that was found and not named. */
  readonly found: boolean
  readonly fields: ReadonlyMap<string, unknown>
}

/** Bytes. */
const longest = 1_000_000

/**
 * The file that `config` names, or else the one that is found; undefined when neither exists, or
 * when others could write the file, which is reported on standard error.
 *
 * @throws UsageError for a file that is not understood; the errors of the file system
 */
export async function readSettingsFile(
  config: string | undefined,
  io: Io,
  needed = false,
): Promise<SettingsFile | undefined> {
  if (config === undefined) return findSettingsFile(io, needed)
  const path = resolve(io.folder, config)
  const bytes = await readWhole(path, longest, { signal: io.signal })
  return { path, found: false, fields: fieldsIn(bytes, path) }
}

async function findSettingsFile(io: Io, needed: boolean): Promise<SettingsFile | undefined> {
  const path = join(io.folder, 'tuffet.json')
  const opened = await openFound(path).catch((error: unknown) => {
    const reason = whyUnreadable(error)
    if (reason === undefined) throw error
    if (reason !== 'is not there') passOver(path, reason, io, needed)
    return undefined
  })
  if (!opened) return undefined
  const { file } = opened
  try {
    const foreign = await whyFileForeign(path, opened.stat, io)
    if (foreign !== undefined) {
      passOver(path, foreign, io, needed)
      return undefined
    }
    const bytes = await readOpened(file, opened.stat, longest, path, io.signal)
    return { path, found: true, fields: fieldsIn(bytes, path) }
  } finally {
    await file.close()
  }
}

/** A link is not followed: paths in the file would lead elsewhere than where it was written for. */
function openFound(path: string): ReturnType<typeof openPlainFile> {
  return openPlainFile(path, { followLinks: false })
}

/**
 * As a clause; undefined for an error that may be the system's fault, which must not be passed
 * over.
 */
function whyUnreadable(error: unknown): string | undefined {
  if (hasCode(error, 'ENOENT')) return 'is not there'
  if (hasCode(error, 'ELOOP', 'EMLINK')) return 'is a symbolic link'
  if (error instanceof PlainFileError || hasCode(error, 'ENXIO')) return 'is not a regular file'
  return hasCode(error, 'EACCES') ? 'cannot be read' : undefined
}

async function whyFileForeign(path: string, file: Stats, io: Io): Promise<string | undefined> {
  const itself = whyForeign(file, io.user)
  if (itself !== undefined) return itself
  const around = whyForeign(await stat(dirname(path)), io.user)
  return around === undefined ? undefined : `is in a folder that ${around}`
}

/** Without pins everything is accepted: a file that may hold them is not passed over. */
function passOver(path: string, reason: string, { stderr }: Io, needed: boolean): void {
  if (needed) {
    throw new UsageError(
      `${path} ${reason}, and its pins would not count; --config ${path} uses it`,
    )
  }
  printLine(stderr, `tuffet: not used: ${path} ${reason}; --config ${path} uses it`)
}

function fieldsIn(bytes: Uint8Array, path: string): ReadonlyMap<string, unknown> {
  let value
  try {
    value = readJson(bytes).value
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    throw new UsageError(`${path} is not JSON: ${error.message}`, { cause: error })
  }
  if (!isJsonObject(value)) throw new UsageError(`${path} must hold an object`)
  return new Map<string, unknown>(Object.entries(value))
}

/**
 * Requires that a path in a found file stays in its folder, and that all folders on the way belong
 * to the user. A link counts as its end.
 *
 * @param name as errors are to call it
 * @throws UsageError
 */
export async function checkFoundPath(
  file: SettingsFile,
  name: string,
  path: string,
  io: Io,
): Promise<void> {
  const refuse = (reason: string, cause?: unknown): never => {
    const way = `--config ${file.path} allows it`
    throw new UsageError(`${file.path}: ${name} ${reason}; ${way}`, { cause })
  }
  const folder = await realpath(dirname(file.path))
  let existing = path
  // A path that does not exist yet is not a link.
  while (!(await isThere(existing))) existing = dirname(existing)
  const real = await realpath(existing).catch((error: unknown) => {
    return refuse('leads through a link to nowhere', error)
  })
  const whole = join(real, relative(existing, path))
  if (whole === folder || !whole.startsWith(folder + sep)) refuse('leads out of its folder')
  for (let at = real; at.startsWith(folder + sep); at = dirname(at)) {
    const foreign = whyForeign(await stat(at), io.user)
    if (foreign !== undefined) refuse(`leads to ${at}, which ${foreign}`)
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}
