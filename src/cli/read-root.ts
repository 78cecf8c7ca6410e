/** The file of a first root; a file of RSTUF that holds one, and is none, is told apart. */
import type { Io } from './io.js'
import { inputLimits, readInputFile } from './read-input.js'
import { UsageError } from './usage-error.js'

/**
 * What comes back may still be anything, such as a root that nobody signed.
 *
 * @throws UsageError for a payload of RSTUF; what the file system says
 */
export async function readRoot(file: string, io: Io): Promise<Uint8Array> {
  const bytes = await readInputFile(file, inputLimits.root, io)
  if (isRstufPayload(bytes)) {
    throw new UsageError(
      `${file} is a payload for the API of RSTUF, not a root: take 1.root.json from the metadata storage (a root cut out of the payload has another digest)`,
    )
  }
  return bytes
}

/** `{ "settings": …, "metadata": { "root": { "signed": … } } }`, as its ceremony writes it. */
function isRstufPayload(bytes: Uint8Array): boolean {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // The parser of metadata says what is wrong with it.
    return false
  }
  return hasField(value, ['metadata', 'root', 'signed'])
}

function hasField(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true
  if (typeof value !== 'object' || value === null) return false
  const inner = Object.entries(value).find(([key]) => key === name)
  return inner !== undefined && hasField(inner[1], rest)
}
