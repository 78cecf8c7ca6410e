/**
 * Index pages that earlier calls verified, so that a call asks only for pages that changed. They are
 * in a folder of the store, and are not believed: whatever reads one verifies it anew.
 */
import { join } from 'node:path'
import type { Store } from '../index.js'
import { trimFolder, type FolderBounds } from '../node/trim-folder.js'

/** The pages of one store. */
export interface KeptPages {
  /** A `targetStore`. */
  readonly store: Store
  /** To be called when no page will be written any more. */
  trim(): void
}

/** Room for the pages of thousands of projects. */
const mostKept: FolderBounds = { bytes: 256_000_000, files: 20_000 }

/** Apart from `targets/`, where a program may keep files that are not this command's to remove. */
const pagesFolder = 'pages'

/** All optional. */
export interface KeptPagesOptions {
  /** A store that is only read: it may have pages that `store` lacks. */
  readonly below?: Store | undefined
  readonly bounds?: FolderBounds | undefined
}

/** @param folder the one that `store` is in */
export function keptPages(
  store: Store,
  folder: string,
  { below, bounds = mostKept }: KeptPagesOptions = {},
): KeptPages {
  const entryOf = (name: string): string => name.replace(/^targets\//, `${pagesFolder}/`)
  let written = false
  return {
    store: {
      async get(name, options) {
        const entry = entryOf(name)
        return (await store.get(entry, options)) ?? (await below?.get(entry, options))
      },
      set(name, bytes, options) {
        written = true
        return store.set(entryOf(name), bytes, options)
      },
      delete: (name) => store.delete(entryOf(name)),
    },
    trim() {
      if (written) trimFolder(join(folder, pagesFolder), bounds)
      written = false
    },
  }
}
