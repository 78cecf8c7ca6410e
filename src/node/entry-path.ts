/** The file of a store's entry, in each layout. No other characters get into a path. */
import { join } from 'node:path'
import { checkEntryName } from '../client/entry-name.js'

/** The value of `FileStoreOptions.layout`. */
type StoreLayout = 'nested' | 'flat'

const fileNames: Readonly<Record<StoreLayout, (entry: string) => string>> = {
  nested: (entry) => entry,
  flat: flatName,
}

/** @internal TypeError for a layout that does not exist. */
export function checkLayout(layout: StoreLayout): void {
  if (!Object.hasOwn(fileNames, layout)) {
    throw new TypeError(`${JSON.stringify(layout)} is not a layout`)
  }
}

/** @internal RangeError for a name that is not one of a store. */
export function entryPath(folder: string, entry: string, layout: StoreLayout = 'nested'): string {
  checkEntryName(entry)
  return join(folder, fileNames[layout](entry))
}

/**
 * @internal Different entries have different files: a `+` occurs in no entry, and in no file of
 * another client that encodes the names of roles.
 */
export function flatName(entry: string): string {
  return entry.replace('/', '+')
}
