import { get } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createRepository, type TestRepository } from '../../../src/testing/index.js'
import { serve, writeFolder } from '../../../src/testing/node/index.js'
import type { ServedRepository, ServeOptions } from '../../../src/testing/node/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

interface Got {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

let repo: TestRepository
let server: ServedRepository | undefined
beforeEach(() => {
  repo = createRepository({ consistentSnapshot: false })
  repo.delegate('targets', { name: 'a/b' })
  repo.addTarget('x', '0123456789')
  repo.publish()
})
afterEach(async () => {
  await server?.close()
  server = undefined
})

describe('the server', () => {
  test('serves metadata compressed to those who accept it, and notes requests', async () => {
    const { metadataUrl, requests } = await start()
    const name = `${metadataUrl}timestamp.json`
    const plain = await ask(name)
    const zipped = await ask(name, { 'accept-encoding': 'gzip, br' })
    expect(Uint8Array.from(plain.body)).toEqual(repo.file('timestamp.json'))
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(zipped.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(zipped.body)).toEqual(plain.body)
    expect((await ask(`${metadataUrl}2.root.json`)).status).toBe(404)
    expect(requests.map((request) => request.url)).toEqual([
      '/metadata/timestamp.json',
      '/metadata/timestamp.json',
      '/metadata/2.root.json',
    ])
    expect(requests[1]?.headers['accept-encoding']).toBe('gzip, br')
  })

  test('does not compress when the options forbid it', async () => {
    const { metadataUrl } = await start({ gzip: false })
    const got = await ask(`${metadataUrl}timestamp.json`, { 'accept-encoding': 'gzip' })
    expect(Uint8Array.from(got.body)).toEqual(repo.file('timestamp.json'))
  })

  test.each([
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=4-5', 206, '45', 'bytes 4-5/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=1-2,4-5', 200, '0123456789', undefined],
  ])('answers the range %s with %d', async (range, status, body, contentRange) => {
    const { targetsUrl } = await start()
    const got = await ask(`${targetsUrl}x`, { range })
    expect([got.status, got.body.toString(), got.headers['content-range']]).toEqual([
      status,
      body,
      contentRange,
    ])
  })

  test('starts again when the file no longer matches If-Range', async () => {
    const { targetsUrl } = await start()
    const { headers } = await ask(`${targetsUrl}x`)
    const again = { range: 'bytes=4-', 'if-range': String(headers['etag']) }
    expect((await ask(`${targetsUrl}x`, again)).status).toBe(206)
    repo.addTarget('x', 'abcdefghij')
    repo.publish()
    const changed = await ask(`${targetsUrl}x`, again)
    expect([changed.status, changed.body.toString()]).toEqual([200, 'abcdefghij'])
  })

  test('ignores ranges as an option', async () => {
    const { targetsUrl } = await start({ range: false })
    const got = await ask(`${targetsUrl}x`, { range: 'bytes=4-' })
    expect([got.status, got.headers['etag']]).toEqual([200, undefined])
  })

  test('serves attacks and statuses', async () => {
    const { metadataUrl, targetsUrl } = await start()
    repo.serve('timestamp.json', { status: 503 })
    expect((await ask(`${metadataUrl}timestamp.json`)).status).toBe(503)
    repo.attack.arbitraryInstallation('x')
    expect((await ask(`${targetsUrl}x`)).body.toString()).not.toBe('0123456789')
    repo.serve('timestamp.json', new Error('cut'))
    await expect(ask(`${metadataUrl}timestamp.json`)).rejects.toThrow('socket hang up')
  })

  test('breaks connections, lies in headers and sends other statuses as told', async () => {
    const { metadataUrl, targetsUrl } = await start({
      behave: ({ url }) => {
        if (url === '/targets/x') return { closeAfter: 4 }
        if (url === '/metadata/timestamp.json') return { headers: { 'content-encoding': 'br' } }
        return { status: 302, headers: { location: '/elsewhere' } }
      },
    })
    await expect(ask(`${targetsUrl}x`)).rejects.toThrow('aborted')
    const lying = await ask(`${metadataUrl}timestamp.json`)
    expect(lying.headers['content-encoding']).toBe('br')
    expect(Uint8Array.from(lying.body)).toEqual(repo.file('timestamp.json'))
    const moved = await ask(`${metadataUrl}1.root.json`)
    expect([moved.status, moved.headers['location']]).toEqual([302, '/elsewhere'])
  })

  test('sends endless files until the client goes away', async () => {
    const { metadataUrl } = await start()
    repo.attack.endlessMetadata()
    const received = await new Promise<number>((resolve, reject) => {
      const request = get(`${metadataUrl}timestamp.json`, (response) => {
        let length = 0
        response.on('data', (piece: Buffer) => {
          length += piece.length
          if (length > 1_000_000) {
            request.destroy()
            resolve(length)
          }
        })
      })
      request.on('error', reject)
    })
    expect(received).toBeGreaterThan(1_000_000)
  })

  test('serves a folder the same way, and no file outside it', async () => {
    const folder = temporaryFolder('served')
    await writeFolder(repo, folder)
    server = await serve(folder)
    const { metadataUrl, targetsUrl } = server
    const role = await ask(`${metadataUrl}a%2Fb.json`)
    expect(Uint8Array.from(role.body)).toEqual(repo.file('a/b.json'))
    expect((await ask(`${targetsUrl}x`, { range: 'bytes=8-' })).body.toString()).toBe('89')
    expect((await ask(`${targetsUrl}..%2Fmetadata%2Ftimestamp.json`)).status).toBe(404)
  })
})

async function start(options?: ServeOptions): Promise<ServedRepository> {
  server = await serve(repo, options)
  return server
}

function ask(url: string, headers: Record<string, string> = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(pieces),
        }),
      )
    })
    request.on('error', reject)
  })
}
