/** An index of wheels in memory, its mirror in a folder, and a web server for that folder. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchFetcher, type Fetcher } from '../../src/index.js'
import { openDesk, type Desk, type Outcome } from '../cli/desk.js'
import { IndexRepository, type LayoutName } from '../pypi/index-repository.js'
import { serveStatic, type StaticServer } from './static-server.js'

export interface MirroredIndex {
  readonly desk: Desk
  readonly index: IndexRepository
  readonly server: StaticServer
  /** The folder of the mirror. */
  readonly folder: string
  /** Runs `tuffet mirror out` with these words. */
  mirror(...args: string[]): Promise<Outcome>
  /** Runs another client, which only knows the mirror. */
  read(args: readonly string[], signal?: AbortSignal): Promise<Outcome>
  /** Of that client. */
  readonly fetcher: Fetcher
  clear(): Promise<void>
}

/** Where pages link to, below the mirror's targets. */
const linked = 'files/{project}/{filename}'

const layouts: Readonly<Record<LayoutName, object>> = {
  pages: { name: 'pages' },
  'pages-and-files': { name: 'pages-and-files' },
  rstuf: { name: 'rstuf', page: 'simple/{project}', file: 'files/{filename}' },
}

export async function openMirroredIndex(layout: LayoutName): Promise<MirroredIndex> {
  const desk = await openDesk()
  const index = new IndexRepository({ layout })
  const folder = join(desk.folder, 'out')
  const server = await serveStatic(folder)
  await rm(join(desk.folder, 'tuffet.json'))
  const settings = (urls: { metadata: string; targets: string }, store: string): string =>
    JSON.stringify({
      ...{ metadataUrl: urls.metadata, targetsUrl: urls.targets, root: 'root.json', store },
      layout: {
        ...layouts[layout],
        ...(store === 'reader' && { fileUrl: `${urls.targets}${linked}` }),
      },
    })
  const upstream = {
    metadata: 'https://repository.test/metadata/',
    targets: 'https://repository.test/targets/',
  }
  const own = { metadata: `${server.url}metadata/`, targets: `${server.url}targets/` }
  await writeFile(join(desk.folder, 'upstream.json'), settings(upstream, 'store'))
  await writeFile(join(desk.folder, 'mirror.json'), settings(own, 'reader'))
  const now = (): number => index.repo.now
  const run = async (
    args: readonly string[],
    config: string,
    world: { readonly fetcher: Fetcher; readonly signal?: AbortSignal },
  ): Promise<Outcome> => {
    await writeFile(join(desk.folder, 'root.json'), index.repo.root())
    return desk.run([...args, '--config', config], { ...world, now })
  }
  const fetcher = fetchFetcher()
  return {
    ...{ desk, index, server, folder, fetcher },
    mirror: (...args) =>
      run(['mirror', 'out', ...args], 'upstream.json', { fetcher: index.fetcher() }),
    read: (args, signal) => run(args, 'mirror.json', { fetcher, ...(signal && { signal }) }),
    async clear() {
      await server.close()
      await desk.clear()
    },
  }
}
