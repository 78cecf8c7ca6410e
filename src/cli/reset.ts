/**
 * `tuffet reset`: recovery, when a wrong clock or a broken repository left a floor too high. Publishers
 * that were remembered do not belong to the repository: only `--publishers` forgets them.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  anchorDigestsEntry,
  anchorEntry,
  clockEntry,
  rootEntry,
  storedRootName,
} from '../core/names.js'
import { firstUseEntry } from '../attestations/first-use.js'
import { NotStoredError } from '../errors.js'
import type { Store } from '../index.js'
import { hasCode } from '../node/system-error.js'
import type { Answer, Call, Command } from './command.js'
import { forgetPublishers } from './forget-publishers.js'
import { openStore } from './session.js'
import { readSettings, requireSetting, type Settings } from './settings.js'
import { sigstoreFolder, stateFolder } from './state-folder.js'
import { UsageError } from './usage-error.js'

export const reset: Command = {
  parameters: '[PROJECT...]',
  words: { least: 0, most: Infinity },
  options: ['store', 'root', 'publishers'],
  about: [
    'Deletes from the store the timestamp, the snapshot, the targets, the roots since that of init',
    'and the time of the last update, without a request. It keeps the root of init, and delegated',
    'roles, which do not count without a snapshot that lists them. Until the next refresh the store',
    'does not protect against an old state of the repository. Publishers of projects, remembered from',
    'their first use, are kept, unless --publishers asks to forget those, and nothing else.',
  ],
  examples: ['tuffet reset --store tuf', 'tuffet reset --publishers requests'],
  async run(call) {
    const { options, words, io } = call
    const settings = await readSettings(options, io)
    if (options.publishers === true) return forgetPublishers(call, settings)
    if (words.length > 0) throw new UsageError('PROJECT is for --publishers')
    return resetMetadata(call, settings)
  },
}

async function resetMetadata({ io }: Call, settings: Settings): Promise<Answer> {
  const likely = settings.store ?? stateFolder()
  const ofSigstore = openStore(join(likely, sigstoreFolder), { io })
  // The mark of a store that was used.
  const isOfSigstore = (await ofSigstore.get(anchorDigestsEntry, { maxLength: 0 })) !== undefined
  const folder = isOfSigstore ? likely : requireSetting(settings, 'store')
  const store = openStore(folder, { io })
  // Without a root the folder is not a store, or could not be used after the reset.
  const anchored =
    settings.root !== undefined || (await store.get(anchorEntry, { maxLength: 0 })) !== undefined
  if (!anchored && !isOfSigstore) throw new NotStoredError(anchorEntry)
  const deleted = anchored ? await deleteAll(store, await entriesOf(folder)) : []
  if (isOfSigstore) {
    const gone = await deleteAll(ofSigstore, await entriesOf(join(folder, sigstoreFolder)))
    deleted.push(...gone.map((entry) => `${sigstoreFolder}/${entry}`))
  }
  const remembers = (await store.get(firstUseEntry, { maxLength: 0 })) !== undefined
  const start = `the root that tuffet refresh starts from: ${settings.root ?? anchorEntry}`
  return {
    lines: [
      ...deleted.map((entry) => `deleted ${entry}`),
      ...(anchored ? [`kept ${start}`] : []),
      ...(remembers ? ['kept the publishers of projects: --publishers forgets them'] : []),
    ],
    json: { store: folder, deleted },
  }
}

/** Every entry that a reset deletes, there or not. */
async function entriesOf(folder: string): Promise<string[]> {
  const fixed = ['timestamp.json', 'snapshot.json', 'targets.json']
  return [...fixed, rootEntry, clockEntry, anchorDigestsEntry, ...(await storedRoots(folder))]
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
