/** A lock file of any format → its entries. Which format it is, its name says, or its content. */
import { checkInteger } from '../../core/number-option.js'
import { LockFileError } from '../../errors.js'
import { evaluateMarker, type MarkerEnvironment, parseMarker } from '../names/marker.js'
import { looksLikeChecksums, parseChecksums } from './checksums.js'
import type { LockEntry } from './entry.js'
import { readTomlTable } from './lock-document.js'
import type { LockFile, LockFormat, ParsedLock } from './lock-file.js'
import type { LockTable } from './lock-table.js'
import { show } from './locked-file.js'
import { notALock, textLooksLike, tomlLooksLike } from './looks-like.js'
import { parsePdmLock } from './pdm-lock.js'
import { parsePipfileLock } from './pipfile-lock.js'
import { parsePoetryLock } from './poetry-lock.js'
import { parsePylock } from './pylock.js'
import { isProjectName } from './requirements-path.js'
import { parseRequirements, refuseTwoVersions, type RequirementsPorts } from './requirements.js'
import { decodeText, eachLine, refuseLongLines } from './text.js'
import { parseUvLock } from './uv-lock.js'

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

/** Where the content is to say which format of TOML it is. */
type Detected = LockFormat | 'toml'

const formats: readonly (readonly [filename: RegExp, format: Detected])[] = [
  [/^pipfile\.lock$/i, 'Pipfile.lock'],
  [/^poetry\.lock$/i, 'poetry.lock'],
  [/^pdm(?:\..+)?\.lock$/i, 'pdm.lock'],
  [/^uv\.lock$/i, 'uv.lock'],
  [/^pylock(?:\.[^.]+)?\.toml$/, 'pylock.toml'],
  [/^sha-?(?:256|384|512)sums?(?:\.txt)?$|\.sha-?(?:256|384|512)(?:sums?)?$/i, 'SHA256SUMS'],
]

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
    const { format, parsed } = await parse(name, bytes, ports)
    return finish(name, format, parsed, options)
  } catch (error) {
    // Texts that are not lines, such as those of TOML, can still be too long for a pattern.
    if (!(error instanceof RangeError)) throw error
    throw new LockFileError({ file: name }, 'a part of it is too long', { cause: error })
  }
}

async function parse(
  name: string,
  bytes: Uint8Array,
  ports: RequirementsPorts,
): Promise<{ format: LockFormat; parsed: ParsedLock }> {
  const format = detect(name, bytes)
  if (format === 'requirements.txt' || format === 'SHA256SUMS') {
    const found = textLooksLike(decodeText(bytes, name))
    if (found !== undefined) throw notALock(name, found)
  }
  if (format === 'requirements.txt') {
    if (isProjectName(name)) {
      throw new LockFileError({ file: name }, 'uv reads a file of this name as a project or script')
    }
    return { format, parsed: await parseRequirements(bytes, name, ports) }
  }
  if (format === 'Pipfile.lock') return { format, parsed: parsePipfileLock(bytes, name) }
  if (format === 'SHA256SUMS') {
    return { format, parsed: parseChecksums(decodeText(bytes, name), name) }
  }
  const root = await readTomlTable(bytes, name)
  const found = format === 'toml' ? detectToml(root) : format
  return { format: found, parsed: tomlParsers[found](root) }
}

type TomlFormat = Exclude<LockFormat, 'requirements.txt' | 'Pipfile.lock' | 'SHA256SUMS'>

const tomlParsers: Readonly<Record<TomlFormat, (root: LockTable) => ParsedLock>> = {
  'poetry.lock': parsePoetryLock,
  'pdm.lock': parsePdmLock,
  'uv.lock': parseUvLock,
  'pylock.toml': parsePylock,
}

function detect(name: string, bytes: Uint8Array): Detected {
  const filename = name.replace(/^.*[/\\]/s, '')
  const [, known] = formats.find(([pattern]) => pattern.test(filename)) ?? []
  if (known !== undefined) return known
  const text = decodeText(bytes, name)
  if (/^\s*\{/.test(text)) return 'Pipfile.lock'
  if (looksLikeChecksums(text)) return 'SHA256SUMS'
  if (!/\.toml$/i.test(filename) && !looksLikeToml(text)) return 'requirements.txt'
  // No tool looks for one under such a name, and pip would read its lines.
  if (/\.(?:txt|in)$/i.test(filename)) throw notALock(name, 'TOML, by its name it is lines of pip')
  return 'toml'
}

/** Whether the first line that says something is a header or a field. No requirement is either. */
function looksLikeToml(text: string): boolean {
  for (const line of eachLine(text)) {
    if (line.trim() === '' || line.startsWith('#')) continue
    return /^\s*(?:\[\[?[\w."\s-]+\]|[\w-]+\s*=\s*["'[{\d])/.test(line)
  }
  return false
}

function detectToml(root: LockTable): TomlFormat {
  const metadata = root.has('metadata') ? root.table('metadata') : undefined
  if (metadata?.has('lock_version') === true) return 'pdm.lock'
  if (metadata?.has('lock-version') === true) return 'poetry.lock'
  if (root.has('lock-version')) return 'pylock.toml'
  if (root.has('version') && (root.has('package') || root.has('requires-python'))) return 'uv.lock'
  throw notALock(root.place.file, tomlLooksLike(root))
}

function finish(
  name: string,
  format: LockFormat,
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
  if (format === 'requirements.txt') refuseTwoVersions(certain)
  const constraints = (parsed.constraints ?? []).filter(applies)
  const { formatVersion, own, options = [], indexes = [], copied = [] } = parsed
  const named = entries.flatMap(({ index }) => index ?? [])
  return {
    name,
    format,
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
  throw new LockFileError(
    { file: source, ...(line !== undefined && { line }) },
    `${name}: the marker ${show(text)} is not understood`,
  )
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
