/** The parts that all formats are made of: names, versions, hashes, URLs; each refused when wrong. */
import { decodeHex } from '../../core/bytes.js'
import { digestLengths } from '../../core/keys/cryptography.js'
import { LockFileError } from '../../errors.js'
import { maskCredentials } from '../mask-credentials.js'
import { filenameOfUrl, isPlainFilename, tryNormalizeName } from '../names/names.js'
import { parseVersion } from '../names/version.js'
import type { LockedFile } from './entry.js'

/** Where something is written: for errors, and for entries. */
export interface LockPlace {
  readonly file: string
  readonly line?: number
  readonly path?: string
}

/** Bytes of each digest with a fixed length; only those of tuffet are compared. */
const lengths: ReadonlyMap<string, number> = new Map([
  ...Object.entries({ md5: 16, sha1: 20, sha224: 28, 'sha3-224': 28, 'sha3-384': 48, blake2s: 32 }),
  ...Object.entries(digestLengths),
])

/** The parameters that pip takes for a hash; installers do not compare the rest of a fragment. */
const inUrls: readonly string[] = ['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5']
const hashInUrl = new RegExp(`(?:${inUrls.join('|')})=`, 'g')

/** The URL without its fragment, and the facts in the fragment. */
export interface UrlParts {
  readonly url: string
  /** At most one. */
  readonly hashes: readonly Hash[]
  /** `egg=name`: the project. */
  readonly egg?: string
  /** `subdirectory=path`: where in the archive the project is. */
  readonly subdirectory?: string
}

/** The name of a hash as in `tuffet/core`, and a lower-case digest. */
export type Hash = readonly [name: string, digest: string]

/** The project, normalised. */
export function lockedName(name: string, place: LockPlace): string {
  const normalized = tryNormalizeName(name)
  if (normalized !== undefined) return normalized
  throw new LockFileError(place, `${show(name)} is not the name of a project`)
}

/** The version, as it is written. */
export function lockedVersion(version: string, place: LockPlace): string {
  if (parseVersion(version)) return version
  throw new LockFileError(place, `${show(version)} is not a version`)
}

/** Reads `sha256:HEX`, as most formats write it. In capitals, some tools do not find the function. */
export function lockedHash(text: string, place: LockPlace): Hash {
  const colon = text.indexOf(':')
  const name = text.slice(0, colon)
  if (colon < 1 || name !== name.toLowerCase())
    throw new LockFileError(place, `${show(text)} is not a hash such as sha256:…`)
  return checkedHash(text.slice(0, colon), text.slice(colon + 1), place)
}

/** A hash function that is unknown here is kept: the verdict decides about it. */
export function checkedHash(name: string, digest: string, place: LockPlace): Hash {
  if (!/^[a-z0-9][a-z0-9_-]{0,31}$/i.test(name)) {
    throw new LockFileError(place, `${show(name)} is not the name of a hash function`)
  }
  const hash = name.toLowerCase().replaceAll('_', '-')
  if (digest === '' || !decodeHex(digest)) {
    throw new LockFileError(place, `the ${hash} is not hexadecimal: ${show(digest)}`)
  }
  const length = lengths.get(hash)
  if (length !== undefined && digest.length !== 2 * length) {
    const reason = `the ${hash} is ${digest.length} digits long instead of ${2 * length}`
    throw new LockFileError(place, reason)
  }
  return [hash, digest.toLowerCase()]
}

/**
 * Takes a URL apart. It ignores a fragment's parameters other than hashes, egg and subdirectory.
 *
 * pip takes the first hash anywhere in a URL, uv the first parameter of the fragment that is a
 * hash, old pip also one in the middle of a word, but in lower case only. Where they could take
 * different ones, the URL is refused.
 */
export function splitUrl(text: string, place: LockPlace): UrlParts {
  const at = text.indexOf('#')
  const url = at < 0 ? text : text.slice(0, at)
  if (/[\s\p{Cc}]/u.test(url) || !URL.canParse(url)) {
    throw new LockFileError(place, `${show(url)} is not a URL`)
  }
  const hashes: Hash[] = []
  let egg: string | undefined
  for (const parameter of at < 0 ? [] : text.slice(at + 1).split('&')) {
    const equals = parameter.indexOf('=')
    const [name, value] = [parameter.slice(0, equals), parameter.slice(equals + 1)]
    if (equals > 0 && name === 'egg') egg ??= decodePercent(value, place)
    else if (equals > 0 && inUrls.includes(name)) hashes.push(urlHash(name, value, place))
  }
  const written = text.match(hashInUrl)?.length ?? 0
  if (written > 1 || written !== hashes.length) {
    const reason = 'installers would take different hashes of it; write one, after # or &'
    throw new LockFileError(place, `${show(text)}: ${reason}`)
  }
  const subdirectory = subdirectoryIn(text, at, place)
  return {
    url,
    hashes,
    ...(egg !== undefined && { egg }),
    ...(subdirectory !== undefined && { subdirectory }),
  }
}

