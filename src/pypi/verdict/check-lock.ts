/**
 * Compares a lock file with the files that the repository vouches for now. Rules:
 * - a named file must be of its entry's project and version, and every hash, the size and the
 *   BLAKE2b in the URL must be the repository's, as far as both sides list them;
 * - a bare hash must be that of some file of the release: an installer takes any file with that
 *   hash;
 * - a hash that could not be compared is not a match, because an installer might use that one;
 * - entries from a version control system or a folder, also one inside an archive, never match,
 *   whatever files are listed;
 * - a publisher is remembered only for a file whose SHA-256 the lock file lists.
 */
import type { HashName } from '../../core/keys/cryptography.js'
import { resolveHash } from '../../core/keys/hash.js'
import { isTufError } from '../../errors.js'
import { inParallel } from '../../client/in-parallel.js'
import { noPage } from '../layouts.js'
import type { LockedFile, LockEntry } from '../lock/entry.js'
import { reasonWithoutHash } from '../lock/reason-without-hash.js'
import { parseFilename } from '../names/file-name.js'
import { blake2bOfUrl, filenameOfUrl, tryNormalizeName } from '../names/names.js'
import { satisfiesVersion } from '../names/version.js'
import { releaseFiles } from '../pages/release-files.js'
import { agreedOrFirst, agreementOfHashes, isAgreed } from './attestation.js'
import { findFile, findFiles } from './find-file.js'
import { withHashes } from './known-hashes.js'
import type { Difference, Verdict, VouchedFile } from './verdict.js'
import type { VerifyContext } from './verify-file.js'
import { worseOf } from './worse.js'

