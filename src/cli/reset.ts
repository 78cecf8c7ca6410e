/** `tuffet reset`: recovery, when a wrong clock or a broken repository left a floor too high. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  anchorDigestsEntry,
  anchorEntry,
  clockEntry,
  rootEntry,
  storedRootName,
} from '../core/names.js'
import { NotStoredError } from '../errors.js'
import type { Store } from '../index.js'
import { hasCode } from '../node/system-error.js'
import type { Command } from './command.js'
import { openStore } from './session.js'
import { readSettings, requireSetting } from './settings.js'

export const reset: Command = {
  parameters: '',
  words: { least: 0, most: 0 },
  options: ['store', 'root'],
  about: [
    'Deletes from the store the timestamp, the snapshot, the targets, the roots since that of init',
    'and the time of the last update, without a request. It keeps the root of init, and delegated',
    'roles, which do not count without a snapshot that lists them. Until the next refresh the store',
    'does not protect against an old state of the repository.',
  ],
  examples: ['tuffet reset --store tuf'],
  async run({ options, io }) {
    const settings = await readSettings(options, io)
    const folder = requireSetting(settings, 'store')
    const store = openStore(folder, { io })
    // Without a root the folder is not a store, or could not be used after the reset.
    const anchored =
      settings.root !== undefined || (await store.get(anchorEntry, { maxLength: 0 })) !== undefined
    if (!anchored) throw new NotStoredError(anchorEntry)
    const entries = [
      ...[
        'timestamp.json',
        'snapshot.json',
        'targets.json',
        rootEntry,
        clockEntry,
        anchorDigestsEntry,
      ],
      ...(await storedRoots(folder)),
    ]
    const deleted = await deleteAll(store, entries)
    return {
      lines: [
        ...deleted.map((entry) => `deleted ${entry}`),
        `kept the root that tuffet refresh starts from: ${settings.root ?? anchorEntry}`,
      ],
      json: { store: folder, deleted },
    }
  },
}

/** The existing entries, while no other process writes. */
async function deleteAll(store: Store, entries: readonly string[]): Promise<string[]> {
  const commit = async (): Promise<string[]> => {
    const deleted: string[] = []
    for (const entry of entries) {
      if ((await store.get(entry, { maxLength: 0 })) === undefined) continue
      await store.delete(entry)
      deleted.push(entry)
    }
    return deleted
  }
  return store.exclusive ? store.exclusive(commit) : commit()
}

async function storedRoots(folder: string): Promise<string[]> {
  let names
  try {
    names = await readdir(join(folder, 'root_history'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
  const versions = names.flatMap((name) => /^([1-9]\d*)\.root\.json$/.exec(name)?.[1] ?? [])
  return versions
    .map(Number)
    .sort((a, b) => a - b)
    .map(storedRootName)
}
