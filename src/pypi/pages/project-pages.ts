/**
 * The verified index pages of a repository. Those asked for at the same time are fetched once, and
 * the latest are kept, up to a weight: a folder of thousands of projects stays flat in memory.
 */
import type { Repository } from '../../client/repository.js'
import { SharedTasks } from '../../client/shared-task.js'
import { deepFreeze } from '../../core/deep-freeze.js'
import type { TargetFile } from '../../core/metadata/model.js'
import { checkInteger } from '../../core/number-option.js'
import { IndexPageError } from '../../errors.js'
import type { Layout, PageAddress } from '../layouts.js'
import { Slots } from '../../client/slots.js'
import { defaultPageLength, type IndexFile, type IndexPage } from './index-page.js'
import { parsePage } from './parse-page.js'

/** The part of a `Repository` that is used. */
export type PageRepository = Pick<Repository, 'find' | 'read' | 'downloadSource'>

/** A page together with the target that it is. */
export interface VerifiedPage {
  readonly page: IndexPage
  readonly target: TargetFile
  /** The base of its relative links. */
  readonly url: string
  /** The files of the page by name. */
  readonly files: ReadonlyMap<string, IndexFile>
}

/** Limits; both optional. */
export interface ProjectPagesOptions {
  /** The longest page, in bytes. Default 64,000,000. */
  readonly maxPageLength?: number | undefined
  /** How many bytes of pages are kept in memory, at least the latest one. Default 32,000,000. */
  readonly keptPages?: number | undefined
  /** @internal Whether pages have no signature: then core metadata is left out. */
  readonly unsigned?: boolean | undefined
}

/** How many are fetched at once. */
const fetchedAtOnce = 16

/** @internal */
export class ProjectPages {
  readonly #repository: PageRepository
  readonly #layout: Layout
  readonly #maxLength: number
  readonly #unsigned: boolean
  readonly #most: number
  readonly #slots = new Slots(fetchedAtOnce)
  readonly #loading = new SharedTasks<VerifiedPage | undefined>()
  /** The latest used last; a project without a page is remembered too. */
  readonly #kept = new Map<string, VerifiedPage | undefined>()
  #weight = 0

  constructor(repository: PageRepository, layout: Layout, options: ProjectPagesOptions) {
    this.#repository = repository
    this.#layout = layout
    this.#maxLength = checkInteger('maxPageLength', options.maxPageLength ?? defaultPageLength, 0)
    this.#unsigned = options.unsigned ?? false
    this.#most = checkInteger('keptPages', options.keptPages ?? 32_000_000, 0)
  }

  /** The page of a project, by its normalised name. */
  async get(project: string, signal?: AbortSignal): Promise<VerifiedPage | undefined> {
    if (this.#kept.has(project)) {
      const page = this.#kept.get(project)
      this.#keep(project, page)
      return page
    }
    return this.#loading.run(
      project,
      async (shared) => {
        const leave = await this.#slots.take(shared)
        try {
          const page = await this.#load(project, shared)
          this.#keep(project, page)
          return page
        } finally {
          leave()
        }
      },
      signal,
    )
  }

  #keep(project: string, page: VerifiedPage | undefined): void {
    this.#forget(project)
    this.#kept.set(project, page)
    this.#weight += weightOf(page)
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= this.#most || oldest === project) break
      this.#forget(oldest)
    }
  }

  #forget(project: string): void {
    if (!this.#kept.has(project)) return
    this.#weight -= weightOf(this.#kept.get(project))
    this.#kept.delete(project)
  }

  async #load(project: string, signal: AbortSignal): Promise<VerifiedPage | undefined> {
    for (const address of this.#layout.pages(project)) {
      const target = await this.#repository.find(address.path, { signal })
      if (target !== undefined) return this.#read(project, address, target, signal)
    }
    return undefined
  }

  async #read(
    project: string,
    address: PageAddress,
    target: TargetFile,
    signal: AbortSignal,
  ): Promise<VerifiedPage> {
    const { form, path, baseUrl, ...where } = address
    if (target.length > this.#maxLength) {
      const reason = `it is ${target.length} bytes long, more than ${this.#maxLength}`
      throw new IndexPageError(project, '', reason)
    }
    const bytes = await this.#repository.read(path, { ...where, signal })
    const url = baseUrl ?? this.#repository.downloadSource(target, where).urls[0] ?? ''
    const parsed = await parsePage(bytes, {
      project,
      baseUrl: url,
      maxLength: this.#maxLength,
      ...(form && { form }),
    })
    const page = this.#unsigned ? withoutCoreMetadata(parsed) : parsed
    const files = new Map<string, IndexFile>()
    for (const [index, file] of page.files.entries()) {
      if (files.has(file.filename)) {
        // The other one would be a different file.
        throw new IndexPageError(project, `files[${index}].filename`, 'it is there twice')
      }
      files.set(file.filename, file)
    }
    // Every caller gets the same page object.
    return deepFreeze({ page, target, url, files })
  }
}

/** Installers resolve by it before they fetch the file, and no attestation is about it. */
function withoutCoreMetadata(page: IndexPage): IndexPage {
  return {
    ...page,
    files: page.files.map(({ coreMetadata: _, ...file }) => file),
  }
}

function weightOf(page: VerifiedPage | undefined): number {
  return page?.target.length ?? 100
}