/**
 * Every text that some tool may take for a hash: pip looks after every `#` and `&`, others decode
 * the fragment first.
 */
function subdirectoryIn(text: string, hash: number, place: LockPlace): string | undefined {
  if (/[#&]subdirectory=/i.test(hash < 0 ? text : text.slice(0, hash))) {
    throw new LockFileError(place, `${show(text)}: subdirectory belongs after the #`)
  }
  if (hash < 0) return undefined
  const fragment = decodePercent(text.slice(hash + 1), place)
  return /subdirectory=?([^&]*)/i.exec(fragment)?.[1]
}

/** One file of a lock file. Its name may come from its URL. */
export function lockedFile(
  parts: {
    readonly filename?: string | undefined
    readonly url?: string | undefined
    readonly size?: number | undefined
    readonly hashes: Iterable<Hash>
  },
  place: LockPlace,
): LockedFile {
  const { size } = parts
  const found = parts.url === undefined ? undefined : splitUrl(parts.url, place)
  if (found?.subdirectory !== undefined) {
    throw new LockFileError(place, 'a listed file is installed as a whole, without subdirectory')
  }
  const { url, hashes: inUrl } = found ?? {}
  const stated = [...parts.hashes]
  const filename = parts.filename ?? (url === undefined ? undefined : filenameOfUrl(url))
  if (filename === undefined) throw new LockFileError(place, 'a hash is there, and no file name')
  return {
    filename: lockedFilename(filename, place),
    ...(url !== undefined && { url }),
    ...(size !== undefined && { size }),
    // Some tools do not compare a hash that only the URL states.
    hashes: oneOfEach(stated.length === 0 ? [] : [...stated, ...(inUrl ?? [])], place),
  }
}

/** The name of a file: one plain segment. */
export function lockedFilename(filename: string, place: LockPlace): string {
  if (isPlainFilename(filename)) return filename
  throw new LockFileError(place, `${show(filename)} is not a plain file name`)
}

/**
 * The files of one entry. The same file listed twice counts once. A name with two contents, as on
 * two indexes, counts twice: each is judged, since a tool may take either.
 */
export function distinctFiles(files: readonly LockedFile[]): LockedFile[] {
  const seen = new Set<string>()
  return files.filter(({ filename, size, hashes }) => {
    if (filename === undefined) return true
    const content = JSON.stringify([filename, [...hashes], size])
    if (seen.has(content)) return false
    seen.add(content)
    return true
  })
}

/** How a text from a file is shown in a message: at most 100 characters of it. */
export function show(text: string): string {
  const masked = maskCredentials(text)
  return JSON.stringify(masked.length > 100 ? `${masked.slice(0, 100)}…` : masked)
}

/** Characters: the longest path on Linux. */
export const longestPath = 4096

/** As {@link show}, but in full, for a path or a URL that a person must find. */
export function showWhole(text: string): string {
  if (text.length > longestPath) return show(text)
  return JSON.stringify(maskCredentials(text))
}

/** As {@link show}, of a value of any type. */
export function showValue(value: unknown): string {
  const simple = ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
  return simple ? show(String(value)) : 'a value of another type'
}

function urlHash(name: string, digest: string, place: LockPlace): Hash {
  if (digest === digest.toLowerCase()) return checkedHash(name, digest, place)
  throw new LockFileError(place, `older pip reads the digits of ${name} in lower case only`)
}

function oneOfEach(hashes: readonly Hash[], place: LockPlace): Map<string, string> {
  const all = new Map<string, string>()
  for (const [name, digest] of hashes) {
    const first = all.get(name)
    if (first !== undefined && first !== digest) {
      throw new LockFileError(place, `one file lists two ${name}: ${first} and ${digest}`)
    }
    all.set(name, digest)
  }
  return all
}

function decodePercent(text: string, place: LockPlace): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    throw new LockFileError(place, `${show(text)} is not percent-encoded`, { cause: error })
  }
}
