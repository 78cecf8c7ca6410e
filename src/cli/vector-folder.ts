/** Where the package `tuffet-vectors` is installed. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { hasCode } from '../node/system-error.js'
import { UsageError } from './usage-error.js'

/**
 * Beside this package, or where the user's project would find it.
 *
 * @throws UsageError when it is in neither place
 */
export function vectorFolder(workingFolder: string): string {
  for (const from of [import.meta.url, join(workingFolder, 'package.json')]) {
    const found = packageFolder(from)
    if (found !== undefined) return found
  }
  throw new UsageError(
    'the vectors are not installed: npm install --save-dev tuffet-vectors, or give --folder DIR',
  )
}

function packageFolder(from: string): string | undefined {
  try {
    return dirname(createRequire(from).resolve('tuffet-vectors/package.json'))
  } catch (error) {
    // The second is for a bundle in one file, which lacks a folder of its own.
    if (hasCode(error, 'MODULE_NOT_FOUND', 'ERR_INVALID_ARG_VALUE')) return undefined
    throw error
  }
}
