/**
 * One metadata file: fetched, read, and compared with everything that speaks about it. Each fault is a
 * finding, and the content goes on to be audited all the same: an audit believes no file, and hands
 * none out.
 */
import { FetchTooLongError, isTufError } from '../../errors.js'
import { checkBytes } from '../../core/keys/hash.js'
import type { Envelope, MetaFile, SignedByType } from '../../core/metadata/model.js'
import { parseMetadata } from '../../core/metadata/parse.js'
import { metadataFileName } from '../../core/names.js'
import { countSignatures, type Authority } from '../../core/trust/verify.js'
import { count } from '../../words/amounts.js'
import { shortKeyid, signedInWords, verdictInWords } from '../../words/signatures.js'
import { checkExpiry } from '../checks/expiry.js'
import { checkForm } from '../checks/form.js'
import { countLacked } from '../checks/keys.js'
import { checkSize } from '../checks/sizes.js'
import type { Seat } from '../room.js'
import { judging, messageOf, type Audit, type Naming } from '../context.js'

/** A file that was read. */
export interface ReadFile<T extends keyof SignedByType> {
  readonly envelope: Envelope<SignedByType[T]>
  readonly bytes: Uint8Array
}

/** The file that is wanted. */
export interface Wanted<T extends keyof SignedByType> {
  readonly role: string
  readonly type: T
  readonly naming: Naming
  /** The voucher's entry. */
  readonly listed?: MetaFile | undefined
  readonly authority: Authority
  /** Taken before the file is read, where others may be in work. */
  readonly seat?: Seat
}

/** Undefined for a file that cannot be read; the findings say why. */
export async function readRoleFile<T extends 'timestamp' | 'snapshot' | 'targets'>(
  audit: Audit,
  wanted: Wanted<T>,
): Promise<ReadFile<T> | undefined> {
  const { role, type, listed } = wanted
  const name = fileName(audit, wanted)
  if (name === undefined) return undefined
  const bytes = await fetchFile(audit, wanted, name)
  if (bytes === undefined) return undefined
  if (listed) checkListed(audit, role, name, bytes, listed)
  const envelope = parseFile(audit, type, role, name, bytes)
  if (envelope === undefined) return undefined
  const { version, expires } = envelope.signed
  if (listed && version !== listed.version) {
    audit.findings.add({
      code: 'version-differs',
      role,
      subject: name,
      message: `${name} is version ${version}, and is listed as version ${listed.version}.`,
    })
  }
  const file = { envelope, bytes }
  checkSignatures(audit, role, envelope, wanted.authority)
  checkSize(audit, type, role, bytes.length, listed?.length !== undefined)
  checkExpiry(audit, role, expires, wanted.authority)
  checkForm(audit, type, role, file)
  return file
}

/**
 * The signatures of a file that was read before, by the keys of another delegator. A server that gives
 * no file now, or another, would hide this judgement, and so that is a finding.
 *
 * @param first the SHA-256 of the first answer, undefined where it could not be read
 */
export async function judgeAgain(
  audit: Audit,
  wanted: Wanted<'targets'>,
  first: string | undefined,
): Promise<void> {
  const { role, authority } = wanted
  // The first reading noted why.
  const name = first === undefined ? undefined : fileName(audit, wanted)
  if (name === undefined) return
  const bytes = await fetchFile(audit, wanted, name)
  if (bytes === undefined) return
  if (digestOf(audit, bytes) !== first) {
    const message = `${name} changed while the audit was running: a second answer differs from the first.`
    audit.findings.add({ code: 'file-altered', role, subject: name, message })
  }
  const envelope = parseFile(audit, 'targets', role, name, bytes)
  if (envelope) checkSignatures(audit, role, envelope, authority)
}

/** SHA-256, a character for each byte: one is kept for each role, and hexadecimal takes ten times as much. */
export function digestOf({ cryptography }: Audit, bytes: Uint8Array): string {
  return String.fromCharCode(...cryptography.hash('sha256', bytes))
}

