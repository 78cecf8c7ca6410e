/** A repository on loopback HTTP, and a client that keeps accepted files in a folder. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World as Attacked } from './attacks.js'
import { Updater, type Repository, type UpdaterOptions } from 'tuffet'
import { downloadFile, fileStore } from 'tuffet/node'
import type { TestRepository } from 'tuffet/testing'
import { serve, type ServedRepository } from 'tuffet/testing/node'

export class World implements Attacked {
  readonly repo: TestRepository
  /** A target that stays in the repository all the time. */
  readonly path: string
  readonly served: ServedRepository
  readonly #metadata: string
  readonly #downloads: string

  private constructor(
    repo: TestRepository,
    path: string,
    served: ServedRepository,
    folder: string,
  ) {
    this.repo = repo
    this.path = path
    this.served = served
    this.#metadata = join(folder, 'metadata')
    this.#downloads = join(folder, 'downloads')
    mkdirSync(this.#metadata)
    mkdirSync(this.#downloads)
  }

  /** Serves `repo`; the client's folder is made below `parent`. */
  static async start(repo: TestRepository, path: string, parent: string): Promise<World> {
    return new World(repo, path, await serve(repo), mkdtempSync(join(parent, 'client-')))
  }

  /** A client that was just started: it knows the first root, and the files in its folder. */
  updater(options: Partial<UpdaterOptions> = {}): Updater {
    const { metadataUrl, targetsUrl } = this.served
    return new Updater({
      metadataUrl,
      targetsUrl,
      root: this.repo.root(),
      store: fileStore(this.#metadata),
      now: () => this.repo.now,
      ...options,
    })
  }

  /** Finds and downloads a target; returns where the file is. */
  async download(repository: Repository, path = this.path): Promise<string> {
    const target = await repository.find(path)
    if (!target) throw new Error(`${path} was not found`)
    const destination = join(this.#downloads, `wheel-${readdirSync(this.#downloads).length}.whl`)
    await downloadFile(repository, target, destination)
    return destination
  }

  /** Every file of the client, by its name: metadata by role, downloads with their number. */
  files(): Map<string, string> {
    const files = new Map<string, string>()
    for (const folder of [this.#metadata, this.#downloads]) {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        files.set(path.slice(folder.length + 1), readFileSync(path, 'base64'))
      }
    }
    return files
  }
}
