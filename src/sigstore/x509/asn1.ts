/**
 * DER (X.690) as certificates and timestamps need it: one encoding of a value. Long forms of short
 * lengths, indefinite lengths, padded integers and trailing bytes are refused.
 */

/** One value: its tag, and its bytes with and without tag and length. */
export interface Asn1 {
  readonly tag: number
  readonly content: Uint8Array
  readonly bytes: Uint8Array
}

/** Bytes that are not the DER that is expected. Readers give it a check and a place. */
export class Asn1Error extends Error {
  override readonly name = 'Asn1Error'
}

/** Tags of X.690; `context` makes those of a structure's own fields. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** The tag of the constructed field `[number]`. */
export function context(number: number): number {
  return 0xa0 | number
}

/** The one value that `bytes` are. */
export function readOne(bytes: Uint8Array, tag?: number): Asn1 {
  const [value, ...rest] = readAll(bytes)
  if (value === undefined || rest.length > 0) throw new Asn1Error('not one value of DER')
  return tag === undefined ? value : expectTag(value, tag)
}

/** The values within a constructed value. */
export function childrenOf(value: Asn1, tag: number): readonly Asn1[] {
  return readAll(expectTag(value, tag).content)
}

/** `value`, which must be there with this tag. */
export function expectTag(value: Asn1 | undefined, tag: number): Asn1 {
  if (value?.tag !== tag) {
    const found = value === undefined ? 'nothing' : `tag 0x${value.tag.toString(16)}`
    throw new Asn1Error(`expected DER tag 0x${tag.toString(16)}, found ${found}`)
  }
  return value
}

/** Values that follow each other and fill `bytes`. */
export function readAll(bytes: Uint8Array): readonly Asn1[] {
  const all: Asn1[] = []
  let offset = 0
  while (offset < bytes.length) {
    const tag = bytes[offset] ?? 0
    if ((tag & 0x1f) === 0x1f) throw new Asn1Error('a tag of more than one byte')
    const { length, start } = readLength(bytes, offset + 1)
    const end = start + length
    if (end > bytes.length) throw new Asn1Error('a value is longer than its container')
    all.push({ tag, content: bytes.subarray(start, end), bytes: bytes.subarray(offset, end) })
    offset = end
  }
  return all
}

function readLength(bytes: Uint8Array, offset: number): { length: number; start: number } {
  const first = bytes[offset]
  if (first === undefined) throw new Asn1Error('a value without a length')
  if (first < 0x80) return { length: first, start: offset + 1 }
  const count = first & 0x7f
  const start = offset + 1 + count
  if (count === 0 || count > 3 || start > bytes.length) throw new Asn1Error('not a length of DER')
  let length = 0
  for (const byte of bytes.subarray(offset + 1, start)) length = length * 256 + byte
  if (length < (count === 1 ? 0x80 : 256 ** (count - 1))) throw new Asn1Error('a padded length')
  return { length, start }
}

/** The bytes of a value: tag, length, content. */
export function encodeAsn1(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const header = [tag]
  if (length < 0x80) header.push(length)
  else if (length < 0x100) header.push(0x81, length)
  else if (length < 0x10000) header.push(0x82, length >> 8, length & 0xff)
  else header.push(0x83, length >> 16, (length >> 8) & 0xff, length & 0xff)
  return joined(Uint8Array.from(header), ...parts)
}

/** The parts in one. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}

/** `1.3.6.1.4.1.57264.1.8` */
export function oidOf(value: Asn1 | undefined): string {
  const { content } = expectTag(value, tags.oid)
  const numbers: number[] = []
  let number = 0
  let first = true
  for (const byte of content) {
    if (first && byte === 0x80) throw new Asn1Error('a padded object identifier')
    number = number * 128 + (byte & 0x7f)
    if (number >= 2 ** 46) throw new Asn1Error('a huge object identifier')
    first = (byte & 0x80) === 0
    if (first) {
      numbers.push(number)
      number = 0
    }
  }
  const [head] = numbers
  if (head === undefined || !first) throw new Asn1Error('an object identifier without an end')
  const root = Math.min(Math.floor(head / 40), 2)
  return [root, head - 40 * root, ...numbers.slice(1)].join('.')
}

/** The content of an integer, which must be minimal. */
export function integerOf(value: Asn1 | undefined): Uint8Array {
  const { content } = expectTag(value, tags.integer)
  const [first, second = 0] = content
  const padded =
    content.length > 1 && (first === 0 ? second < 0x80 : first === 0xff && second >= 0x80)
  if (first === undefined || padded) throw new Asn1Error('a padded integer')
  return content
}

/** An integer from 0 to 2^31 - 1. */
export function smallIntegerOf(value: Asn1 | undefined): number {
  const content = integerOf(value)
  if (content.length > 4 || (content[0] ?? 0) >= 0x80) throw new Asn1Error('not a small integer')
  return content.reduce((number, byte) => number * 256 + byte, 0)
}

/** True is 0xff, and no other byte. */
export function booleanOf(value: Asn1): boolean {
  const { content } = expectTag(value, tags.boolean)
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) {
    throw new Asn1Error('not a boolean of DER')
  }
  return content[0] === 0xff
}

/** The bytes of a bit string without unused bits. */
export function wholeBytesOf(value: Asn1 | undefined): Uint8Array {
  const { content } = expectTag(value, tags.bitString)
  if (content[0] !== 0) throw new Asn1Error('a bit string that is not whole bytes')
  return content.subarray(1)
}

const ascii = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of UTF-8 bytes. */
export function utf8Of(bytes: Uint8Array): string {
  try {
    return ascii.decode(bytes)
  } catch (error) {
    throw new Asn1Error('not UTF-8', { cause: error })
  }
}

const utc = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const generalized = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/

/**
 * UTCTime or GeneralizedTime, in milliseconds since 1970. RFC 5280 forbids fractions, RFC 3161 allows them:
 * they are rounded down.
 */
export function timeOf(value: Asn1 | undefined): number {
  if (value === undefined) throw new Asn1Error('not a time')
  const text = utf8Of(value.content)
  const short = value.tag === tags.utcTime ? utc.exec(text) : null
  const parts = short ?? (value.tag === tags.generalizedTime ? generalized.exec(text) : null)
  if (parts === null) throw new Asn1Error('not a time')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map(Number)
  // RFC 5280, 4.1.2.5.1: two digits are 1950 to 2049.
  const full = short === null ? year : year + (year < 50 ? 2000 : 1900)
  const { [7]: fraction = '' } = parts
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
  const time = Date.UTC(full, month - 1, day, hour, minute, second, milliseconds)
  const date = new Date(time)
  // JavaScript takes the years 0 to 99 for 1900 to 1999. No month 13 keeps the year, and no day 31 of a month of 30
  // days, or hour 24, keeps the day.
  const same = date.getUTCFullYear() === full && date.getUTCDate() === day
  if (!same || minute > 59 || second > 59) throw new Asn1Error('not a time')
  return time
}
