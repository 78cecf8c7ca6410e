/** The updater of one call, made of its settings, and questions to the repository. */
import { parseDate } from '../core/dates.js'
import { isTufError } from '../errors.js'
import type { OnEvent, Repository, Store } from '../index.js'
import { Updater, type RefreshOptions } from '../index.js'
import { fileStore } from '../node/file-store.js'
import type { Call } from './command.js'
import { describeEvent } from './describe-event.js'
import { printLine } from './io.js'
import type { OptionValues } from './options.js'
import { readRoot } from './read-root.js'
import { hashPrefixedTargets, readSettings, requireSetting, type Settings } from './settings.js'
import { UsageError } from './usage-error.js'

/** What a call asks with. */
export interface Session {
  readonly settings: Settings
  /** For what asks for as long as it runs. */
  readonly updater: Updater
  /** The time that expiry is judged at, in milliseconds since 1970; online, nearly. */
  readonly now: number
  /**
   * Asks the view of one refresh. A snapshot that vanished meanwhile (PEP 458) is answered by
   * another refresh, and the question is asked once more.
   */
  ask<T>(question: (repository: Repository) => Promise<T>): Promise<T>
}

/** @param onEvent besides what `--verbose` prints */
export async function openSession(call: Call, onEvent?: OnEvent): Promise<Session> {
  const { options, io } = call
  const refreshing = { ...refreshOptions(options), signal: io.signal }
  const settings = await readSettings(options, io)
  const { root, targetsUrl } = settings
  const hashPrefix = hashPrefixedTargets(settings)
  const updater = new Updater({
    metadataUrl: requireSetting(settings, 'metadataUrl'),
    store: openStore(requireSetting(settings, 'store'), call),
    now: io.now,
    onEvent(event) {
      onEvent?.(event)
      if (options.verbose === true) printLine(io.stderr, describeEvent(event))
    },
    ...(targetsUrl !== undefined && { targetsUrl }),
    ...(root !== undefined && { root: await readRoot(root, io) }),
    ...(hashPrefix !== undefined && { hashPrefixedTargets: hashPrefix }),
    ...(io.fetcher && { fetcher: io.fetcher }),
  })
  let repository: Repository | undefined
  return {
    settings,
    updater,
    now: refreshing.now ?? io.now(),
    async ask(question) {
      repository ??= await updater.refresh(refreshing)
      try {
        return await question(repository)
      } catch (error) {
        if (!isTufError(error) || error.code !== 'ERR_TUF_SNAPSHOT_GONE') throw error
        repository = await updater.refresh({ signal: io.signal })
        return question(repository)
      }
    },
  }
}

/** The store in a folder; on a read-only disk what is new is kept for this run alone. */
export function openStore(folder: string, { io }: Pick<Call, 'io'>): Store {
  return fileStore(folder, {
    onPlanted: ({ path, kind, movedTo }) => {
      const now = movedTo === undefined ? '' : `, and is now ${movedTo}`
      printLine(io.stderr, `tuffet: ${path} was a ${kind}; it is not used${now}`)
    },
    onReadOnly: () => {
      printLine(io.stderr, `tuffet: ${folder} is read-only; what is new is not kept`)
    },
  })
}

function refreshOptions(options: OptionValues): RefreshOptions {
  const { offline = false, cached = false, now } = options
  if (offline && cached) throw new UsageError('--offline and --cached are two different things')
  if (now === undefined) return { mode: offline ? 'offline' : cached ? 'cached' : 'online' }
  if (!offline) throw new UsageError('--now goes with --offline only: online, the clock decides')
  const time = parseDate(now)
  if (time === undefined) throw new UsageError('--now must be a date such as 2026-01-31T12:00:00Z')
  return { mode: 'offline', now: time }
}
