/**
 * The upstream of every client in the benchmark: one server with a plain static index (`/simple/`),
 * the same wheels below `/files/`, and a repository that vouches for its pages (`/metadata/`,
 * `/targets/`).
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Wheel } from '../../test/support/wheel.js'
import { IndexRepository } from '../../test/pypi/index-repository.js'

export interface Upstream {
  readonly origin: string
  /** `1.root.json`. */
  readonly root: Uint8Array
  close(): void
}

const kinds: Readonly<Record<string, 'metadata' | 'target'>> = {
  metadata: 'metadata',
  targets: 'target',
}

export async function startUpstream(wheels: readonly Wheel[]): Promise<Upstream> {
  const files = new Map(wheels.map((wheel) => [wheel.filename, wheel.bytes]))
  const pages = new Map<string, string[]>()
  for (const { filename } of wheels) {
    const project = projectOf(filename)
    pages.set(project, [...(pages.get(project) ?? []), filename])
  }
  const index = new IndexRepository({ layout: 'pages' })
  const today = Math.floor((Date.now() - index.repo.now) / 86_400_000)
  if (today > 0) index.repo.advance(today)

  function bodyOf(url: string): { readonly body: Uint8Array; readonly html?: boolean } | undefined {
    const [, area = '', ...rest] = url.split('/')
    const name = decodeURIComponent(rest.join('/'))
    const kind = kinds[area]
    if (kind) return index.repo.has(name, kind) ? { body: index.repo.file(name, kind) } : undefined
    if (area === 'files') {
      const body = files.get(name)
      return body && { body }
    }
    const names = area === 'simple' ? pages.get(rest[0] ?? '') : undefined
    const links = names?.map((file) => `<a href="/files/${file}">${file}</a>`)
    return links && { body: Buffer.from(`<!DOCTYPE html>${links.join('\n')}`), html: true }
  }

  function answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const found = bodyOf(url)
    if (!found) {
      response.writeHead(404, { 'content-length': 0 }).end()
      return
    }
    if (found.html === true) response.setHeader('content-type', 'text/html')
    response.setHeader('content-length', found.body.length)
    response.end(found.body)
  }

  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${portOf(server.address())}`
  for (const { filename, bytes } of wheels) {
    const hashes = new Map([['sha256', createHash('sha256').update(bytes).digest('hex')]])
    const url = `${origin}/files/${filename}`
    index.add(filename, filename, { hashes, size: bytes.length, url })
  }
  index.publish()
  return {
    origin,
    root: index.repo.root(),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export function projectOf(filename: string): string {
  return filename.split('-')[0]!.replaceAll('_', '-')
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0
}
