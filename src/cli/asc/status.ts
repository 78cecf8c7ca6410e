/**
 * What gpgv or gpg said, judged by its status lines (GnuPG's doc/DETAILS). Rules:
 * - one GOODSIG, one VALIDSIG and status 0, about one key; any line outside the table is a refusal;
 * - the signature is of the bytes as they are (class 00), by a hash that still holds.
 */
import { isoTime } from '../../words/amounts.js'
import { printable } from '../../words/printable.js'

/** What a run of the program left. */
export interface GpgAnswer {
  /** Its standard output: status lines. */
  readonly output: string
  /** Its exit status; null when a signal ended it. */
  readonly status: number | null
  /** Whether it took all of the signed bytes. */
  readonly readAll: boolean
}

/** The one who signed. */
export interface Signer {
  /** Of the key that made the signature, in hexadecimal. */
  readonly fingerprint: string
  /** Of the primary key that it belongs to. */
  readonly primary: string
  /** As its owner wrote it; control characters are written out. */
  readonly userId: string
  /** As the signature states it. */
  readonly time: string
  /** Of the signature: `SHA256`, … */
  readonly hash: string
}

/** A good signature, or why it is not one. */
export type Judgement = { readonly signer: Signer } | { readonly refused: string }

/** Lines that come with a good signature and change nothing. */
const harmless: ReadonlySet<string> = new Set(
  `NEWSIG KEY_CONSIDERED SIG_ID VERIFICATION_COMPLIANCE_MODE
   NOTATION_NAME NOTATION_FLAGS NOTATION_DATA POLICY_URL`.split(/\s+/),
)

/** Lines with a meaning that people should read. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['BADSIG', 'it is a signature of other bytes'],
  ['EXPSIG', 'the signature has expired'],
  ['EXPKEYSIG', 'the key has expired'],
  ['REVKEYSIG', 'the key was revoked'],
  ['NO_PUBKEY', 'its key is not in the keyring'],
  ['ERRSIG', 'it could not be checked: its key is missing, or of an unknown kind'],
  ['NODATA', 'it contains no detached signature, or only a part of one'],
])

/** OpenPGP's numbers. MD5, SHA-1 and RIPEMD-160 are left out: files that collide can be made. */
const hashes: ReadonlyMap<string, string> = new Map([
  ['8', 'SHA256'],
  ['9', 'SHA384'],
  ['10', 'SHA512'],
  ['11', 'SHA224'],
  ['12', 'SHA3-256'],
  ['14', 'SHA3-512'],
])

const fingerprint = '[0-9A-F]{40}|[0-9A-F]{64}'
const validSignature = new RegExp(
  `^(${fingerprint}) \\S+ (\\d{1,11}|\\d{8}T\\d{6}) \\S+ \\d+ \\S+ \\d+ (\\d+) ([0-9A-F]{2}) (${fingerprint})$`,
)

/** @param program how messages call it */
export function judgeAnswer({ output, status, readAll }: GpgAnswer, program: string): Judgement {
  const lines = readLines(output)
  if (!lines) return { refused: `${program} answered with something else than status lines` }
  // The line with the plainest meaning comes first.
  for (const [keyword, reason] of reasons) {
    if (lines.some((line) => line.keyword === keyword)) return { refused: reason }
  }
  const good = lines.filter(({ keyword }) => keyword === 'GOODSIG')
  const valid = lines.filter(({ keyword }) => keyword === 'VALIDSIG')
  const begun = lines.filter(({ keyword }) => keyword === 'NEWSIG').length
  const most = Math.max(begun, good.length, valid.length)
  if (most > 1) return { refused: `it contains ${most} signatures, and one is expected` }
  const other = lines.find(
    ({ keyword }) => !harmless.has(keyword) && keyword !== 'GOODSIG' && keyword !== 'VALIDSIG',
  )
  if (other) return { refused: `${program} said ${printable(other.keyword)} about it` }
  if (!good[0] || !valid[0]) return { refused: `${program} found no detached signature in it` }
  if (status === null) return { refused: `${program} was ended by a signal` }
  if (status !== 0) return { refused: `${program} ended with status ${status}` }
  if (!readAll) return { refused: `${program} did not read all of the file` }
  return judgeSignature(good[0].rest, valid[0].rest, program)
}

function judgeSignature(good: string, valid: string, program: string): Judgement {
  const [, key, userId] = /^([0-9A-F]{16,64}) (.*)$/.exec(good) ?? []
  const [, print = '', made = '', hash = '', kind, primary = ''] = validSignature.exec(valid) ?? []
  const isKey = print.length === 40 ? print.endsWith(key ?? '-') : print.startsWith(key ?? '-')
  const time = timeOf(made)
  if (userId === undefined || time === undefined || !isKey) {
    return { refused: `${program} contradicts itself about the key` }
  }
  if (kind !== '00') return { refused: 'it is a signature of a text, not of these bytes' }
  const name = hashes.get(hash)
  if (name === undefined) {
    return { refused: 'its hash is MD5, SHA-1, RIPEMD-160 or unknown, and no longer counts' }
  }
  const shown = printable(unescaped(userId))
  return { signer: { fingerprint: print, primary, userId: shown, time, hash: name } }
}

interface StatusLine {
  readonly keyword: string
  readonly rest: string
}

function readLines(output: string): StatusLine[] | undefined {
  const lines: StatusLine[] = []
  for (const line of output.split(/\r?\n/)) {
    if (line === '') continue
    const [, keyword, rest = ''] = /^\[GNUPG:\] ([A-Z_0-9]+)(?: (.*))?$/.exec(line) ?? []
    if (keyword === undefined) return undefined
    lines.push({ keyword, rest })
  }
  return lines
}

/** Seconds since 1970, or `20260131T235959`, in UTC. */
function timeOf(text: string): string | undefined {
  if (text === '') return undefined
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(text)?.slice(1)
  if (!parts) return isoTime(Number(text) * 1000)
  const [year, month, day, hour, minute, second] = parts
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
}

/** Control characters and `%` arrive as `%0A`. */
function unescaped(text: string): string {
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}
