/**
 * Reads the file of a first root, and recognises an RSTUF file that contains one but is not one.
 */
import type { Io } from './io.js'
import { inputLimits, readInputFile } from './read-input.js'
import { UsageError } from './usage-error.js'

/**
 * The result may still be anything, such as an unsigned root.
 *
 * @throws UsageError for a payload of RSTUF; the errors of the file system
 */
export async function readRoot(file: string, io: Io): Promise<Uint8Array> {
  const bytes = await readInputFile(file, inputLimits.root, io)
  if (isRstufPayload(bytes)) {
    throw new UsageError(
      `${file} is a payload for the API of RSTUF, not a root: take 1.root.json from the metadata storage (a root cut out of the payload gives another digest)`,
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
    // The metadata parser reports the mistake.
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
