/** What the headers of an answer say of its body. A header that cannot be read counts as missing. */
import type { EncodedBody } from './fetcher.js'

interface Headers {
  readonly headers: { get(name: string): string | null }
}

/** Names of codings ignore case, and gzip goes by two names (RFC 9110, 8.4.1). */
export function codingOf(answer: Headers): string {
  const coding = headerOf(answer, 'content-encoding').trim().toLowerCase()
  return coding === 'x-gzip' ? 'gzip' : coding === '' ? 'identity' : coding
}

/** @internal How the body is encoded, without the body. */
export function encodingOf(answer: Headers): Omit<EncodedBody, 'body'> | undefined {
  const coding = codingOf(answer)
  if (coding === 'identity') return undefined
  const length = contentLength(answer)
  return { coding, ...(length !== undefined && { length }) }
}

/** @internal A weak validator does not promise the same bytes, and none does of decoded bytes. */
export function validatorOf(answer: Headers): { validator?: string } {
  const etag = answer.headers.get('etag')
  return etag === null || !etag.startsWith('"') || encodingOf(answer) ? {} : { validator: etag }
}

/** @internal Of the body as it is given. */
export function lengthOf(answer: Headers): { length?: number } {
  const length = contentLength(answer)
  return length === undefined || encodingOf(answer) ? {} : { length }
}

/** @internal Whether the answer continues the file with this validator. */
export function isRest(answer: Headers, offset: number, validator: string): boolean {
  const range = headerOf(answer, 'content-range')
  const etag = answer.headers.get('etag') ?? validator
  return range.startsWith(`bytes ${offset}-`) && etag === validator && !encodingOf(answer)
}

/**
 * @internal `Retry-After` in milliseconds: seconds, or a date, which is compared with the server's
 * own clock if the answer states it.
 */
export function retryAfterOf(answer: Headers): number | undefined {
  const text = headerOf(answer, 'retry-after').trim()
  if (/^[0-9]{1,10}$/.test(text)) return Number(text) * 1_000
  // Only a date with a name of a day in it: others are read differently by each runtime.
  const until = /^[A-Z][a-z]{2,8}, /.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(until)) return undefined
  const now = Date.parse(headerOf(answer, 'date'))
  return Math.max(0, until - (Number.isNaN(now) ? Date.now() : now))
}

function contentLength(answer: Headers): number | undefined {
  const length = headerOf(answer, 'content-length')
  return /^[0-9]{1,15}$/.test(length) ? Number(length) : undefined
}

function headerOf({ headers }: Headers, name: string): string {
  return headers.get(name) ?? ''
}
