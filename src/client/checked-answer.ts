/**
 * The shape of a fetcher's answer, checked at run time: an application may write its fetcher
 * without types, and every limit counts on the answer.
 */
import type { EncodedBody, FetchResponse } from './fetcher.js'

/**
 * @internal The answer, if it is one.
 *
 * @throws TypeError
 */
export function checkedAnswer(answer: unknown): FetchResponse {
  if (!isRecord(answer)) throw new TypeError('the answer is not an object')
  const { offset, validator, length, url, body, encoded } = answer
  if (!isCount(offset)) throw new TypeError(`the offset of the answer is ${describe(offset)}`)
  if (validator !== undefined && typeof validator !== 'string') {
    throw new TypeError('the validator of the answer is not a string')
  }
  if (url !== undefined && typeof url !== 'string') {
    throw new TypeError('the url of the answer is not a string')
  }
  if (!isAsyncIterable(body)) throw new TypeError('the body of the answer is not an AsyncIterable')
  return {
    offset,
    body,
    ...(validator !== undefined && { validator }),
    // It is only a hint: an impossible value counts as missing.
    ...(isCount(length) && { length }),
    ...(url !== undefined && { url }),
    ...(encoded !== undefined && { encoded: checkedEncoding(encoded) }),
  }
}

function checkedEncoding(encoded: unknown): EncodedBody {
  if (!isRecord(encoded)) throw new TypeError('the encoding of the answer is not an object')
  const { coding, length, body } = encoded
  if (typeof coding !== 'string') throw new TypeError('the coding of the answer is not a string')
  if (body !== undefined && !isAsyncIterable(body)) {
    throw new TypeError('the encoded body of the answer is not an AsyncIterable')
  }
  return {
    coding,
    ...(isCount(length) && { length }),
    ...(body !== undefined && { body }),
  }
}

/** @internal Lets a body go; its iterator may throw at once, or give no promise. */
export async function release(body: AsyncIterator<unknown>): Promise<void> {
  await body.return?.()
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value && typeof value[Symbol.asyncIterator] === 'function'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function describe(value: unknown): string {
  return typeof value === 'number' ? `${value}, not a count of bytes` : `of type ${typeof value}`
}
