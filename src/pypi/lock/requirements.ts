/**
 * requirements.txt, with the files that it includes. Whatever is on a line is a requirement, an
 * option, an include, or an error.
 */
import { sameBytes } from '../../core/bytes.js'
import { LockFileError } from '../../errors.js'
import { versionKey } from '../names/version.js'
import type { LockEntry } from './entry.js'
import type { LockOption, ParsedLock } from './lock-file.js'
import { longestPath, showWhole } from './locked-file.js'
import { includes, type LineOption, type LinePlace, readLines } from './requirement-lines.js'
import { parseRequirement, perRequirement } from './requirement.js'
import { pathProblem } from './requirements-path.js'
import { refuseScript } from './script-block.js'
import { decodeText } from './text.js'

/** The functions that reading them needs. */
export interface RequirementsPorts {
  /** The bytes of an included file. */
  read(path: string): Promise<Uint8Array>
  /** URL → the bytes of a local copy. */
  readonly copies?: ReadonlyMap<string, Uint8Array> | undefined
  /** Environment variables for `${NAME}`. */
  readonly variables: Readonly<Record<string, string | undefined>>
}

/**
 * More files than any project uses, and few enough for a file that includes itself in many ways.
 */
const maxIncludes = 1000

/**
 * Reads a file and all that it includes.
 *
 * @throws LockFileError for a line that is not understood, a file that includes itself, one that
 *   cannot be read, and more than 1,000 included files
 */
export async function parseRequirements(
  bytes: Uint8Array,
  name: string,
  ports: RequirementsPorts,
): Promise<ParsedLock> {
  const reader = new RequirementsReader(ports)
  const top = { file: name, path: name, chain: [resolved(name)] }
  await reader.read(bytes, top, reader.entries)
  const { entries, constraints, options, copied } = reader
  const indexes = options.filter(({ name }) => /^--(?:extra-)?index-url$/.test(name))
  return {
    entries,
    constraints,
    options,
    indexes: indexes.map(({ value = '' }) => value),
    copied: [...copied],
  }
}

/**
 * Refuses two versions of one project that would both be installed.
 *
 * @throws LockFileError
 */
export function refuseTwoVersions(entries: readonly LockEntry[]): void {
  const first = new Map<string, LockEntry>()
  for (const entry of entries) {
    const { name, version, source = '', line } = entry
    if (version === undefined || name === '') continue
    const other = first.get(name)
    if (other?.version !== undefined && versionKey(other.version) !== versionKey(version)) {
      throw new LockFileError(
        { file: source, ...(line !== undefined && { line }) },
        `${name} ${version}, and ${other.version} in ${other.source ?? ''}:${other.line ?? ''}`,
      )
    }
    if (!other) first.set(name, entry)
  }
}

class RequirementsReader {
  readonly entries: LockEntry[] = []
  readonly constraints: LockEntry[] = []
  readonly options: LockOption[] = []
  readonly copied = new Set<string>()
  readonly #ports: RequirementsPorts
  #includes = 0

  constructor(ports: RequirementsPorts) {
    this.#ports = ports
  }

