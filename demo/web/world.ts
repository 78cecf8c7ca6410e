/** A repository in the page, and a client of it that keeps accepted files in memory. */
import { memoryStore, Updater, type OnEvent, type Repository, type UpdaterOptions } from 'tuffet'
import {
  blake2bPath,
  pagesAndFilesLayout,
  PypiView,
  writePageJson,
  type IndexFile,
} from 'tuffet/pypi'
import {
  createPep458Repository,
  defaultMetadataUrl,
  defaultTargetsUrl,
  type RepositoryOptions,
  type TestRepository,
} from 'tuffet/testing'
import { blake2b } from '@noble/hashes/blake2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { World } from '../attacks.js'
import { crossedDelegations } from '../crossed-delegations.js'

const day = 86_400_000

/** Where pages and files are among the targets: the default of PEP 458 in full. */
export const layout = pagesAndFilesLayout()

export class PageWorld implements World {
  readonly repo: TestRepository
  readonly path: string
  readonly #store = memoryStore()
  readonly #updater: Updater
  #onEvent: OnEvent | undefined
  #set = performance.now()

  constructor(repo: TestRepository, path: string) {
    this.repo = repo
    this.path = path
    this.#updater = this.#newUpdater({ onEvent: (event) => this.#onEvent?.(event) })
  }

  /** The repository's clock goes on. */
  get now(): number {
    return this.repo.now + Math.floor(performance.now() - this.#set)
  }

  /** Before the repository signs anything: files expire some days after its time. */
  setClock(): void {
    const { now } = this
    this.#set = performance.now()
    this.repo.advance((now - this.repo.now) / day)
  }

  /** One client, which judges the bytes that it has seen anew, but does not read them again. */
  updater({ onEvent, ...options }: Partial<UpdaterOptions> = {}): Updater {
    if (Object.keys(options).length > 0) return this.#newUpdater({ onEvent, ...options })
    // One question at a time.
    this.#onEvent = onEvent
    return this.#updater
  }

  #newUpdater(options: Partial<UpdaterOptions>): Updater {
    return new Updater({
      metadataUrl: defaultMetadataUrl,
      targetsUrl: defaultTargetsUrl,
      root: this.repo.root(),
      store: this.#store,
      fetcher: this.repo.fetcher(),
      retries: 0,
      now: () => this.now,
      ...options,
    })
  }

  download(repository: Repository, path = this.path): Promise<Uint8Array> {
    return repository.read(path)
  }

  async pypi(): Promise<PypiView> {
    return new PypiView(await this.updater().refresh(), layout)
  }
}

/** A distribution of the page's repository. */
export interface Listed {
  readonly project: string
  readonly version: string
  readonly filename: string
  readonly bytes: Uint8Array
}

/** The path of the target of a distribution. */
export function pathOf({ filename, bytes }: Pick<Listed, 'filename' | 'bytes'>): string {
  return `${blake2bPath(bytesToHex(blake2b(bytes, { dkLen: 32 })))}/${filename}`
}

/** The hash bins of PyPI's size; their files are signed when they are asked for. */
export function createWorld(listed: readonly Listed[], options: RepositoryOptions): PageWorld {
  const repo = createPep458Repository({ bins: 16_384, ...options })
  repo.publish()
  repo.advance(0.01)
  const [first] = listed
  if (!first) throw new RangeError('nothing is listed')
  list(repo, listed)
  return new PageWorld(repo, pathOf(first))
}

/** Two delegators of one role. */
export function createCrossedWorld({ bytes }: Listed, options: RepositoryOptions): PageWorld {
  return new PageWorld(crossedDelegations(bytes, options), 'alice/tool.whl')
}

/** Publishes the distributions, and a page for each of their projects. */
export function list(repo: TestRepository, listed: readonly Listed[]): void {
  const pages = new Map<string, IndexFile[]>()
  for (const one of listed) {
    const path = pathOf(one)
    repo.addTarget(path, one.bytes)
    const files = pages.get(one.project) ?? []
    const hashes = new Map([['sha256', bytesToHex(sha256(one.bytes))]])
    files.push({ filename: one.filename, url: `https://files.repository.test/${path}`, hashes })
    pages.set(one.project, files)
  }
  for (const [project, files] of pages) {
    const [page] = layout.pages(project)
    if (!page) throw new RangeError(`no page of ${project}`)
    repo.addTarget(page.path, writePageJson({ apiVersion: '1.0', project, files }))
  }
  repo.publish()
}
