/** The proxy between a client and a repository that breaks off: a whole file, or not a byte of it. */
import { get } from 'node:http'
import { Updater } from 'tuffet'
import { startProxy, type Proxy } from 'tuffet/pypi'
import { frame, framingNames } from './framings.js'
import type { IndexSubject } from './index-subject.js'
import { Tally } from './tally.js'

/** @param every tries one position in so many */
export async function tryProxy(subject: IndexSubject, every: number): Promise<Tally> {
  const { server, wheel, paths } = subject
  const tally = new Tally()
  let at = 0
  for (const path of paths) {
    for (const framing of framingNames) {
      const body = path.startsWith('/files/') ? wheel.bytes : bodyOfPage(subject)
      const { length } = frame(framing, body)
      for (const cut of cuts(length, at++ % every, every)) {
        server.lie(path, (bytes) => ({
          pieces: [frame(framing, bytes).subarray(0, cut)],
          end: cut % 2 === 0 ? 'close' : 'reset',
        }))
        const proxy = await start(subject)
        try {
          const wanted = path.startsWith('/files/') ? `broken/${wheel.filename}` : 'broken/'
          const answer = await ask(proxy, wanted)
          tally.add(judge(`${path}, ${framing}, cut at ${cut}`, answer, wheel.bytes))
        } finally {
          await proxy.close(0)
          server.lie('', undefined)
        }
      }
    }
  }
  return tally
}

/** Every `every`-th position, and the end. */
function* cuts(length: number, first: number, every: number): Generator<number> {
  for (let cut = first; cut < length; cut += every) yield cut
  yield length
}

/** A proxy with a view, of which nothing but the top-level metadata is loaded. */
export async function start(subject: IndexSubject): Promise<Proxy> {
  const { index, layout, server } = subject
  const updater = new Updater({
    metadataUrl: `${server.origin}/metadata/`,
    targetsUrl: `${server.origin}/targets/`,
    root: index.repo.root(),
    hashPrefix: true,
    retries: 0,
    limits: { rateWindow: 1_000 },
    now: () => index.repo.now,
  })
  return startProxy({ updater, layout })
}

interface Answer {
  readonly status: number
  readonly body: Buffer
  /** Whether the proxy broke the connection. */
  readonly broken: boolean
}

function ask({ indexUrl }: Proxy, path: string): Promise<Answer> {
  const base = indexUrl.endsWith('/') ? indexUrl : `${indexUrl}/`
  const url = path.endsWith('/') ? new URL(path, base) : new URL(`../files/${path}`, base)
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      const parts: Buffer[] = []
      const done = (broken: boolean) =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts), broken })
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => done(false))
      response.on('error', () => done(true))
    })
    request.on('error', reject)
  })
}

function judge(where: string, { status, body, broken }: Answer, wheel: Buffer): string {
  if (status === 200 && !broken) {
    const page = body.includes('broken-1.0-py3-none-any.whl')
    if (!page && !body.equals(wheel)) throw new Error(`${where}: wrong bytes were sent`)
    return 'right'
  }
  if (status === 200 || body.includes(wheel.subarray(0, 30))) {
    throw new Error(`${where}: a part of the file was sent`)
  }
  return `status ${status}`
}

function bodyOfPage({ index }: IndexSubject): Uint8Array {
  const [name = ''] = index.repo.targetNames(index.pagePath('broken'))
  return index.repo.file(name, 'target')
}