  async read(bytes: Uint8Array, source: Source, entries: LockEntry[]): Promise<void> {
    const { file } = source
    const text = decodeText(bytes, file)
    refuseScript(text, file)
    for (const line of readLines(text, file, this.#ports.variables)) {
      const place = { file, line: line.line }
      const [option, ...more] = line.options
      if (line.requirement !== '' || line.options.some(({ name }) => name === '--editable')) {
        entries.push(parseRequirement(line, file))
      } else if (!line.options.some(({ name }) => includes.includes(name))) {
        for (const one of line.options) this.options.push(keptOption(one, place))
      } else if (option === undefined || more.length > 0) {
        throw new LockFileError(place, 'pip would take one of these options only')
      } else {
        // A requirement in a constraints file is installed all the same: pip decides by the last
        // include.
        const into = option.name === '--constraint' ? this.constraints : this.entries
        await this.#include(option.value ?? '', into, source, place)
      }
    }
  }

  async #include(
    path: string,
    entries: LockEntry[],
    source: Source,
    place: LinePlace,
  ): Promise<void> {
    const url = urlOf(path, source.file)
    if (url !== undefined) return this.#includeCopy(url, entries, source, place)
    const joined = joinPath(source.path, path)
    const problem = pathProblem(path)
    if (problem !== undefined || joined.length > longestPath) {
      throw new LockFileError(place, `${showWhole(path)} ${problem ?? 'is not the path of a file'}`)
    }
    const file = resolved(joinPath(source.file, path))
    if (source.chain.includes(file)) {
      throw new LockFileError(place, `${showWhole(file)} includes itself`)
    }
    this.#count(place)
    const bytes = await this.#read(file, place)
    if (joined !== file && !sameBytes(bytes, await this.#read(joined, place))) {
      const reason = `${showWhole(joined)} is another file than ${showWhole(file)}: a link is on the way`
      throw new LockFileError(place, reason)
    }
    await this.read(bytes, { file, path: joined, chain: [...source.chain, file] }, entries)
  }

  /** The URL is not fetched: the caller answers for its copy. */
  async #includeCopy(
    url: string,
    entries: LockEntry[],
    source: Source,
    place: LinePlace,
  ): Promise<void> {
    const bytes = this.#ports.copies?.get(url)
    if (bytes === undefined) {
      const reason = 'tuffet does not fetch it; save a copy, and name it (--include URL=FILE)'
      throw new LockFileError(
        place,
        `${showWhole(url)} is a URL, not the path of a file: ${reason}`,
      )
    }
    if (source.chain.includes(url)) {
      throw new LockFileError(place, `${showWhole(url)} includes itself`)
    }
    this.#count(place)
    this.copied.add(url)
    await this.read(bytes, { file: url, path: url, chain: [...source.chain, url] }, entries)
  }

  #count(place: LinePlace): void {
    if (++this.#includes <= maxIncludes) return
    throw new LockFileError(place, `more than ${maxIncludes} files are included`)
  }

  async #read(path: string, place: LinePlace): Promise<Uint8Array> {
    try {
      return await this.#ports.read(path)
    } catch (error) {
      if (error instanceof LockFileError) throw error
      throw new LockFileError(place, `${showWhole(path)} cannot be read`, { cause: error })
    }
  }
}

/** A file under both names that installers use for it: they can differ where links are involved. */
interface Source {
  /** `..` resolved by text, as newer pip does. */
  readonly file: string
  /** `..` left to the file system, as uv and older pip do. */
  readonly path: string
  /** The file and those through which it is included. */
  readonly chain: readonly string[]
}

function keptOption({ name, value }: LineOption, { file, line }: LinePlace): LockOption {
  // pip only warns and ignores it.
  if (perRequirement.includes(name)) {
    throw new LockFileError({ file, line }, `${name} does not follow a requirement`)
  }
  return { name, ...(value !== undefined && { value }), source: file, line }
}

const remote = /^https?:\/\/[^/]/i

/** The URL that is included, by itself or beside one; undefined for a file. */
function urlOf(path: string, from: string): string | undefined {
  if (remote.test(path)) return path
  return remote.test(from) && URL.canParse(path, from) ? new URL(path, from).href : undefined
}

/** `path` as seen from the folder of `file`, without `.`. */
function joinPath(file: string, path: string): string {
  const folder = file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  const whole = path.startsWith('/') ? path : folder + path
  const plain = (segment: string, at: number): boolean =>
    segment !== '.' && (segment !== '' || at === 0)
  return whole.split('/').filter(plain).join('/')
}

/** With `..` resolved where it can be. */
function resolved(path: string): string {
  const segments: string[] = []
  for (const segment of joinPath('', path).split('/')) {
    const last = segments.at(-1)
    if (segment !== '..' || last === undefined || last === '..') segments.push(segment)
    else if (last !== '') segments.pop()
  }
  return segments.join('/')
}
