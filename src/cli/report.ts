/** An error as data for programs, and as one line for people. */
import { types } from 'node:util'
import { isTufError, type Origin, type TufError } from '../errors.js'
import { PlainFileError } from '../node/plain-file.js'
import { hintFor } from './hints.js'
import { NotVerifiedError } from './not-verified-error.js'
import { plainReason, systemWords } from './system-words.js'
import { UsageError } from './usage-error.js'
import { VerdictError } from './verdict-error.js'
import { isoTime } from '../words/amounts.js'

/** The `error` member that `--json` prints; an error's own fields follow (see `tuffet/errors`). */
export interface ErrorReport {
  /** `ERR_TUF_…`, `USAGE`, `VECTORS_FAILED`, the system's such as `ENOENT`, or `UNEXPECTED`. */
  readonly code: string
  readonly message: string
  readonly role?: string
  readonly step?: string
  readonly url?: string
  readonly origin?: Origin
  /** The hint for the next step. */
  readonly hint?: string
  /** The causes of the error, outermost first. */
  readonly causes?: readonly string[]
  readonly [field: string]: unknown
}

/** Fields that hold milliseconds since 1970. */
const times: ReadonlySet<string> = new Set(['expires', 'now', 'latest'])

/** Anything that was thrown, as data. */
export function reportOf(error: unknown): ErrorReport {
  const causes = causesOf(error)
  const tail = causes.length > 0 ? { causes } : {}
  if (isTufError(error)) {
    const { code, message } = error
    // Its reason is the cause in other words.
    const more = code === 'ERR_TUF_DESTINATION' ? {} : tail
    return { code, message, ...fieldsOf(error), hint: hintFor(error), ...more }
  }
  const message = messageOf(error)
  if (error instanceof UsageError) return { code: 'USAGE', message }
  if (error instanceof NotVerifiedError) return { code: 'NOT_VERIFIED', message }
  if (error instanceof PlainFileError) return { code: error.code, message }
  if (error instanceof VerdictError) return { code: error.code, message }
  return { code: systemCode(error) ?? 'UNEXPECTED', message, ...tail }
}

/** The refused file, its origin, the reason, the hint, and the code to look up. */
export function errorLine({ code, message, url, origin, hint, causes = [] }: ErrorReport): string {
  const parts = [message]
  if (url !== undefined && !message.includes(url)) parts.push(`, from ${url}`)
  if (origin?.from === 'given' && origin.file !== undefined) parts.push(`, from ${origin.file}`)
  if (origin?.from === 'store') parts.push(`, from ${origin.entry} in the store`)
  for (const cause of causes) {
    // Often the message again, followed by a position.
    const [, start = '', position = ''] = /^(.*?)( \([^()]*\))?$/s.exec(cause) ?? []
    parts.push(message.includes(start) ? position : `: ${cause}`)
  }
  const to = origin?.from === 'network' ? origin.redirectedTo : undefined
  if (to !== undefined && !message.includes(to)) parts.push(`; redirected to ${to}`)
  if (hint !== undefined) parts.push(`. ${capital(hint)}.`)
  if (code.startsWith('ERR_TUF_')) parts.push(` [${code}]`)
  return parts.join('')
}

function fieldsOf(error: TufError): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(error)) {
    if (value === undefined) continue
    fields[name] = typeof value === 'number' && times.has(name) ? isoTime(value) : value
  }
  return fields
}

/** Messages that say more than those before them. */
function causesOf(error: unknown): string[] {
  const found: string[] = []
  let said = messageOf(error)
  let cause = isError(error) ? error.cause : undefined
  // Few enough for a line; a chain could be a circle.
  for (let depth = 0; depth < 4 && isError(cause); depth++) {
    const message = messageOf(cause)
    if (message !== '' && !said.includes(message)) found.push(message)
    said += message
    cause = cause.cause
  }
  return found
}

/** A failed connection to several addresses carries a list of errors instead of a message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return [...new Set(error.errors.map(messageOf))].join(', ')
  }
  if (!isError(error)) return String(error)
  return systemWords(error) ?? plainReason(error.message)
}

function systemCode(error: unknown): string | undefined {
  if (!isError(error) || !('syscall' in error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Also those of Node itself, where tests run in a realm of their own. */
function isError(value: unknown): value is Error {
  return types.isNativeError(value)
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
