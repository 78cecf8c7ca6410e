/** The mode of the folders of a store, which decides on its readers; files follow it. */
import { statSync } from 'node:fs'
import { checkInteger } from '../core/number-option.js'

/** The value of `FileStoreOptions.folderMode`. */
type FolderMode = number | 'inherit'

/** @internal */
export const ownersAlone = 0o700

/** @internal RangeError where others with write access would decide which files are trusted. */
export function checkFolderMode(mode: FolderMode): void {
  if (mode === 'inherit') return
  checkInteger('folderMode', mode, ownersAlone, 0o777)
  if ((mode & 0o002) === 0) return
  throw new RangeError(`folderMode 0${mode.toString(8)} would let everybody write to the store`)
}

/** @internal The mode for what is new in `folder`; undefined: the default. */
export function folderModeFor(folder: string, mode: FolderMode | undefined): number | undefined {
  if (mode !== 'inherit') return mode
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat && (stat.mode & 0o755) | ownersAlone
}
