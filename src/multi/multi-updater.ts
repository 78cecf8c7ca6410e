/** The client of several repositories, as a map file combines them (TAP 4). */
import { guarded } from '../client/callback.js'
import type { UpdaterEvent } from '../client/events.js'
import type { UpdaterOptions } from '../client/updater.js'
import { joinUrl } from '../core/names.js'
import type { Store } from '../client/store.js'
import { checkTime } from '../core/number-option.js'
import type { TufError } from '../errors.js'
import { Updater } from '../platform/updater.js'
import type { RepositoryMap } from './map.js'
import { MirroredRepository, type Liars, type Mirror } from './mirrors.js'
import { MultiRepository } from './multi-repository.js'

/**
 * How one repository of the map is used. The fetcher asks every mirror of it: headers that it sends
 * to each requested origin reach all of them, and so do the credentials in such headers.
 */
export interface RepositorySettings extends Omit<
  UpdaterOptions,
  'metadataUrl' | 'targetsUrl' | 'now' | 'onEvent' | 'store'
> {
  /** The folder of this repository alone (TAP 4): two may not share one. */
  readonly store: Store
  /** Below each mirror of the map. Default `metadata/`. */
  readonly metadataPath?: string | undefined
  /** Below each mirror of the map. Default `targets/`. */
  readonly targetsPath?: string | undefined
}

/** An event of one repository. */
export type MultiEvent = { readonly repository: string } & (
  | UpdaterEvent
  /** The mirror failed, or sent something that was refused; the next one is asked. */
  | { readonly type: 'mirror-aside'; readonly url: string; readonly error: TufError }
)

/** The map, and the settings of each repository in it. */
export interface MultiUpdaterOptions {
  readonly map: RepositoryMap
  /** Called once for each name in the map. */
  readonly repository: (name: string) => RepositorySettings
  /** The time, in milliseconds since 1970; asked for once in each refresh. Default: the clock. */
  readonly now?: (() => number) | undefined
  /** An error that it throws becomes a warning. */
  readonly onEvent?: ((event: MultiEvent) => void) | undefined
}

interface Entry {
  readonly mirrors: readonly Mirror[]
  readonly liars: Liars
}

/**
 * Obtains verified views of several repositories. A mirror that sent a file that was refused is not
 * asked again by this instance; one that is out of reach or behind is asked again in the next refresh.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { MultiUpdater, parseMap } from 'tuffet/multi'
 * import { fileStore } from 'tuffet/node'
 *
 * const map = parseMap(await readFile('map.json'))
 * const roots = new Map<string, Uint8Array>()
 * for (const name of map.repositories.keys()) roots.set(name, await readFile(`${name}/root.json`))
 *
 * const updater = new MultiUpdater({
 *   map,
 *   repository: (name) => ({ root: roots.get(name), store: fileStore(`${name}/metadata`) }),
 * })
 * const repositories = updater.refresh()
 * await repositories.find('django/django-2.0.1.tar.gz')
 * ```
 */
export class MultiUpdater {
  readonly #map: RepositoryMap
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #now: () => number
  readonly #onEvent: (event: MultiEvent) => void

  /** @throws TypeError for a store that two repositories share, and as `Updater` */
  constructor(options: MultiUpdaterOptions) {
    const { map, repository, now = Date.now } = options
    this.#map = map
    this.#now = now
    this.#onEvent = guarded('onEvent', options.onEvent)
    const stores = new Set<Store>()
    const entries = new Map<string, Entry>()
    for (const [name, urls] of map.repositories) {
      const settings = repository(name)
      if (stores.has(settings.store)) throw new TypeError(`${name} shares a store with another one`)
      stores.add(settings.store)
      entries.set(name, {
        mirrors: urls.map((url) => this.#mirror(name, url, settings)),
        liars: new Map(),
      })
    }
    this.#entries = entries
  }

  /**
   * A view of all repositories at one fixed time. It makes no request: each repository's cycle runs
   * when a path needs it.
   *
   * @param options `now`: the fixed time, in milliseconds since 1970. Default: the updater's.
   */
  refresh(options: { readonly now?: number | undefined } = {}): MultiRepository {
    const now = checkTime('now', options.now ?? this.#now())
    const repositories = new Map<string, MirroredRepository>()
    for (const [name, { mirrors, liars }] of this.#entries) {
      const onAside = (url: string, error: TufError) =>
        this.#onEvent({ repository: name, type: 'mirror-aside', url, error })
      repositories.set(name, new MirroredRepository(name, mirrors, now, liars, onAside))
    }
    return new MultiRepository(this.#map, now, repositories)
  }

  #mirror(name: string, url: string, settings: RepositorySettings): Mirror {
    const { metadataPath = 'metadata/', targetsPath = 'targets/', ...options } = settings
    const updater = new Updater({
      ...options,
      metadataUrl: joinUrl(url, metadataPath),
      targetsUrl: joinUrl(url, targetsPath),
      onEvent: (event) => this.#onEvent({ repository: name, ...event }),
    })
    return { url, refresh: (now, signal) => updater.refresh({ now, signal }) }
  }
}
