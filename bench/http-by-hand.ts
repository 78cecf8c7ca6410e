/** Node's HTTP clients, each used in the shortest way there is. */
import type { Readable } from 'node:stream'
import type { Http } from './task.js'

/** Fetches a file into memory; undefined for 404. */
export type Get = (url: string) => Promise<Uint8Array | undefined>

/** Starts a download: the body as it comes. */
export type GetStream = (url: string) => Promise<Readable | ReadableStream<Uint8Array>>

/** Loads only the client. */
export async function httpClient(http: Http): Promise<Get> {
  if (http === 'fetch') return getByFetch
  const { gunzipSync } = await import('node:zlib')
  const unzipped = (encoding: unknown, body: Buffer): Uint8Array =>
    encoding === 'gzip' ? gunzipSync(body) : body
  const headers = { 'accept-encoding': 'gzip' }
  if (http === 'undici') {
    const { request } = await import('undici')
    return async (url) => {
      const answer = await request(url, { headers })
      const body = Buffer.from(await answer.body.arrayBuffer())
      return answer.statusCode === 404
        ? undefined
        : unzipped(answer.headers['content-encoding'], body)
    }
  }
  const { get } = await import('node:http')
  return (url) =>
    new Promise((resolve, reject) => {
      const request = get(url, { headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const body = unzipped(response.headers['content-encoding'], Buffer.concat(chunks))
          resolve(response.statusCode === 404 ? undefined : body)
        })
      })
      request.on('error', reject)
    })
}

/** The same for downloads. */
export async function streamingClient(http: Http): Promise<GetStream> {
  if (http === 'fetch') {
    return async (url) => {
      const { body } = await fetch(url)
      if (body === null) throw new Error('no body')
      return body
    }
  }
  if (http === 'undici') {
    const { request } = await import('undici')
    return async (url) => (await request(url)).body
  }
  const { get } = await import('node:http')
  return (url) => new Promise((resolve, reject) => get(url, resolve).on('error', reject))
}

async function getByFetch(url: string): Promise<Uint8Array | undefined> {
  const answer = await fetch(url)
  const body = await answer.arrayBuffer()
  return answer.status === 404 ? undefined : new Uint8Array(body)
}
