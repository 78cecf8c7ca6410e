/** Verifies that bytes from any source are the repository's file of a name. */
import type { Cryptography } from '../../core/keys/cryptography.js'
import { createChecker } from '../../core/keys/hash.js'
import { HashMismatchError, LengthMismatchError } from '../../errors.js'
import { atMost } from '../../node/plain-file.js'
import { parseFilename } from '../names/file-name.js'
import { normalizeName } from '../names/names.js'
import { agreedOrFirst, agreementOfBytes } from './attestation.js'
import { chunksOf, digestContent, type Content } from './file-content.js'
import { findFiles, type FindContext, type FindOptions } from './find-file.js'
import type { Difference, FileVerdict, VouchedFile } from './verdict.js'

/** @internal */
export interface VerifyContext extends FindContext {
  /** Bytes. */
  readonly maxUnsizedLength: number
}

/** @internal Throws as {@link findFiles} does, and with the errors of reading `content`. */
export async function verifyContent(
  context: VerifyContext,
  filename: string,
  content: Content,
  options: FindOptions,
): Promise<FileVerdict> {
  if (namesByContent(context, filename, options)) {
    return verifyByDigest(context, filename, content, options)
  }
  const [found, ...others] = await findFiles(context, filename, options)
  if (others.length > 0) {
    return verifyByDigest(context, filename, content, options)
  }
  if (!found.vouched) return { filename, ...found }
  const { vouched } = found
  const limited = vouched.length === undefined ? limit(context, filename, content) : content
  return { filename, ...(await judge(vouched, limited, context.cryptography)) }
}

/** Where no page gives the URL, a target path may be made of the file's own digest. */
function namesByContent({ layout }: FindContext, filename: string, options: FindOptions): boolean {
  const wanted = options.project === undefined ? undefined : normalizeName(options.project)
  const name = parseFilename(filename, wanted)
  if (!name || !layout.filesAreTargets) return false
  const { project, version } = name
  if (layout.pages(project).length > 0) return false
  return layout.file({ project, version, filename }) === undefined
}

/** Without a known length, this limit ends an endless file. */
function limit({ maxUnsizedLength }: VerifyContext, filename: string, content: Content): Content {
  return content instanceof Uint8Array ? content : atMost(content, maxUnsizedLength, filename)
}

async function verifyByDigest(
  context: VerifyContext,
  filename: string,
  content: Content,
  options: FindOptions,
): Promise<FileVerdict> {
  const { cryptography } = context
  const limited = limit(context, filename, content)
  const { length, hashes } = await digestContent(limited, cryptography.hashNames, cryptography)
  const blake2b = hashes.get('blake2b-256')
  const findings = await findFiles(context, filename, { ...options, blake2b })
  return agreedOrFirst(findings, async (found) => {
    const verdict = found.vouched ? await compare(found.vouched, length, hashes) : found
    return { ...verdict, filename }
  })
}

async function compare(
  vouched: VouchedFile,
  length: number,
  hashes: ReadonlyMap<string, string>,
): Promise<Omit<FileVerdict, 'filename'>> {
  if (vouched.length !== undefined && vouched.length !== length) {
    return otherLength(vouched, vouched.length, length)
  }
  for (const [name, expected] of vouched.hashes) {
    const actual = hashes.get(name) ?? ''
    if (actual !== expected) return mismatch(vouched, { what: name, expected, actual })
  }
  return matching(vouched)
}

async function judge(
  vouched: VouchedFile,
  content: Content,
  cryptography: Cryptography,
): Promise<Omit<FileVerdict, 'filename'>> {
  try {
    const checker = createChecker(vouched, { role: vouched.filename, step: '5.7.3' }, cryptography)
    for await (const chunk of chunksOf(content)) checker.update(chunk)
    checker.end()
  } catch (error) {
    if (error instanceof LengthMismatchError) {
      return otherLength(vouched, error.expected, error.actual)
    }
    if (!(error instanceof HashMismatchError)) throw error
    const { algorithm: what, expected, actual } = error
    return mismatch(vouched, { what, expected, actual })
  }
  return matching(vouched)
}

async function matching(vouched: VouchedFile): Promise<Omit<FileVerdict, 'filename'>> {
  const { target, page } = vouched
  const by = target && page ? 'its page and its target' : target ? 'its target' : 'its page'
  const reason = `${by} vouch${target && page ? '' : 'es'} for it`
  return { ...(await agreementOfBytes(vouched, reason)), vouched }
}

function otherLength(
  vouched: VouchedFile,
  expected: number,
  actual: number,
): Omit<FileVerdict, 'filename'> {
  const said = mismatch(vouched, { what: 'length', expected: `${expected}`, actual: `${actual}` })
  if (actual < expected) return said
  // A stream is left at the first byte too many, so its full length is unknown.
  return { ...said, reason: `it is longer than the ${expected} bytes that the repository says` }
}

function mismatch(vouched: VouchedFile, difference: Difference): Omit<FileVerdict, 'filename'> {
  const { what, expected, actual } = difference
  const reason = `its ${what} is ${actual}, the repository says ${expected}`
  return { verdict: 'mismatch', reason, vouched, difference }
}
