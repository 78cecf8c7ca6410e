/** The name and the bytes of a lock file, in the forms that formats need. */
import { readJson } from '../../core/json/read.js'
import { JsonSyntaxError } from '../../core/json/value.js'
import { refuseOtherText } from './looks-like.js'
import { LockPlace } from './place.js'
import { type HeaderLines, LockTable } from './table.js'
import { decodePlain, decodeText } from './text.js'

export class LockContent {
  /** As it was given. */
  readonly name: string
  readonly bytes: Uint8Array
  #toml: Promise<LockTable> | undefined

  constructor(name: string, bytes: Uint8Array) {
    this.name = name
    this.bytes = bytes
  }

  /** The last segment of the name. */
  get filename(): string {
    return this.name.replace(/^.*[/\\]/s, '')
  }

  /** As pip decodes it. */
  text(): string {
    return decodeText(this.bytes, this.name)
  }

  /** The same, of a format of lines: a text of a kind that locks nothing is refused by its name. */
  lines(): string {
    const text = this.text()
    refuseOtherText(text, this.name)
    return text
  }

  /** As TOML; read once. */
  async toml(): Promise<LockTable> {
    this.#toml ??= readToml(this.bytes, this.name)
    return this.#toml
  }

  json(): LockTable {
    return readJsonTable(this.bytes, this.name)
  }
}

/**
 * Reads TOML 1.0. The parser is loaded here, and only now.
 *
 * @throws LockFileError with the line
 */
async function readToml(bytes: Uint8Array, file: string): Promise<LockTable> {
  const text = decodePlain(bytes, file)
  const { parse, TomlError } = await import('smol-toml')
  let value: unknown
  try {
    value = parse(text, { integersAsBigInt: 'asNeeded' })
  } catch (error) {
    const known = error instanceof TomlError
    const reason = known ? (error.message.split('\n', 1)[0] ?? '') : 'it cannot be parsed'
    throw new LockPlace(file, known ? error.line : undefined).refusal(reason, { cause: error })
  }
  return new LockTable(value, new LockPlace(file), headerLines(text))
}

/**
 * Reads JSON without duplicate names: which of them counts would be for each reader to say.
 *
 * @throws LockFileError with the line
 */
function readJsonTable(bytes: Uint8Array, file: string): LockTable {
  const text = decodePlain(bytes, file)
  const unmarked = new TextEncoder().encode(text)
  try {
    return new LockTable(readJson(unmarked).value, new LockPlace(file))
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const line = unmarked.subarray(0, error.offset).filter((byte) => byte === 0x0a).length + 1
    // Names in it can be as long as they like.
    const path = error.path.length > 200 ? `${error.path.slice(0, 200)}…` : error.path
    const place = new LockPlace(file, line, path === '' ? undefined : path)
    throw place.refusal(`it is not strict JSON: ${error.reason}`, { cause: error })
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