/** All optional. */
export interface CheckLockOptions {
  /** How many entries are looked up at once. Default 8. */
  readonly concurrency?: number | undefined
  /**
   * Whether to fetch a file when the lock file uses a hash function that the repository does not
   * list, and compute the hash from the verified bytes. Default false: the verdict is `no-hash`.
   */
  readonly download?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** The verdict on one file, or one bare hash, of an entry. */
export interface LockedFileVerdict {
  readonly file: LockedFile
  readonly verdict: Verdict
  /** Where attestations count: the policy asks for no more than this verdict. */
  readonly accepted?: true
  /** A sentence without its full stop. */
  readonly reason: string
  /** For `mismatch`: `actual` is the lock file's value. */
  readonly difference?: Difference
  readonly vouched?: VouchedFile
}

/** The verdict on one entry of a lock file. */
export interface LockVerdict {
  readonly entry: LockEntry
  /** The worst of its files. */
  readonly verdict: Verdict
  /** Whether the policy asks for no more of any of its files. */
  readonly accepted?: true
  /** Of the worst file. */
  readonly reason: string
  readonly files: readonly LockedFileVerdict[]
  /** For `failed`. */
  readonly error?: unknown
}

type Said = Omit<LockedFileVerdict, 'file'>

/** The options of one entry. */
type Checking = Pick<CheckLockOptions, 'download'> & { readonly signal: AbortSignal }

/** @internal A verdict for each entry, in their order. */
export async function* checkLock(
  context: VerifyContext,
  entries: Iterable<LockEntry>,
  options: CheckLockOptions = {},
): AsyncGenerator<LockVerdict, void, undefined> {
  const { concurrency = 8, download, signal } = options
  yield* inParallel(
    entries,
    concurrency,
    (entry, either) => checkEntry(context, entry, { download, signal: either }),
    signal,
  )
}

async function checkEntry(
  context: VerifyContext,
  entry: LockEntry,
  options: Checking,
): Promise<LockVerdict> {
  const without = reasonWithoutHash(entry)
  if (without !== undefined) return { entry, verdict: 'no-hash', reason: without, files: [] }
  try {
    const files =
      entry.anyFile === true
        ? await checkHashes(context, entry, options)
        : await checkFiles(context, entry, options)
    // One that the policy accepts is better than any that it does not.
    const refused = files.filter((file) => !isAgreed(file))
    const judged = refused.length > 0 ? refused : files
    const { verdict, reason, accepted } = judged.reduce(worseOf)
    return { entry, verdict, ...(accepted && { accepted }), reason, files }
  } catch (error) {
    if (options.signal.aborted || !isTufError(error)) throw error
    return { entry, verdict: 'failed', reason: error.message, files: [], error }
  }
}

async function checkFiles(
  context: VerifyContext,
  entry: LockEntry,
  options: Checking,
): Promise<LockedFileVerdict[]> {
  const verdicts = []
  for (const file of entry.files) {
    verdicts.push({ file, ...(await checkFile(context, entry, file, options)) })
  }
  return verdicts
}

async function checkFile(
  context: VerifyContext,
  entry: LockEntry,
  file: LockedFile,
  options: Checking,
): Promise<Said> {
  const filename = file.filename ?? (file.url === undefined ? undefined : filenameOfUrl(file.url))
  if (filename === undefined) return said('unknown', 'the lock file does not name the file')
  const { name: project, version } = entry
  // A checksum of another file than a distribution lacks a project.
  const name = parseFilename(filename, tryNormalizeName(project))
  if (name && version !== undefined && !satisfiesVersion(name.version, version)) {
    return differs({ what: 'version', expected: name.version, actual: version })
  }
  const blake2b = file.url === undefined ? undefined : blake2bOfUrl(file.url)
  const findings = await findFiles(context, filename, {
    ...(project !== '' && { project }),
    blake2b,
    identities: entry.identities,
    signal: options.signal,
  })
  return agreedOrFirst(findings, async (found): Promise<Said> => {
    const { vouched } = found
    return vouched ? { ...(await compare(context, file, vouched, options)), vouched } : found
  })
}

/** All that both sides know. */
async function compare(
  context: VerifyContext,
  file: LockedFile,
  vouched: VouchedFile,
  options: Checking,
): Promise<Said> {
  const { size, url } = file
  if (size !== undefined && vouched.length !== undefined && size !== vouched.length) {
    return differs({ what: 'length', expected: `${vouched.length}`, actual: `${size}` })
  }
  const blake2b = url === undefined ? undefined : blake2bOfUrl(url)
  const expectedBlake2b =
    vouched.hashes.get('blake2b-256') ?? (vouched.entry && blake2bOfUrl(vouched.entry.url))
  if (blake2b !== undefined && expectedBlake2b !== undefined && blake2b !== expectedBlake2b) {
    return differs({ what: 'blake2b-256', expected: expectedBlake2b, actual: blake2b })
  }
  const { known: locked, unknown } = hashesIn(context, file)
  if (locked.size === 0) return said('no-hash', 'the lock file lists no usable hash')
  const expected = await hashesOf(context, vouched, locked, options)
  const wrong = differenceIn(locked, expected)
  if (wrong) return differs(wrong)
  const missing = [...missingIn(locked, expected), ...unknown]
  if (missing.length > 0) return notCompared(missing)
  return agreementOfHashes(vouched, locked, 'the repository vouches for it')
}

/** Bare hashes: each must be that of a file of the release. */
async function checkHashes(
  context: VerifyContext,
  entry: LockEntry,
  options: Checking,
): Promise<LockedFileVerdict[]> {
  const { signal } = options
  const unknown = (reason: string): LockedFileVerdict[] =>
    entry.files.map((file) => ({ file, ...said('unknown', reason) }))
  const project = tryNormalizeName(entry.name)
  if (project === undefined) return unknown('its project is unknown')
  const page = await context.pages.get(project, signal)
  if (page === undefined) return unknown(noPage(context.layout, project))
  const release = releaseFiles(page, entry.version)
  if (release.length === 0) return unknown('its page lists no file of this version')
  const vouched: VouchedFile[] = []
  let left: Said | undefined
  for (const { filename } of release) {
    const found = await findFile(context, filename, {
      project: page.page.project,
      identities: entry.identities,
      signal,
    })
    if (found.vouched) vouched.push(found.vouched)
    else left ??= found
  }
  const verdicts = []
  for (const file of entry.files) {
    verdicts.push({ file, ...(await checkHash(context, file, { vouched, left }, options)) })
  }
  return verdicts
}

async function checkHash(
  context: VerifyContext,
  file: LockedFile,
  { vouched, left }: { readonly vouched: readonly VouchedFile[]; readonly left: Said | undefined },
  options: Checking,
): Promise<Said> {
  const { known: locked, unknown } = hashesIn(context, file)
  if (locked.size === 0) return said('no-hash', 'the lock file lists no usable hash')
  if (unknown.length > 0) return notCompared(unknown)
  let wrong: Difference | undefined
  const missing = new Set<string>()
  for (const one of vouched) {
    const expected = await hashesOf(context, one, locked, options)
    const difference = differenceIn(locked, expected)
    wrong ??= difference
    if (difference) continue
    const unlisted = missingIn(locked, expected)
    if (unlisted.length === 0) {
      const reason = `it is that of ${one.filename}`
      return { ...(await agreementOfHashes(one, locked, reason)), vouched: one }
    }
    for (const hash of unlisted) missing.add(hash)
  }
  // It may be the hash of a file that the repository does not vouch for yet.
  if (left) return left
  if (wrong && missing.size === 0) {
    const reason = `no file of the release has ${wrong.what} ${wrong.actual}`
    return { ...said('mismatch', reason), difference: wrong }
  }
  return notCompared([...missing])
}

/** The hashes of a file that count, by their names here, and the names of the others. */
function hashesIn({ cryptography: { hashNames } }: VerifyContext, { hashes }: LockedFile) {
  const known = new Map<HashName, string>()
  const unknown: string[] = []
  for (const [name, digest] of hashes) {
    const hash = resolveHash(name.toLowerCase(), digest, hashNames)
    if (hash === undefined) unknown.push(name)
    else known.set(hash, digest.toLowerCase())
  }
  return { known, unknown }
}

async function hashesOf(
  context: VerifyContext,
  vouched: VouchedFile,
  locked: ReadonlyMap<HashName, string>,
  { download = false, signal }: Checking,
): Promise<ReadonlyMap<string, string>> {
  return download ? withHashes(context, vouched, locked.keys(), signal) : vouched.hashes
}

/** The first hash that both sides list and that differs. */
function differenceIn(
  locked: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): Difference | undefined {
  for (const [what, actual] of locked) {
    const other = expected.get(what)
    if (other !== undefined && other !== actual) return { what, expected: other, actual }
  }
  return undefined
}

function missingIn(
  locked: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): string[] {
  return [...locked.keys()].filter((hash) => !expected.has(hash))
}

function notCompared(hashes: readonly string[]): Said {
  return said('no-hash', `the repository does not know its ${hashes.join(', ')}`)
}

function said(verdict: Verdict, reason: string): Said {
  return { verdict, reason }
}

function differs(difference: Difference): Said {
  const { what, expected, actual } = difference
  const reason = `the lock file lists ${what} ${actual}, the repository ${expected}`
  return { ...said('mismatch', reason), difference }
}
