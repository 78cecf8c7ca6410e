/**
 * What the file name of a distribution says: project and version, of wheels (PEP 427, 425) and
 * source distributions (PEP 625 and the spellings before it).
 */
import { isPlainFilename, tryNormalizeName } from './names.js'
import { formatVersion, parseVersion } from './version.js'

/** A file name in its parts. */
export interface DistributionName {
  readonly kind: 'wheel' | 'sdist'
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
 * The parts of a file name, or undefined when it is not that of a wheel, `.tar.gz` or `.zip`.
 *
 * Older names of source distributions can be read in two ways (`my-app-2-1.tar.gz`): `project`,
 * normalised, decides. It decides nothing else: what comes back may be of another project.
 */
export function parseFilename(filename: string, project?: string): DistributionName | undefined {
  if (!isPlainFilename(filename)) return undefined
  const [, stem = '', extension] = /^(.+)\.(whl|tar\.gz|zip)$/.exec(filename) ?? []
  if (extension === undefined) return undefined
  return extension === 'whl' ? parseWheel(stem) : parseSdist(stem, project)
}

const archives = /\.(?:zip|whl|t(?:ar|gz|bz|xz|lz)|tbz2|tar\.(?:bz2|gz|lz|lzma|xz))$/i

/** @internal Whether installers take the path of a local file for that of an archive. */
export function isArchiveName(path: string): boolean {
  return archives.test(path)
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
  // A normal version has no `-`, so the last one is it; in older names only the project tells.
  const last = splitAt(stem, stem.lastIndexOf('-'))
  if (project === undefined || last?.project === project) return last
  for (let at = stem.indexOf('-'); at >= 0; at = stem.indexOf('-', at + 1)) {
    if (tryNormalizeName(stem.slice(0, at)) !== project) continue
    const found = splitAt(stem, at)
    if (found) return found
  }
  return last
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
