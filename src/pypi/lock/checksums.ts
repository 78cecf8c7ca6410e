/**
 * SHA256SUMS and its like, as coreutils and BSD write them: a digest and a file name on each line.
 * Whose signature is on the document is not asked here.
 */
import { parseFilename } from '../names/file-name.js'
import type { LockEntry, ParsedLock } from './entry.js'
import type { TextFormat } from './format.js'
import { type Hash, LockPlace, show } from './place.js'
import { refuseScript } from './script-block.js'
import { eachLine } from './text.js'

/** Two characters as in coreutils, else one blank or some tabs. */
const gnu = /^[ \t]*([0-9a-f]{8,})(?: [ *]|\t+\*?| (?![ *]))(.+)$/i
/** With blanks as BSD, without as openssl, which says `SHA2-256` since 3.0. */
const bsd =
  /^[ \t]*(SHA-?\d+|SHA2-\d+|SHA3-\d+|BLAKE2b|BLAKE2b-?\d+|MD5) ?\((.+)\) ?= ([0-9a-f]+)$/i
/** The endings of files that hold one digest alone. */
const forOne = /\.(?:sha-?(?:256|384|512)(?:sums?)?|md5|b2)$/i
const hashOfDigits: Readonly<Record<number, string>> = { 64: 'sha256', 96: 'sha384', 128: 'sha512' }

export const checksums: TextFormat = {
  filenames: /^sha-?(?:256|384|512)sums?(?:\.txt)?$|\.sha-?(?:256|384|512)(?:sums?)?$/i,
  syntax: 'text',
  matches: looksLikeChecksums,
  read: (content) => parseChecksums(content.lines(), content.name),
}

/** Whether the first line that says something is one of such a document. */
function looksLikeChecksums(text: string): boolean {
  for (const line of eachLine(text)) {
    if (line.trim() !== '' && !line.startsWith('#')) return gnu.test(line) || bsd.test(line)
  }
  return false
}

/**
 * Reads a document. Where lines do not name the hash, the name of the file does (`SHA512SUMS`),
 * else the length of the digests.
 *
 * @throws LockFileError for every other line that is neither empty nor a comment, and for a name
 *   with two digests
 */
function parseChecksums(text: string, file: string): ParsedLock {
  refuseScript(text, file)
  const named = /sha-?(256|384|512)/i.exec(file.replace(/^.*[/\\]/s, ''))?.[1]
  const digests = new Map<string, string>()
  const entries: LockEntry[] = []
  const alone = digestAlone(text)
  let number = 0
  for (const line of eachLine(text)) {
    number += 1
    if (line.trim() === '' || line.startsWith('#')) continue
    const place = new LockPlace(file, number)
    const subject = alone === undefined ? undefined : subjectOf(file)
    const written = subject === undefined ? line : `${alone ?? ''}  ${subject}`
    const { hash, path } = parseLine(written, named && `sha${named}`, place)
    const filename = filenameOf(path, place)
    const [name, digest] = hash
    const key = `${name} ${filename}`
    const known = digests.get(key)
    if (known === digest) continue
    if (known !== undefined) {
      throw place.refusal(`${show(filename)} is there twice, with another ${name}`)
    }
    digests.set(key, digest)
    const release = parseFilename(filename)
    entries.push({
      name: release?.project ?? '',
      version: release?.version,
      files: [place.lockedFile({ filename, hashes: [hash] })],
      source: file,
      line: number,
    })
  }
  return { entries }
}

function parseLine(
  line: string,
  named: string | undefined,
  place: LockPlace,
): { hash: Hash; path: string } {
  const [, digest, path] = gnu.exec(line) ?? []
  if (digest !== undefined && path !== undefined) {
    const name = named ?? hashOfDigits[digest.length]
    if (name === undefined) throw place.refusal(`no known hash has ${digest.length} digits`)
    return { hash: place.digest(name, digest), path }
  }
  const [, algorithm, inBrackets, tagged] = bsd.exec(line) ?? []
  if (algorithm !== undefined && inBrackets !== undefined && tagged !== undefined) {
    const name = algorithm.replace(/^sha2?-/i, 'sha').replace(/^blake2b-?512$/i, 'blake2b')
    return { hash: place.digest(name, tagged), path: inBrackets }
  }
  throw place.refusal(`${show(line)} is not a digest with a file name`)
}

/** The digest of a document that contains only a digest. */
function digestAlone(text: string): string | undefined {
  return /^\s*([0-9a-f]{64,128})\s*$/i.exec(text.slice(0, 1_000))?.[1]
}

/** The file that `NAME.sha256` is about. */
function subjectOf(file: string): string | undefined {
  const name = file.replace(/^.*[/\\]/s, '')
  return forOne.test(name) ? name.replace(forOne, '') : undefined
}

/** The last segment of a path that stays below its folder. */
function filenameOf(path: string, place: LockPlace): string {
  const segments = path.replace(/^\.\//, '').split('/')
  for (const segment of segments) place.filename(segment)
  return segments.at(-1) ?? ''
}
