/** An index of one project with one wheel, whose pages are targets, behind a server that may lie. */
import { pagesLayout } from 'tuffet/pypi'
import type { Layout } from 'tuffet/pypi'
import { IndexRepository } from '../../pypi/index-repository.js'
import { makeWheel, type Wheel } from '../../support/wheel.js'
import { frame, missing } from './framings.js'
import { startLyingServer, type LyingServer } from './lying-server.js'

export interface IndexSubject {
  readonly index: IndexRepository
  readonly layout: Layout
  readonly wheel: Wheel
  readonly server: LyingServer
  /** The paths on the server that installing the wheel needs, but for the top-level metadata. */
  readonly paths: readonly string[]
}

export async function startIndex(): Promise<IndexSubject> {
  const index = new IndexRepository({ layout: 'pages' })
  const days = Math.floor((Date.now() - index.repo.now) / 86_400_000)
  if (days > 0) index.repo.advance(days)
  const wheel = makeWheel({ name: 'broken', version: '1.0', padding: 2_000 })
  const file = `/files/${wheel.filename}`
  const bodyOf = (path: string): Uint8Array | undefined => {
    if (path === file) return wheel.bytes
    const [, area = '', ...rest] = path.split('/')
    const kind = area === 'metadata' ? 'metadata' : area === 'targets' ? 'target' : undefined
    const name = decodeURIComponent(rest.join('/'))
    return kind && index.repo.has(name, kind) ? index.repo.file(name, kind) : undefined
  }
  const server = await startLyingServer((path) => {
    const body = bodyOf(path)
    return { body, wire: { pieces: [body ? frame('length', body) : missing], end: 'keep' } }
  })
  index.add(wheel.filename, wheel.bytes, { url: `${server.origin}${file}` })
  index.publish()
  const page = index.pagePath('broken')
  const [name = ''] = index.repo.targetNames(page)
  return { index, layout: pagesLayout(), wheel, server, paths: [`/targets/${name}`, file] }
}
