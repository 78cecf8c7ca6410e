/** A package index over a repository of PyPI's shape, in memory, in any layout. */
import { blake2b } from '@noble/hashes/blake2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import {
  memoryStore,
  Updater,
  type Fetcher,
  type FetchRequest,
  type Store,
} from '../../src/index.js'
import {
  blake2bPath,
  pagesAndFilesLayout,
  pagesLayout,
  parseFilename,
  PypiView,
  rstufLayout,
  writePageHtml,
  writePageJson,
  type IndexFile,
  type IndexPage,
  type Layout,
  type PypiViewOptions,
} from '../../src/pypi/index.js'
import {
  createPep458Repository,
  type MemoryFetcher,
  type TestRepository,
} from '../../src/testing/index.js'
import { nodeEd25519Signer } from '../../src/testing/node/index.js'

export type LayoutName = 'pages' | 'pages-and-files' | 'rstuf'

export interface IndexOptions {
  readonly layout?: LayoutName
  readonly form?: 'json' | 'html'
  readonly bins?: number
}

export interface Distribution {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly blake2b: string
  readonly url: string
}

/** The place of files that are not targets. */
const filesUrl = 'https://files.test/packages/'

const layouts: Readonly<Record<LayoutName, Layout>> = {
  pages: pagesLayout(),
  'pages-and-files': pagesAndFilesLayout(),
  rstuf: rstufLayout({ page: 'simple/{project}', file: 'files/{filename}' }),
}

export function digestsOf(bytes: Uint8Array): { sha256: string; blake2b: string } {
  return {
    sha256: bytesToHex(sha256(bytes)),
    blake2b: bytesToHex(blake2b(bytes, { dkLen: 32 })),
  }
}

export class IndexRepository {
  readonly repo: TestRepository
  readonly layout: Layout
  readonly form: 'json' | 'html'
  readonly store: Store = memoryStore()
  readonly distributions = new Map<string, Distribution>()
  /** The files served outside of the repository, by URL; a mirror could change them. */
  readonly served = new Map<string, Uint8Array>()
  readonly asked: FetchRequest[] = []
  readonly #pages = new Map<string, IndexFile[]>()
  readonly #fetcher: MemoryFetcher

  constructor({ layout = 'pages', form = 'json', bins = 16 }: IndexOptions = {}) {
    this.layout = layouts[layout]
    this.form = form
    this.repo = createPep458Repository({
      bins,
      makeSigner: nodeEd25519Signer,
      layout: layout === 'rstuf' ? 'succinct' : 'path-hash-prefixes',
      ...(layout === 'rstuf' && { indent: 1 }),
    })
    this.#fetcher = this.repo.fetcher()
  }

  /** Lists a file on its project's page and, where files are targets, as one. */
  add(
    filename: string,
    content: string | Uint8Array = filename,
    more: Partial<IndexFile> & { readonly covered?: boolean; readonly page?: string } = {},
  ): Distribution {
    const { covered = true, page, ...fields } = more
    const bytes = typeof content === 'string' ? utf8ToBytes(content) : content
    const digests = digestsOf(bytes)
    const url = `${filesUrl}${blake2bPath(digests.blake2b)}/${encodeURIComponent(filename)}`
    const distribution = { bytes, ...digests, url }
    this.distributions.set(filename, distribution)
    this.served.set(url, bytes)
    const name = parseFilename(filename)!
    const project = page ?? name.project
    const entry = {
      filename,
      url,
      hashes: new Map([['sha256', digests.sha256]]),
      size: bytes.length,
      ...fields,
    }
    this.#pages.set(project, [...(this.#pages.get(project) ?? []), entry])
    if (this.layout.filesAreTargets && covered) {
      const { path } = this.layout.file({ ...name, filename, url })!
      const hashes = this.layout.name === 'rstuf' ? (['blake2b-256'] as const) : undefined
      this.repo.addTarget(path, bytes, hashes ? { hashes } : {})
    }
    return distribution
  }

  /** Writes the pages as targets and publishes. */
  publish(change: (page: IndexPage) => IndexPage = (page) => page): void {
    for (const [project, files] of this.#pages) {
      const page = change({ apiVersion: '1.4', project, files, versions: [] })
      const write = this.form === 'json' ? writePageJson : writePageHtml
      this.repo.addTarget(this.pagePath(project), write(page))
    }
    this.repo.publish()
  }

  pagePath(project: string): string {
    return this.layout.pages(project)[0]!.path
  }

  async view(options: PypiViewOptions = {}, layout = this.layout): Promise<PypiView> {
    const updater = new Updater({
      metadataUrl: this.#fetcher.metadataUrl,
      targetsUrl: this.#fetcher.targetsUrl,
      root: this.repo.root(),
      store: this.store,
      fetcher: this.fetcher(),
      hashPrefix: layout.name !== 'rstuf',
      now: () => this.repo.now,
    })
    return new PypiView(await updater.refresh(), layout, options)
  }

  fetcher(): Fetcher {
    return {
      fetch: async (request) => {
        this.asked.push(request)
        const bytes = this.served.get(request.url)
        if (bytes !== undefined) return { offset: 0, body: once(bytes) }
        return this.#fetcher.fetch({ ...request, url: this.#prefixed(request.url) })
      },
    }
  }

  /** RSTUF serves targets under their plain names; the repository uses prefixed ones. */
  #prefixed(url: string): string {
    const { targetsUrl } = this.#fetcher
    if (this.layout.name !== 'rstuf' || !url.startsWith(targetsUrl)) return url
    const plain = decodeURIComponent(url.slice(targetsUrl.length))
    const found = this.repo
      .fileNames('target')
      .findLast((name) => name.replace(/[0-9a-f]{64}\.(?=[^/]*$)/, '') === plain)
    return found === undefined ? url : `${targetsUrl}${found}`
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
