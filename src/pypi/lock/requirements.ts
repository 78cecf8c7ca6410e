/**
 * requirements.txt, with the files that it includes. Whatever is on a line is a requirement, an
 * option, an include, or an error.
 */
import { sameBytes } from '../../core/bytes.js'
import { LockFileError } from '../../errors.js'
import { versionKey } from '../names/version.js'
import type { LockEntry, LockOption, ParsedLock } from './entry.js'
import type { LockPorts, TextFormat } from './format.js'
import { LockPlace, longestPath, showWhole } from './place.js'
import { includes, type LineOption, readLines, type RequirementLine } from './requirement-lines.js'
import { parseRequirement, perRequirement } from './requirement.js'
import { isProjectName, pathProblem } from './requirements-path.js'
import { refuseScript } from './script-block.js'
import { decodeText } from './text.js'

/**
 * More files than any project uses, and few enough for a file that includes itself in many ways.
 */
const maxIncludes = 1000

export const requirements: TextFormat = {
  syntax: 'text',
  read(content, ports) {
    const text = content.lines()
    if (isProjectName(content.name)) {
      const reason = 'uv reads a file of this name as a project or script'
      throw new LockPlace(content.name).refusal(reason)
    }
    return parseRequirements(text, content.name, ports)
  },
  refuseTogether: refuseTwoVersions,
}

/**
 * Reads a file and all that it includes.
 *
 * @throws LockFileError for a line that is not understood, a file that includes itself, one that
 *   cannot be read, and more than 1,000 included files
 */
export async function parseRequirements(
  text: string,
  name: string,
  ports: LockPorts,
): Promise<ParsedLock> {
  const reader = new RequirementsReader(ports)
  const top = { file: name, path: name, chain: [resolved(name)] }
  await reader.read(text, top, reader.entries)
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
function refuseTwoVersions(entries: readonly LockEntry[]): void {
  const first = new Map<string, LockEntry>()
  for (const entry of entries) {
    const { name, version, source = '', line } = entry
    if (version === undefined || name === '') continue
    const other = first.get(name)
    if (other?.version !== undefined && versionKey(other.version) !== versionKey(version)) {
      const where = `${other.source ?? ''}:${other.line ?? ''}`
      const reason = `${name} ${version}, and ${other.version} in ${where}`
      throw new LockPlace(source, line).refusal(reason)
    }
    if (!other) first.set(name, entry)
  }
}

class RequirementsReader {
  readonly entries: LockEntry[] = []
  readonly constraints: LockEntry[] = []
  readonly options: LockOption[] = []
  readonly copied = new Set<string>()
  readonly #ports: LockPorts
  #includes = 0

  constructor(ports: LockPorts) {
    this.#ports = ports
  }

  async read(text: string, source: Source, entries: LockEntry[]): Promise<void> {
    const { file } = source
    refuseScript(text, file)
    for (const line of readLines(text, file, this.#ports.variables)) {
      const [option, ...more] = line.options
      if (line.requirement !== '' || line.has('--editable')) {
        entries.push(parseRequirement(line))
      } else if (!includes.some((name) => line.has(name))) {
        for (const one of line.options) this.options.push(keptOption(one, line))
      } else if (option === undefined || more.length > 0) {
        throw line.refusal('pip would take one of these options only')
      } else {
        // A requirement in a constraints file is installed all the same: pip decides by the last
        // include.
        const into = option.name === '--constraint' ? this.constraints : this.entries
        await this.#include(option.value ?? '', into, source, line)
      }
    }
  }

  async #include(
    path: string,
    entries: LockEntry[],
    source: Source,
    line: RequirementLine,
  ): Promise<void> {
    const url = urlOf(path, source.file)
    if (url !== undefined) return this.#includeCopy(url, entries, source, line)
    const joined = joinPath(source.path, path)
    const problem = pathProblem(path)
    if (problem !== undefined || joined.length > longestPath) {
      throw line.refusal(`${showWhole(path)} ${problem ?? 'is not the path of a file'}`)
    }
    const file = resolved(joinPath(source.file, path))
    if (source.chain.includes(file)) {
      throw line.refusal(`${showWhole(file)} includes itself`)
    }
    this.#count(line)
    const bytes = await this.#read(file, line)
    if (joined !== file && !sameBytes(bytes, await this.#read(joined, line))) {
      const reason = `${showWhole(joined)} is another file than ${showWhole(file)}: a link is on the way`
      throw line.refusal(reason)
    }
    const included = { file, path: joined, chain: [...source.chain, file] }
    await this.read(decodeText(bytes, file), included, entries)
  }

  /** The URL is not fetched: the caller answers for its copy. */
  async #includeCopy(
    url: string,
    entries: LockEntry[],
    source: Source,
    line: RequirementLine,
  ): Promise<void> {
    const bytes = this.#ports.copies?.get(url)
    if (bytes === undefined) {
      const reason = 'tuffet does not fetch it; save a copy, and name it (--include URL=FILE)'
      throw line.refusal(`${showWhole(url)} is a URL, not the path of a file: ${reason}`)
    }
    if (source.chain.includes(url)) {
      throw line.refusal(`${showWhole(url)} includes itself`)
    }
    this.#count(line)
    this.copied.add(url)
    const included = { file: url, path: url, chain: [...source.chain, url] }
    await this.read(decodeText(bytes, url), included, entries)
  }

  #count(line: RequirementLine): void {
    if (++this.#includes <= maxIncludes) return
    throw line.refusal(`more than ${maxIncludes} files are included`)
  }

  async #read(path: string, line: RequirementLine): Promise<Uint8Array> {
    try {
      return await this.#ports.read(path)
    } catch (error) {
      if (error instanceof LockFileError) throw error
      throw line.place.refusal(`${showWhole(path)} cannot be read`, { cause: error })
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

function keptOption({ name, value }: LineOption, line: RequirementLine): LockOption {
  // pip only warns and ignores it.
  if (perRequirement.includes(name)) throw line.refusal(`${name} does not follow a requirement`)
  return { name, ...(value !== undefined && { value }), source: line.place.file, line: line.line }
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
