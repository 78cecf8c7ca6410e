/**
 * A place in a lock file. It reads the parts that all formats are made of (names, versions, hashes,
 * URLs, files) and refuses a wrong one with its file, line and field.
 */
import { decodeHex } from '../../core/bytes.js'
import { digestLengths } from '../../core/keys/cryptography.js'
import { LockFileError } from '../../errors.js'
import { maskCredentials } from '../../errors/mask-credentials.js'
import { filenameOfUrl, isPlainFilename, tryNormalizeName } from '../names/names.js'
import { parseVersion } from '../names/version.js'
import type { LockedFile } from './entry.js'

/** The name of a hash as in `tuffet/core`, and a lower-case digest. */
export type Hash = readonly [name: string, digest: string]

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

/** Bytes of each digest with a fixed length; only those of tuffet are compared. */
const lengths: ReadonlyMap<string, number> = new Map([
  ...Object.entries({ md5: 16, sha1: 20, sha224: 28, 'sha3-224': 28, 'sha3-384': 48, blake2s: 32 }),
  ...Object.entries(digestLengths),
])

/** The parameters that pip takes for a hash; installers do not compare the rest of a fragment. */
const inUrls: readonly string[] = ['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5']
const hashInUrl = new RegExp(`(?:${inUrls.join('|')})=`, 'g')

export class LockPlace {
  readonly file: string
  /** 1 is the first line. */
  readonly line: number | undefined
  /** The field. */
  readonly path: string | undefined

  constructor(file: string, line?: number, path?: string) {
    this.file = file
    this.line = line
    this.path = path
  }

  /** The error that refuses what is written here. */
  refusal(reason: string, options?: ErrorOptions): LockFileError {
    const { file, line, path } = this
    const place = { file, ...(line !== undefined && { line }), ...(path !== undefined && { path }) }
    return new LockFileError(place, reason, options)
  }

  /** The name of a project, normalised. */
  project(name: string): string {
    const normalized = tryNormalizeName(name)
    if (normalized !== undefined) return normalized
    throw this.refusal(`${show(name)} is not the name of a project`)
  }

  /** A version, as it is written. */
  version(version: string): string {
    if (parseVersion(version)) return version
    throw this.refusal(`${show(version)} is not a version`)
  }

  /** `sha256:HEX`, as most formats write it. In capitals, some tools do not find the function. */
  hash(text: string): Hash {
    const colon = text.indexOf(':')
    const name = text.slice(0, colon)
    if (colon < 1 || name !== name.toLowerCase()) {
      throw this.refusal(`${show(text)} is not a hash such as sha256:…`)
    }
    return this.digest(name, text.slice(colon + 1))
  }

  /** A hash function that is unknown here is kept: the verdict decides about it. */
  digest(name: string, digest: string): Hash {
    if (!/^[a-z0-9][a-z0-9_-]{0,31}$/i.test(name)) {
      throw this.refusal(`${show(name)} is not the name of a hash function`)
    }
    const hash = name.toLowerCase().replaceAll('_', '-')
    if (digest === '' || !decodeHex(digest)) {
      throw this.refusal(`the ${hash} is not hexadecimal: ${show(digest)}`)
    }
    const length = lengths.get(hash)
    if (length !== undefined && digest.length !== 2 * length) {
      throw this.refusal(`the ${hash} is ${digest.length} digits long instead of ${2 * length}`)
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
  url(text: string): UrlParts {
    const at = text.indexOf('#')
    const url = at < 0 ? text : text.slice(0, at)
    if (/[\s\p{Cc}]/u.test(url) || !URL.canParse(url)) {
      throw this.refusal(`${show(url)} is not a URL`)
    }
    const hashes: Hash[] = []
    let egg: string | undefined
    for (const parameter of at < 0 ? [] : text.slice(at + 1).split('&')) {
      const equals = parameter.indexOf('=')
      const [name, value] = [parameter.slice(0, equals), parameter.slice(equals + 1)]
      if (equals > 0 && name === 'egg') egg ??= this.#decodePercent(value)
      else if (equals > 0 && inUrls.includes(name)) hashes.push(this.#urlHash(name, value))
    }
    const written = text.match(hashInUrl)?.length ?? 0
    if (written > 1 || written !== hashes.length) {
      const reason = 'installers would take different hashes of it; write one, after # or &'
      throw this.refusal(`${show(text)}: ${reason}`)
    }
    const subdirectory = this.#subdirectoryIn(text, at)
    return {
      url,
      hashes,
      ...(egg !== undefined && { egg }),
      ...(subdirectory !== undefined && { subdirectory }),
    }
  }

  /** The name of a file: one plain segment. */
  filename(filename: string): string {
    if (isPlainFilename(filename)) return filename
    throw this.refusal(`${show(filename)} is not a plain file name`)
  }

  /** One file of a lock file. Its name may come from its URL. */
  lockedFile(parts: {
    readonly filename?: string | undefined
    readonly url?: string | undefined
    readonly size?: number | undefined
    readonly hashes: Iterable<Hash>
  }): LockedFile {
    const { size } = parts
    const found = parts.url === undefined ? undefined : this.url(parts.url)
    if (found?.subdirectory !== undefined) {
      throw this.refusal('a listed file is installed as a whole, without subdirectory')
    }
    const { url, hashes: inUrl } = found ?? {}
    const stated = [...parts.hashes]
    const filename = parts.filename ?? (url === undefined ? undefined : filenameOfUrl(url))
    if (filename === undefined) throw this.refusal('a hash is there, and no file name')
    return {
      filename: this.filename(filename),
      ...(url !== undefined && { url }),
      ...(size !== undefined && { size }),
      // Some tools do not compare a hash that only the URL states.
      hashes: this.#oneOfEach(stated.length === 0 ? [] : [...stated, ...(inUrl ?? [])]),
    }
  }

  /**
   * Every text that some tool may take for a subdirectory: pip looks after every `#` and `&`, others
   * decode the fragment first.
   */
  #subdirectoryIn(text: string, hash: number): string | undefined {
    if (/[#&]subdirectory=/i.test(hash < 0 ? text : text.slice(0, hash))) {
      throw this.refusal(`${show(text)}: subdirectory belongs after the #`)
    }
    if (hash < 0) return undefined
    const fragment = this.#decodePercent(text.slice(hash + 1))
    return /subdirectory=?([^&]*)/i.exec(fragment)?.[1]
  }

  #urlHash(name: string, digest: string): Hash {
    if (digest === digest.toLowerCase()) return this.digest(name, digest)
    throw this.refusal(`older pip reads the digits of ${name} in lower case only`)
  }

  #oneOfEach(hashes: readonly Hash[]): Map<string, string> {
    const all = new Map<string, string>()
    for (const [name, digest] of hashes) {
      const first = all.get(name)
      if (first !== undefined && first !== digest) {
        throw this.refusal(`one file lists two ${name}: ${first} and ${digest}`)
      }
      all.set(name, digest)
    }
    return all
  }

  #decodePercent(text: string): string {
    try {
      return decodeURIComponent(text)
    } catch (error) {
      throw this.refusal(`${show(text)} is not percent-encoded`, { cause: error })
    }
  }
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
