/** Bytes → the outermost table of a lock file in TOML or JSON. */
import { readJson } from '../../core/json/read.js'
import { JsonSyntaxError } from '../../core/json/value.js'
import { LockFileError } from '../../errors.js'
import { type HeaderLines, LockTable } from './lock-table.js'
import { decodePlain } from './text.js'

/**
 * Reads TOML 1.0. The parser is loaded here, and only now.
 *
 * @throws LockFileError with the line
 */
export async function readTomlTable(bytes: Uint8Array, file: string): Promise<LockTable> {
  const text = decodePlain(bytes, file)
  const { parse, TomlError } = await import('smol-toml')
  let value: unknown
  try {
    value = parse(text, { integersAsBigInt: 'asNeeded' })
  } catch (error) {
    const known = error instanceof TomlError
    const reason = known ? (error.message.split('\n', 1)[0] ?? '') : 'it cannot be parsed'
    throw new LockFileError({ file, ...(known && { line: error.line }) }, reason, { cause: error })
  }
  return new LockTable(value, { file }, headerLines(text))
}

/**
 * Reads JSON without duplicate names: which of them counts would be for each reader to say.
 *
 * @throws LockFileError with the line
 */
export function readJsonTable(bytes: Uint8Array, file: string): LockTable {
  const text = decodePlain(bytes, file)
  const unmarked = new TextEncoder().encode(text)
  try {
    return new LockTable(readJson(unmarked).value, { file })
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const line = unmarked.subarray(0, error.offset).filter((byte) => byte === 0x0a).length + 1
    // Names in it can be as long as they like.
    const path = error.path.length > 200 ? `${error.path.slice(0, 200)}…` : error.path
    const place = { file, line, ...(path !== '' && { path }) }
    throw new LockFileError(place, `it is not strict JSON: ${error.reason}`, { cause: error })
  }
}

/** A text that only looks like a header makes their number wrong, and the lines unknown. */
function headerLines(text: string): HeaderLines {
  const lines = new Map<string, number[]>()
  for (const [index, line] of text.split('\n').entries()) {
    const name = /^\s*\[\[\s*([\w-]+)\s*\]\]/.exec(line)?.[1]
    if (name === undefined) continue
    const known = lines.get(name)
    if (known) known.push(index + 1)
    else lines.set(name, [index + 1])
  }
  return lines
}
