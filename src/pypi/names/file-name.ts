/**
 * The file name of a distribution: project and version, of wheels (PEP 427, 425), source
 * distributions (PEP 625 and the spellings before it), and the forms that PyPI took before.
 */
import { isPlainFilename, tryNormalizeName } from './names.js'
import { formatVersion, parseVersion, versionKey } from './version.js'

/**
 * - `wheel`, `sdist`: the forms that installers take from an index
 * - `egg`, `installer`: forms that no tried installer takes. Old releases list them, and lock files
 *   hold their hashes.
 */
export type DistributionKind = 'wheel' | 'sdist' | 'egg' | 'installer'

/** A file name in its parts. */
export interface DistributionName {
  readonly kind: DistributionKind
  /** Normalised (PEP 503). */
  readonly project: string
  /** Normalised (PEP 440); trailing zeros stay. */
  readonly version: string
  /** The build tag of a wheel, when there is one. */
  readonly build?: string
  /** Of a wheel: each compressed tag set taken apart. */
  readonly tags?: {
    readonly python: readonly string[]
    readonly abi: readonly string[]
    readonly platform: readonly string[]
  }
}

/**
 * Every ending of a release's files: those that PyPI accepts or accepted, and those that pip or uv
 * take from an index. In lower case; the first that fits counts.
 */
const endings: readonly (readonly [ending: string, kind: DistributionKind])[] = [
  ['.whl', 'wheel'],
  ...['gz', 'bz2', 'xz', 'lz', 'lzma', 'zst', 'z'].map(
    (form) => [`.tar.${form}`, 'sdist'] as const,
  ),
  ...['.zip', '.tar', '.tgz', '.tbz', '.tbz2', '.txz', '.tlz', '.tzst'].map(
    (form) => [form, 'sdist'] as const,
  ),
  ['.egg', 'egg'],
  ...['.exe', '.msi', '.rpm', '.dmg'].map((form) => [form, 'installer'] as const),
]

/**
 * The parts of a file name, or undefined when it is not that of a distribution: a wheel, a source
 * distribution in any archive format, an egg, or an installer of old (`.exe`, `.msi`, `.rpm`, `.dmg`).
 *
 * Older names of source distributions can be read in two ways (`my-app-2-1.tar.gz`): `project`,
 * normalised, decides. It is used for that alone: the result may be of another project.
 *
 * @example
 * ```ts runs
 * import { parseFilename } from 'tuffet/pypi'
 *
 * parseFilename('requests-2.32.3-py3-none-any.whl')?.version // '2.32.3'
 * parseFilename('my-app-2-1.tar.gz', 'my-app')?.project // 'my-app'
 * ```
 */
export function parseFilename(filename: string, project?: string): DistributionName | undefined {
  const split = splitEnding(filename)
  if (split === undefined) return undefined
  const { stem, kind } = split
  if (kind === 'wheel') return parseWheel(stem)
  if (kind === 'sdist') return parseSdist(stem, project)
  return kind === 'egg' ? parseEgg(stem) : parseInstaller(stem, project)
}

/**
 * @internal One text for all names of a file: names with the same parts mean the same file. An
 * archive format is a part, the order and compression of tags are not. Undefined where
 * {@link parseFilename} is.
 */
export function filenameKey(filename: string, project?: string): string | undefined {
  const name = parseFilename(filename, project)
  const split = splitEnding(filename)
  if (name === undefined || split === undefined) return undefined
  const { version, build = '', tags } = name
  // The product of three sets is the same only where each of them is.
  const sets = tags && [tags.python, tags.abi, tags.platform].map(setKey)
  const rest = tags ? [build.replace(/^0+(?=\d)/, ''), ...(sets ?? [])] : [restOf(split.stem, name)]
  return JSON.stringify([split.ending, name.project, versionKey(version), ...rest])
}

/**
 * @internal The other projects, with version, that an installer may read in the name of a source
 * distribution. pip before 24 takes the first `-` that leaves the project it was asked for.
 */
export function otherReadings(filename: string, { project }: DistributionName): string[] {
  const split = splitEnding(filename)
  if (split?.kind !== 'sdist') return []
  const found: string[] = []
  for (let at = split.stem.indexOf('-'); at >= 0; at = split.stem.indexOf('-', at + 1)) {
    const reading = splitAt(split.stem, at)
    if (reading && reading.project !== project) found.push(`${reading.project} ${reading.version}`)
  }
  return found
}

