/** The file of a store's entry, in each layout. No other characters get into a path. */
import { join } from 'node:path'

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
  const segments = entry.split('/')
  const safe = segments.every((segment) => /^[\w.~%-]+$/.test(segment) && !/^\.\.?$/.test(segment))
  if (!safe || segments.length > 2) {
    throw new RangeError(`not a name of a store: ${JSON.stringify(entry)}`)
  }
  return join(folder, fileNames[layout](entry))
}

/**
 * @internal Different entries have different files: a `+` occurs in no entry, and in no file of
 * another client that encodes the names of roles.
 */
export function flatName(entry: string): string {
  return entry.replace('/', '+')
}