function fileName<T extends keyof SignedByType>(
  audit: Audit,
  { role, naming, listed }: Wanted<T>,
): string | undefined {
  try {
    return metadataFileName(role, naming.consistent ? listed?.version : undefined)
  } catch (error) {
    const message = `The name of the role cannot be written as a URL: ${messageOf(error)}.`
    audit.findings.add({ code: 'file-invalid', role, message })
    return undefined
  }
}

/** A file, or undefined where it is missing or cannot be fetched. */
async function fetchFile(
  audit: Audit,
  { role, seat }: Pick<Wanted<'targets'>, 'role' | 'seat'>,
  name: string,
): Promise<Uint8Array | undefined> {
  try {
    const bytes = await audit.source.metadata(name)
    if (bytes === undefined) {
      const message = `${name} is not there.`
      audit.findings.add({ code: 'file-missing', role, subject: name, message })
      return undefined
    }
    await seat?.take(bytes.length)
    return bytes
  } catch (error) {
    const message = `${name}: ${messageOf(error)}.`
    const tooLong = error instanceof FetchTooLongError
    const code = tooLong ? 'file-invalid' : 'file-unreachable'
    audit.findings.add({ code, role, subject: name, message })
    return undefined
  }
}

/** The content of a file, or undefined where clients refuse to read it. */
export function parseFile<T extends keyof SignedByType>(
  audit: Audit,
  type: T,
  role: string,
  name: string,
  bytes: Uint8Array,
): Envelope<SignedByType[T]> | undefined {
  try {
    return parseMetadata(bytes, type, role, judging(audit))
  } catch (error) {
    const message = `${name} is refused: ${messageOf(error)}.`
    audit.findings.add({ code: 'file-invalid', role, subject: name, message })
    return undefined
  }
}

function checkListed(
  audit: Audit,
  role: string,
  name: string,
  bytes: Uint8Array,
  listed: MetaFile,
): void {
  try {
    checkBytes(bytes, listed, { role, step: '5.6.2' }, audit.cryptography)
  } catch (error) {
    if (!isTufError(error)) throw error
    const unknown =
      error.code === 'ERR_TUF_HASH_MISMATCH' && 'algorithm' in error && error.algorithm === ''
    const code = unknown ? 'hash-unknown' : 'file-altered'
    audit.findings.add({ code, role, subject: name, message: `${name}: ${error.message}.` })
  }
}

/** Whether enough keys signed. */
function checkSignatures(
  audit: Audit,
  role: string,
  envelope: Envelope,
  authority: Authority,
): boolean {
  const report = countSignatures(envelope, authority, judging(audit))
  if (report.signed < report.threshold) {
    const signers = new Set(envelope.signatures.map(({ keyid }) => keyid))
    const keyids = authority.keyids.filter((keyid) => signers.has(keyid))
    const lacking = countLacked(audit, { keyids, keys: authority.keys })
    if (report.signed + lacking >= report.threshold) {
      const message = `By the keys of ${authority.delegator} it is ${signedInWords(report)}; ${count(lacking, 'signature')} cannot be verified by this runtime.`
      const subject = authority.delegator
      audit.findings.add({ code: 'threshold-not-judged', role, message, subject })
      return false
    }
    const by = authority.delegator === role ? 'its own table' : authority.delegator
    const message = `By the keys of ${by} it is ${signedInWords(report)}.`
    audit.findings.add({ code: 'signatures-missing', role, message, subject: authority.delegator })
    return false
  }
  const wrong = report.keys.filter(({ verdict }) => wrongVerdicts.has(verdict))
  const [first] = wrong
  if (first) {
    const message = `${count(wrong.length, 'signature')} of its keys does not count: key ${shortKeyid(first.keyid)} ${verdictInWords(first.verdict)}.`
    audit.findings.add({ code: 'signature-wrong', role, message, subject: first.keyid })
  }
  return true
}

const wrongVerdicts: ReadonlySet<string> = new Set([
  'empty-signature',
  'malformed-signature',
  'wrong-signature',
])
