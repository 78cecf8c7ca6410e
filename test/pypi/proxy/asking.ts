/** A proxy over a repository in memory, and requests to it that notice everything. */
import type { Agent } from 'node:http'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Updater, type UpdaterEvent } from '../../../src/index.js'
import { startProxy, type Proxy, type ProxyOptions } from '../../../src/pypi/proxy/proxy.js'
import type { ProxyRefusal } from '../../../src/pypi/proxy/refusal.js'
import type { IndexRepository } from '../index-repository.js'

export interface Answered {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Whether the message was complete. */
  readonly complete: boolean
}

export interface Asking {
  readonly proxy: Proxy
  readonly refusals: ProxyRefusal[]
  readonly refreshes: () => number
  ask(path: string, options?: AskOptions): Promise<Answered>
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly agent?: Agent
  readonly signal?: AbortSignal
}

export function updaterOf(
  index: IndexRepository,
  onEvent?: (event: UpdaterEvent) => void,
): Updater {
  return new Updater({
    metadataUrl: 'https://repository.test/metadata/',
    targetsUrl: 'https://repository.test/targets/',
    root: index.repo.root(),
    store: index.store,
    fetcher: index.fetcher(),
    hashPrefix: index.layout.name !== 'rstuf',
    now: () => index.repo.now,
    ...(onEvent && { onEvent }),
  })
}

export async function startAsking(
  index: IndexRepository,
  options: Partial<ProxyOptions> = {},
): Promise<Asking> {
  const refusals: ProxyRefusal[] = []
  let refreshes = 0
  const proxy = await startProxy({
    updater: updaterOf(index, (event) => {
      if (event.type === 'request' && event.url.endsWith('/timestamp.json')) refreshes++
    }),
    layout: index.layout,
    onRefusal: (refusal) => refusals.push(refusal),
    ...options,
  })
  return {
    proxy,
    refusals,
    refreshes: () => refreshes,
    ask: (path, request) => ask(proxy.origin, path, request),
  }
}

/** The raw answer: no redirect is followed, no encoding is undone. */
function ask(origin: string, path: string, options: AskOptions = {}): Promise<Answered> {
  const { method = 'GET', headers = {}, agent, signal } = options
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, path, method, headers, agent: agent ?? false, ...(signal && { signal }) },
      (response) => {
        const chunks: Buffer[] = []
        const settle = (): void => {
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? '',
            headers: response.headers,
            body: Buffer.concat(chunks),
            complete: response.complete,
          })
        }
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        // A broken connection is an answer too.
        response.on('error', settle)
        response.on('end', settle)
      },
    )
    request.on('error', reject)
    request.end()
  })
}
