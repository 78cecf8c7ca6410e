/** The updater of one call, made of its settings, and questions to the repository. */
import { isTufError } from '../errors.js'
import type { Fetcher, OnEvent, Repository, Store } from '../index.js'
import { Updater, type RefreshOptions, type UpdaterOptions } from '../index.js'
import { fileStore } from '../node/file-store.js'
import type { Call } from './command.js'
import { describeEvent } from '../node/describe-event.js'
import { commandCryptography } from './cryptography.js'
import { environmentFetcher } from './environment-fetcher.js'
import { fromOption } from './from-option.js'
import { headersByOrigin } from './header-settings.js'
import { printLine } from './io.js'
import { keptPages, type KeptPages } from './kept-pages.js'
import { namingRoot } from './named-root.js'
import { basicAuthorization, entryFor, readNetrc } from './netrc.js'
import type { OptionValues } from './options.js'
import { readRoot } from './read-root.js'
import { hashPrefixOf, readSettings, requireSetting, type Settings } from './settings.js'
import { timeOption } from './time-option.js'
import { UsageError } from './usage-error.js'

/** The client and the settings of one call. */
export interface Session {
  readonly settings: Settings
  /** For commands that ask for as long as they run. */
  readonly updater: Updater
  /** Undefined: the platform's. */
  readonly fetcher: Fetcher | undefined
  /** The time that expiry is judged at, in milliseconds since 1970; online, nearly. */
  readonly now: number
  /** With `keepPages`. */
  readonly pages: KeptPages | undefined
  /**
   * Asks the view of one refresh. A snapshot that vanished meanwhile (PEP 458) is answered by
   * another refresh, and the question is asked once more.
   */
  ask<T>(question: (repository: Repository) => Promise<T>): Promise<T>
}

/** How a session is used. */
export interface SessionOptions {
  /** Besides the lines of `--verbose`. */
  readonly onEvent?: OnEvent
  /** Whether target files that are read as a whole are index pages, to be kept for later calls. */
  readonly keepPages?: boolean
  /** The most connections to one origin. Default: no limit. */
  readonly connections?: number | undefined
  /** Where the caller has read them already. */
  readonly settings?: Settings
  /** Puts another store around the one of the settings. */
  readonly watch?: (store: Store) => Store
}

export async function openSession(
  call: Call,
  { onEvent, keepPages = false, connections, settings: known, watch }: SessionOptions = {},
): Promise<Session> {
  const { options, io } = call
  const refreshing = { ...refreshOptions(options), signal: io.signal }
  const settings = known ?? (await readSettings(options, io))
  const { root, targetsUrl, limits, retries } = settings
  const hashPrefix = hashPrefixOf(settings)
  const metadataUrl = metadataUrlOf(settings, refreshing)
  const headers = headersByOrigin(settings.headers ?? new Map(), metadataUrl)
  const authorization = await netrcAuthorization(call, settings, refreshing)
  const fetcher = await environmentFetcher(io, headers, process.env, authorization, connections)
  const folder = requireSetting(settings, 'store')
  const opened = openStore(folder, call)
  const store = watch?.(opened) ?? opened
  const from = await fromOption(call, metadataUrl, fetcher)
  const pages = keepPages ? keptPages(store, folder, { below: from?.store }) : undefined
  const updater = new UpdaterOfFile(root, {
    metadataUrl,
    store,
    ...(pages && { targetStore: pages.store }),
    now: io.now,
    cryptography: await commandCryptography(),
    onEvent(event) {
      onEvent?.(event)
      if (options.verbose === true) printLine(io.stderr, describeEvent(event))
    },
    ...(targetsUrl !== undefined && { targetsUrl }),
    ...(root !== undefined && { root: await readRoot(root, io) }),
    ...(hashPrefix !== undefined && { hashPrefix }),
    ...(retries !== undefined && { retries }),
    ...(limits && { limits }),
    ...(fetcher && { fetcher }),
    ...(from && { below: from.below }),
  })
  let repository: Repository | undefined
  return {
    settings,
    updater,
    fetcher,
    now: refreshing.now ?? io.now(),
    pages,
    async ask(question) {
      repository ??= await updater.refresh(refreshing)
      try {
        return await question(repository)
      } catch (error) {
        if (!isTufError(error) || error.code !== 'ERR_TUF_SNAPSHOT_GONE') throw error
        // The store still holds the snapshot that vanished.
        const mode = refreshing.mode === 'offline' ? 'offline' : 'online'
        repository = await updater.refresh({ ...refreshing, mode })
        return question(repository)
      }
    },
  }
}

/** An updater whose errors about the given root name its file, also in a proxy. */
class UpdaterOfFile extends Updater {
  readonly #file: string | undefined

  constructor(file: string | undefined, options: UpdaterOptions) {
    super(options)
    this.#file = file
  }

  override refresh(options?: RefreshOptions): Promise<Repository> {
    return namingRoot(this.#file, () => super.refresh(options))
  }
}

/** The store in a folder; on a read-only disk new entries are kept for this run alone. */
export function openStore(folder: string, { io }: Pick<Call, 'io'>): Store {
  return fileStore(folder, {
    onPlanted: ({ path, kind, movedTo }) => {
      const now = movedTo === undefined ? '' : `, and is now ${movedTo}`
      printLine(io.stderr, `tuffet: ${path} was a ${kind}; it is not used${now}`)
    },
    onReadOnly: () => {
      printLine(io.stderr, `tuffet: ${folder} is read-only; new files are not kept`)
    },
  })
}

/**
 * What `.netrc` has for an origin. A host that only a found `tuffet.json` names has to be named in
 * `.netrc` too, and asked over https: the file may be somebody else's.
 */
export async function netrcAuthorization(
  { io, options }: Call,
  settings: Settings,
  { mode }: RefreshOptions = {},
): Promise<((origin: URL) => string | undefined) | undefined> {
  if (mode === 'offline' || io.fetcher) return undefined
  const entries = await readNetrc(io, process.env)
  if (entries.length === 0) return undefined
  const chosen =
    options.config === undefined
      ? [options['metadata-url'], options['targets-url']]
      : [settings.metadataUrl, settings.targetsUrl]
  const hosts = chosen.flatMap((url) => (url === undefined ? [] : [new URL(url).hostname]))
  return ({ hostname, protocol }) => {
    const known = hosts.includes(hostname)
    if (!known && protocol !== 'https:') return undefined
    const entry = entryFor(entries, hostname, known)
    return entry && basicAuthorization(entry)
  }
}

/** Offline a URL is not needed: the name below never belongs to a server (RFC 2606). */
function metadataUrlOf(settings: Settings, { mode }: RefreshOptions): string {
  if (mode !== 'offline') return requireSetting(settings, 'metadataUrl')
  return settings.metadataUrl ?? 'https://offline.invalid/'
}

export function refreshOptions(options: OptionValues): RefreshOptions {
  const { offline = false, cached = false } = options
  if (offline && cached) throw new UsageError('--offline and --cached are two different things')
  const mode = offline ? 'offline' : cached ? 'cached' : 'online'
  const time = timeOption(options)
  return { mode, ...(time !== undefined && { now: time }) }
}
