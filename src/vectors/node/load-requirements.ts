/** The sentences of the specification that vectors bear on. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readWhole } from '../../node/plain-file.js'
import { hasCode } from '../../node/system-error.js'
import type { Requirement } from '../format.js'
import { VectorFileError } from '../parse-file.js'
import { Fields, listOf, oneOf, readSentence } from '../read-fields.js'

/** Bytes; the package's own file is far shorter. */
const longestFile = 4_000_000

const levels = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'MAY'] as const

/**
 * The requirements of a vector folder, in the order of the specification; empty where the folder
 * lacks `requirements.json`.
 *
 * @throws VectorFileError when the file is not a list of requirements; the file system's error
 *
 * @example
 * ```ts
 * import { loadRequirements } from 'tuffet/vectors/node'
 *
 * const requirements = await loadRequirements('node_modules/tuffet-vectors')
 * ```
 */
export async function loadRequirements(folder: string | URL): Promise<readonly Requirement[]> {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder
  let text: string
  try {
    const bytes = await readWhole(join(path, 'requirements.json'), longestFile)
    text = new TextDecoder().decode(bytes)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
  try {
    const fields = new Fields(JSON.parse(text), '')
    return fields.required('requirements', listOf(readRequirement, 1))
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error
    throw new VectorFileError(`requirements.json: ${error.message}`, { cause: error })
  }
}

function readRequirement(value: unknown, path: string): Requirement {
  const fields = new Fields(value, path)
  const id = fields.required('id', readSentence)
  const level = fields.required('level', oneOf(...levels))
  const text = fields.required('text', readSentence)
  const only = fields.optional('only', oneOf('accepting', 'refusing', 'none'))
  const reason = fields.optional('reason', readSentence)
  fields.end()
  return { id, level, text, ...(only && { only }), ...(reason !== undefined && { reason }) }
}
