/** A lock file of any format → its entries. */
import { checkInteger } from '../../core/number-option.js'
import { LockFileError } from '../../errors.js'
import { evaluateMarker, type MarkerEnvironment, parseMarker } from '../names/marker.js'
import { LockContent } from './content.js'
import type { LockEntry, LockOption, ParsedLock } from './entry.js'
import { type Format, formatOf, type LockFormat } from './formats.js'
import { LockPlace, show } from './place.js'
import { refuseLongLines } from './text.js'

/** A lock file as it was read. */
export interface LockFile {
  /** As it was given. */
  readonly name: string
  readonly format: LockFormat
  /** The version of the format, as written, where files state one. */
  readonly formatVersion?: string
  /** In the order of the file; those of included files where they are included. */
  readonly entries: readonly LockEntry[]
  /**
   * The project that the lock file is of, where it is an entry too (uv.lock, pylock.toml): it is
   * the folder of the lock file and is not fetched.
   */
  readonly own?: LockEntry
  /** Entries whose marker is false in the given environment. */
  readonly skipped: readonly LockEntry[]
  /** The entries of `-c` files in requirements.txt: they do not install a project by themselves. */
  readonly constraints: readonly LockEntry[]
  /** Of requirements.txt and all that it includes, in the order in which pip meets them. */
  readonly options: readonly LockOption[]
  /** URLs of included files of which a copy was read. An installer fetches them itself. */
  readonly copied: readonly string[]
  /** URLs of every index that is named, each once. */
  readonly indexes: readonly string[]
}

/** How a lock file is read. */
export interface ReadLockOptions {
  /**
   * The bytes of a file that a requirements file includes: its path joined to the folder of `name`.
   * For a path with `..` after a folder it is called both with `..` and without, and the bytes must
   * be equal: installers differ in the one they open, and a link can make them two files. Its
   * errors become the `cause` of a LockFileError. Default: includes are refused.
   */
  readonly read?: ((path: string) => Promise<Uint8Array>) | undefined
  /**
   * URL → the bytes of a local copy, for `-r` and `-c` with a URL. The URL is not fetched, though
   * an installer fetches it: the caller answers for the copy. Default: such URLs are refused.
   */
  readonly copies?: ReadonlyMap<string, Uint8Array> | undefined
  /**
   * The environment to install into: entries whose marker is false there are `skipped`. Default:
   * unknown, and every entry counts, whatever its marker.
   */
  readonly environment?: MarkerEnvironment | undefined
  /** Environment variables for `${NAME}` in requirements files. Default: none. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined
  /** The longest file, in bytes. Default 64,000,000. */
  readonly maxLength?: number | undefined
}

const defaultMaxLength = 64_000_000

/**
 * Reads a lock file. An unknown line or field is an error, because it may say which files are
 * meant.
 *
 * @param name the path of the file, as errors and entries are to show it
 * @throws LockFileError (`ERR_TUF_LOCK_INVALID`)
 *
 * @example
 * ```ts runs
 * import { readFile, writeFile } from 'node:fs/promises'
 * import { readLock } from 'tuffet/pypi'
 *
 * await writeFile('requirements.txt', `requests==2.32.3 --hash=sha256:${'0'.repeat(64)}`)
 * const lock = await readLock('requirements.txt', await readFile('requirements.txt'))
 * lock.entries[0]?.version // '2.32.3'
 * ```
 */
export async function readLock(
  name: string,
  bytes: Uint8Array,
  options: ReadLockOptions = {},
): Promise<LockFile> {
  const { maxLength = defaultMaxLength, read = refuseInclude, variables = {} } = options
  checkInteger('maxLength', maxLength, 0)
  checkSize(bytes, name, maxLength)
  const { copies } = options
  for (const [url, copy] of copies ?? []) checkSize(copy, url, maxLength)
  const ports = {
    variables,
    copies,
    async read(path: string): Promise<Uint8Array> {
      const included = await read(path)
      checkSize(included, path, maxLength)
      return included
    },
  }
  try {
    const content = new LockContent(name, bytes)
    const format = await formatOf(content)
    const parsed =
      format.syntax === 'toml'
        ? format.read(await content.toml())
        : await format.read(content, ports)
    return finish(name, format, parsed, options)
  } catch (error) {
    // Texts that are not lines, such as those of TOML, can still be too long for a pattern.
    if (!(error instanceof RangeError)) throw error
    throw new LockFileError({ file: name }, 'a part of it is too long', { cause: error })
  }
}

function finish(
  name: string,
  format: Format,
  parsed: ParsedLock,
  { environment = {} }: ReadLockOptions,
): LockFile {
  const skipped: LockEntry[] = []
  const certain: LockEntry[] = []
  const applies = (entry: LockEntry): boolean => {
    const holds = entry.marker === undefined || holdsIn(environment, entry, entry.marker)
    if (holds === true) certain.push(entry)
    if (holds === false) skipped.push(entry)
    return holds !== false
  }
  const entries = parsed.entries.filter(applies)
  if (format.syntax === 'text') format.refuseTogether?.(certain)
  const constraints = (parsed.constraints ?? []).filter(applies)
  const { formatVersion, own, options = [], indexes = [], copied = [] } = parsed
  const named = entries.flatMap(({ index }) => index ?? [])
  return {
    name,
    format: format.name,
    ...(formatVersion !== undefined && { formatVersion }),
    entries,
    ...(own && { own }),
    skipped,
    constraints,
    options,
    copied,
    indexes: [...new Set([...indexes, ...named])],
  }
}

function holdsIn(
  environment: MarkerEnvironment,
  { name, source = '', line }: LockEntry,
  text: string,
): boolean | undefined {
  const marker = parseMarker(text)
  if (marker) return evaluateMarker(marker, environment)
  throw new LockPlace(source, line).refusal(`${name}: the marker ${show(text)} is not understood`)
}

function checkSize(bytes: Uint8Array, file: string, maxLength: number): void {
  if (bytes.length > maxLength) {
    throw new LockFileError({ file }, `it is ${bytes.length} bytes long, more than ${maxLength}`)
  }
  refuseLongLines(bytes, file)
}

async function refuseInclude(path: string): Promise<never> {
  throw new LockFileError({ file: path }, 'included files are not read here')
}
