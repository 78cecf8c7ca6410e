/**
 * Serves a test repository, or a folder, over HTTP on loopback, the way a good static server does:
 * gzip for metadata, ETag, Range and If-Range for targets. It misbehaves on request.
 */

import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { possibleNames, type Answer } from '../answer.js'
import type { FileKind } from '../file-history.js'
import { sendAnswer, type Behaviour } from './http-answer.js'
import { folderOf, pathBelow } from './write-folder.js'

/** The source of answers: a `TestRepository`, or any object with the same method. */
export interface AnswerSource {
  answer(kind: FileKind, name: string): Answer | Promise<Answer>
}

/** One request as it came. */
export interface ServedRequest {
  readonly method: string
  /** As sent, percent-encoded, with a leading `/`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** All optional. */
export interface ServeOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined
  /** Default: any free port. */
  readonly port?: number | undefined
  /** Whether metadata is compressed for clients that accept it. Default true. */
  readonly gzip?: boolean | undefined
  /** Whether targets can be asked for from the middle. Default true. */
  readonly range?: boolean | undefined
  /** Called for each request; the returned faults are applied to the answer. */
  readonly behave?: ((request: ServedRequest) => Behaviour | undefined) | undefined
}

/** A running server. */
export interface ServedRepository {
  /** Ends with `/`. */
  readonly metadataUrl: string
  /** Ends with `/`. */
  readonly targetsUrl: string
  /** Every request, in order. Empty it at will. */
  readonly requests: ServedRequest[]
  /** Ends the server and every connection. */
  close(): Promise<void>
}

/**
 * Starts a server for a repository, or for a folder as `writeFolder` writes it.
 *
 * @example
 * ```ts
 * import { createRepository } from 'tuffet/testing'
 * import { serve } from 'tuffet/testing/node'
 *
 * const repository = createRepository()
 * repository.publish()
 * const served = await serve(repository)
 * console.log(served.metadataUrl)
 * await served.close()
 * ```
 */
export async function serve(
  source: AnswerSource | string,
  options: ServeOptions = {},
): Promise<ServedRepository> {
  const { host = '127.0.0.1', port = 0, gzip = true, range = true } = options
  const answers = typeof source === 'string' ? folderSource(source) : source
  const requests: ServedRequest[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = request
    const served: ServedRequest = { method, url, headers }
    requests.push(served)
    const behaviour = options.behave?.(served) ?? {}
    const kind: FileKind = url.startsWith(`/${folderOf.target}/`) ? 'target' : 'metadata'
    const answer = await find(answers, kind, url)
    const features = { gzip: gzip && kind === 'metadata', range: range && kind === 'target' }
    await sendAnswer(request, response, answer, behaviour, features)
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address')
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  return {
    metadataUrl: `${origin}/${folderOf.metadata}/`,
    targetsUrl: `${origin}/${folderOf.target}/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function find(source: AnswerSource, kind: FileKind, url: string): Promise<Answer> {
  const base = `/${folderOf[kind]}/`
  const [path = ''] = url.split('?')
  if (!path.startsWith(base)) return 'missing'
  for (const name of possibleNames(kind, path.slice(base.length))) {
    const answer = await source.answer(kind, name)
    if (answer !== 'missing') return answer
  }
  return 'missing'
}

function folderSource(folder: string): AnswerSource {
  return {
    async answer(kind, name): Promise<Answer> {
      try {
        return await readFile(pathBelow(join(folder, folderOf[kind]), name))
      } catch {
        // A folder can only refuse with 404.
        return 'missing'
      }
    },
  }
}
