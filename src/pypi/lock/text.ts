/**
 * Bytes → text as pip does it (byte-order marks, PEP 263), and lines and white space as in Python:
 * another way to split would give other requirements than pip's.
 */
import { LockFileError } from '../../errors.js'
import { show } from './place.js'

/** The white space of Python's `\s`, `strip` and `split`, inside brackets. */
export const whiteSpace =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

type Decode = (bytes: Uint8Array) => string

const marks: readonly (readonly [mark: readonly number[], decode: Decode])[] = [
  [[0xef, 0xbb, 0xbf], decodeUtf8],
  // Before UTF-16, whose mark is the beginning of this one.
  [[0xff, 0xfe, 0, 0], (bytes) => decodeUtf32(bytes, true)],
  [[0, 0, 0xfe, 0xff], (bytes) => decodeUtf32(bytes, false)],
  [[0xff, 0xfe], (bytes) => strict('utf-16le', bytes)],
  [[0xfe, 0xff], (bytes) => strict('utf-16be', bytes)],
]

/** By Python's names, in lower case with `-`. Others are refused, not guessed at. */
const encodings: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ...['utf-8', 'utf8', 'u8', 'utf', 'utf-8-sig'].map((name) => [name, decodeUtf8] as const),
  ...['ascii', 'us-ascii', '646'].map((name) => [name, decodeAscii] as const),
  ...['latin-1', 'latin1', 'latin', 'l1', 'iso-8859-1', 'iso8859-1', '8859', 'cp819'].map(
    (name) => [name, decodeLatin1] as const,
  ),
])

/**
 * The text of a file in which a comment may declare the encoding. Without mark and declaration it
 * is UTF-8; pip would use the locale's, which is unknown here.
 *
 * @throws LockFileError
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const [mark, decode] = marks.find(([mark]) => mark.every((byte, at) => bytes[at] === byte)) ?? []
  if (mark && decode) return decoded(decode, bytes.subarray(mark.length), file)
  const declared = declaredEncoding(bytes)
  if (declared === undefined) return decoded(decodeUtf8, bytes, file)
  const found = encodings.get(declared.toLowerCase().replaceAll('_', '-'))
  if (found) return decoded(found, bytes, file)
  throw new LockFileError({ file }, `its encoding ${show(declared)} is not read; make it UTF-8`)
}

/**
 * The text of a file that is UTF-8 by its format. A byte-order mark is left out.
 *
 * @throws LockFileError
 */
export function decodePlain(bytes: Uint8Array, file: string): string {
  return decoded(decodeUtf8, bytes, file).replace(/^\ufeff/, '')
}

/** Bytes, or characters, of the longest line. No tool writes the tenth of it. */
export const longestLine = 1_000_000

/** @throws LockFileError for a line that is too long for anything that could be meant */
export function refuseLongLines(bytes: Uint8Array, file: string): void {
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start)
    const end = feed < 0 ? bytes.length : feed
    refuseLongLine(end - start, file, line)
    start = end + 1
  }
}

/** @throws LockFileError */
export function refuseLongLine(length: number, file: string, line: number): void {
  if (length <= longestLine) return
  throw new LockFileError(
    { file, line },
    `the line is ${length} characters long, more than ${longestLine}`,
  )
}

/** Python's `str.splitlines`, one after the other: most lines of a long file may be comments. */
export function* eachLine(text: string): Generator<string, void, undefined> {
  // Looking for one character is the cheapest.
  const plain = otherBreak.test(text) ? text.replaceAll(anyBreak, '\n') : text
  for (let start = 0; start < plain.length;) {
    const feed = plain.indexOf('\n', start)
    const end = feed < 0 ? plain.length : feed
    yield plain.slice(start, end)
    start = end + 1
  }
}

const otherBreak = /[\v-\r\x1c-\x1e\x85\u2028\u2029]/
const anyBreak = /\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]/g

/** Python's `str.strip`. */
export function strip(text: string): string {
  return text.replace(leading, '').replace(trailing, '')
}

const leading = new RegExp(`^[${whiteSpace}]+`)
/** A look-behind keeps it linear: it runs only where white space begins. */
const trailing = new RegExp(`(?<![${whiteSpace}])[${whiteSpace}]+$`)

/** Looked for in the first two lines, which end with a line feed here, when they are comments. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const first = bytes.indexOf(0x0a)
  const second = first < 0 ? -1 : bytes.indexOf(0x0a, first + 1)
  return new TextDecoder('latin1')
    .decode(second < 0 ? bytes : bytes.subarray(0, second))
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) => /coding[:=][\t-\r ]*([-\w.]+)/.exec(line)?.[1])
    .find((encoding) => encoding !== undefined)
}

function decoded(decode: Decode, bytes: Uint8Array, file: string): string {
  try {
    return decode(bytes)
  } catch (error) {
    const reason = error instanceof RangeError ? error.message : 'it is not UTF-8'
    throw new LockFileError({ file }, reason, { cause: error })
  }
}

function strict(encoding: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new RangeError(`it is not ${encoding.toUpperCase()}`, { cause: error })
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  return strict('utf-8', bytes)
}

function decodeAscii(bytes: Uint8Array): string {
  if (bytes.some((byte) => byte > 0x7f)) throw new RangeError('it is not ASCII')
  return strict('utf-8', bytes)
}

/**
 * The `latin1` of TextDecoder is windows-1252, without Python's line break at 0x85. uv reads UTF-8
 * whatever is declared, so a text that is also valid UTF-8 would be read in two ways.
 */
function decodeLatin1(bytes: Uint8Array): string {
  if (bytes.some((byte) => byte > 0x7f) && isUtf8(bytes)) {
    throw new RangeError('it is UTF-8, and says that it is not')
  }
  const units = new Uint8Array(2 * bytes.length)
  for (const [index, byte] of bytes.entries()) units[2 * index] = byte
  return strict('utf-16le', units)
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decodeUtf8(bytes)
    return true
  } catch {
    return false
  }
}

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const characters: string[] = []
  for (let at = 0; at < bytes.length; at += 4) {
    const code = at + 4 > bytes.length ? Infinity : view.getUint32(at, littleEndian)
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      throw new RangeError('it is not UTF-32')
    }
    characters.push(String.fromCodePoint(code))
  }
  return characters.join('')
}
