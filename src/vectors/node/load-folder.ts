/** The vector files of a folder, such as the package `tuffet-vectors`. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readWhole } from '../../node/plain-file.js'
import type { VectorFile } from '../format.js'
import { parseVectorFile, VectorFileError } from '../parse-file.js'

/** JSON files beside the vectors without vectors in them. */
const otherFiles: ReadonlySet<string> = new Set([
  'package.json',
  'requirements.json',
  'schema.json',
])

/** Bytes; the longest file of this package is far shorter. */
const longestFile = 64_000_000

/**
 * Every vector file directly in `folder`, by name.
 *
 * @throws VectorFileError that names the file; also when the folder contains none, or a file is not
 *   named like its family; the errors of the file system
 *
 * @example
 * ```ts
 * import { loadVectorFolder } from 'tuffet/vectors/node'
 *
 * const files = await loadVectorFolder('node_modules/tuffet-vectors')
 * ```
 */
export async function loadVectorFolder(folder: string | URL): Promise<VectorFile[]> {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder
  const names = (await readdir(path))
    .filter((name) => name.endsWith('.json') && !otherFiles.has(name))
    .sort()
  if (names.length === 0) throw new VectorFileError(`${path} contains no vectors`)
  const files: VectorFile[] = []
  for (const name of names) {
    const bytes = await readWhole(join(path, name), longestFile)
    files.push(parseNamed(name, new TextDecoder().decode(bytes)))
  }
  return files
}

function parseNamed(name: string, text: string): VectorFile {
  try {
    const file = parseVectorFile(text)
    if (name === `${file.family}.json`) return file
    throw new VectorFileError(`holds the family ${file.family}`)
  } catch (error) {
    if (!(error instanceof VectorFileError)) throw error
    throw new VectorFileError(`${name}: ${error.message}`, { cause: error })
  }
}