/** @internal The kind by the ending of a name; undefined for other files than a release's. */
export function kindOf(filename: string): DistributionKind | undefined {
  return splitEnding(filename)?.kind
}

const archives = /\.(?:zip|whl|t(?:ar|gz|bz|xz|lz)|tbz2|tar\.(?:bz2|gz|lz|lzma|xz))$/i

/** @internal Whether installers take the path of a local file for that of an archive. */
export function isArchiveName(path: string): boolean {
  return archives.test(path)
}

function splitEnding(
  filename: string,
): { stem: string; ending: string; kind: DistributionKind } | undefined {
  if (!isPlainFilename(filename)) return undefined
  const lower = filename.toLowerCase()
  const [ending, kind] = endings.find(([one]) => lower.endsWith(one)) ?? []
  if (ending === undefined || kind === undefined) return undefined
  return { stem: filename.slice(0, -ending.length), ending, kind }
}

function setKey(tags: readonly string[]): string {
  return [...new Set(tags.map((tag) => tag.toLowerCase()))].sort().join('.')
}

/** The part after the version in the name of an egg or an installer. */
function restOf(stem: string, { kind }: DistributionName): string {
  if (kind === 'egg') return stem.split('-').slice(2).join('-')
  return kind === 'installer' ? stem : ''
}

function parseWheel(stem: string): DistributionName | undefined {
  const parts = stem.split('-')
  if (parts.length !== 5 && parts.length !== 6) return undefined
  const [name = '', version = ''] = parts
  const build = parts.length === 6 ? parts[2] : undefined
  if (!/^[\w.]+$/.test(name) || name.includes('__')) return undefined
  if (build !== undefined && !/^\d/.test(build)) return undefined
  const [python = [], abi = [], platform = []] = parts.slice(-3).map((tags) => tags.split('.'))
  if ([...python, ...abi, ...platform].includes('')) return undefined
  if (!python.every((tag) => /^[a-z_]\w*$/i.test(tag))) return undefined
  const base = release(name, version)
  const tags = { python, abi, platform }
  return base && { kind: 'wheel', ...base, tags, ...(build !== undefined && { build }) }
}

function parseSdist(stem: string, project: string | undefined): DistributionName | undefined {
  // A normal version does not contain `-`, so the last `-` precedes it; in older names only the
  // project tells.
  const last = splitAt(stem, stem.lastIndexOf('-'))
  if (project === undefined || last?.project === project) return last
  for (let at = stem.indexOf('-'); at >= 0; at = stem.indexOf('-', at + 1)) {
    if (tryNormalizeName(stem.slice(0, at)) !== project) continue
    const found = splitAt(stem, at)
    if (found) return found
  }
  return last
}

/** setuptools writes `_` for each `-` of name and version; then the Python, and the platform. */
function parseEgg(stem: string): DistributionName | undefined {
  const [name = '', version = ''] = stem.split('-')
  const base = release(name, version.replaceAll('_', '-'))
  return base && { kind: 'egg', ...base }
}

/** `foo-1.0.win32-py2.7.exe`, `foo-1.0-1.noarch.rpm`: the version ends where a platform begins. */
function parseInstaller(stem: string, project: string | undefined): DistributionName | undefined {
  const platform =
    /(?:-\d+)?\.(?:noarch|src|i[3-6]86|x86_64|win32|win-\w+|linux-\w+|macosx-[\w.]+-\w+)(?:-py\d(?:\.\d+)?)?$/
  const base = parseSdist(stem.replace(platform, ''), project)
  return base && { ...base, kind: 'installer' }
}

function splitAt(stem: string, at: number): DistributionName | undefined {
  const base = at > 0 ? release(stem.slice(0, at), stem.slice(at + 1)) : undefined
  return base && { kind: 'sdist', ...base }
}

function release(
  name: string,
  text: string,
): Pick<DistributionName, 'project' | 'version'> | undefined {
  const project = tryNormalizeName(name)
  const version = parseVersion(text)
  return project !== undefined && version ? { project, version: formatVersion(version) } : undefined
}
