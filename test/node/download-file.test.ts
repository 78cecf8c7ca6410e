import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, test } from '@jest/globals'
import {
  type DownloadProgress,
  streamTarget,
  type TargetSource,
} from '../../src/client/download.js'
import { type Limits, resolveLimits } from '../../src/client/limits.js'
import { fetchFetcher } from '../../src/client/web-fetcher.js'
import type { TargetFile } from '../../src/core/metadata/model.js'
import { DestinationError } from '../../src/errors.js'
import { nodeCryptography } from '../../src/node/cryptography.js'
import { downloadFile, type DownloadFileOptions } from '../../src/node/download-file.js'
import { ownIdentity } from '../../src/node/process-identity.js'
import { startLoopback } from '../support/loopback.js'
import { manualClock } from '../support/manual-clock.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const content = randomBytes(3_000_000)
const etag = '"v1"'

let folder: string
let destination: string
let received: number
let breaking: { readonly response: ServerResponse; readonly count: number } | undefined

beforeEach(() => {
  folder = temporaryFolder('download')
  destination = join(folder, 'a.whl')
  received = 0
  breaking = undefined
})

const serve = startLoopback

function targetOf(bytes: Uint8Array, hashes?: Record<string, string>): TargetFile {
  const digest = (name: string): string => createHash(name).update(bytes).digest('hex')
  return {
    path: 'pkgs/a.whl',
    length: bytes.length,
    hashes: new Map(
      Object.entries(hashes ?? { sha256: digest('sha256'), sha512: digest('sha512') }),
    ),
  }
}

interface Fixture {
  readonly urls: readonly string[]
  readonly target?: TargetFile
  readonly limits?: Partial<Limits>
  readonly options?: DownloadFileOptions
}

function download({ urls, target = targetOf(content), limits, options }: Fixture) {
  const source: TargetSource = {
    target,
    urls,
    fetcher: fetchFetcher(),
    cryptography: nodeCryptography,
    limits: resolveLimits(limits),
  }
  return downloadFile({ downloadSource: () => source }, target, destination, {
    ...options,
    onProgress(progress) {
      received = progress.received
      options?.onProgress?.(progress)
      breakWhereDue()
    },
  })
}

/** Serves `bytes`, and the rest of them where `Range` and `If-Range` ask for it. */
function answer(request: IncomingMessage, response: ServerResponse, bytes = content): void {
  const { range, 'if-range': ifRange } = request.headers
  const start = ifRange === etag ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0
  const rest = bytes.subarray(start)
  const headers = { etag, 'content-length': rest.length }
  if (start === 0) response.writeHead(200, headers)
  else {
    const contentRange = `bytes ${start}-${bytes.length - 1}/${bytes.length}`
    response.writeHead(206, { ...headers, 'content-range': contentRange })
  }
  response.end(rest)
}

/** Announces all of `bytes`, sends the first `count`, and breaks off when they have arrived. */
function breakOff(response: ServerResponse, count: number, bytes = content): void {
  response.writeHead(200, { etag, 'content-length': bytes.length })
  response.write(bytes.subarray(0, count))
  breaking = { response, count }
  breakWhereDue()
}

function breakWhereDue(): void {
  if (breaking !== undefined && received >= breaking.count) breaking.response.destroy()
}

async function expectOnly(...names: readonly string[]): Promise<void> {
  expect((await readdir(folder)).sort()).toEqual(names)
}

describe('a download that succeeds', () => {
  test('has the name and the bytes, and reports its progress', async () => {
    const server = await serve(answer)
    const progress: DownloadProgress[] = []
    const onProgress = (step: DownloadProgress): void => void progress.push(step)
    const result = await download({ urls: [server.url], options: { onProgress } })
    expect(result).toEqual({ fetched: true })
    expect((await readFile(destination)).equals(content)).toBe(true)
    expect(progress.length).toBeGreaterThan(1)
    expect(progress.at(-1)).toEqual({ received: content.length, total: content.length })
    await expectOnly('a.whl')
  })

  test('may be empty, and may go to a file URL', async () => {
    const server = await serve((_request, response) => response.end())
    const target = targetOf(new Uint8Array())
    const url = pathToFileURL(destination)
    const source: TargetSource = {
      target,
      urls: [server.url],
      fetcher: fetchFetcher(),
      cryptography: nodeCryptography,
      limits: resolveLimits(),
    }
    await downloadFile({ downloadSource: () => source }, target, url)
    expect(await readFile(destination)).toHaveLength(0)
  })

  test('asks the next URL only when the one before is not found', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/second') answer(request, response)
      else response.writeHead(404).end()
    })
    const urls = ['/first', '/second', '/third'].map((path) => server.url + path)
    await download({ urls })
    expect(server.requests.map(({ url }) => url)).toEqual(['/first', '/second'])
  })

  test('sends no request when the destination is already correct', async () => {
    const server = await serve(answer)
    await writeFile(destination, content)
    expect(await download({ urls: [server.url] })).toEqual({ fetched: false })
    expect(server.requests).toHaveLength(0)
    expect(await download({ urls: [server.url], options: { reuse: false } })).toEqual({
      fetched: true,
    })
  })

  test.each([
    ['another length', Buffer.from('old')],
    ['other bytes', Buffer.alloc(content.length)],
  ])('replaces a destination of %s', async (_what, old) => {
    const server = await serve(answer)
    await writeFile(destination, old)
    await download({ urls: [server.url] })
    expect((await readFile(destination)).equals(content)).toBe(true)
  })

  test('keeps the mode of the file that it replaces, and no other right', async () => {
    const server = await serve(answer)
    await writeFile(destination, 'old')
    await chmod(destination, 0o4640)
    await download({ urls: [server.url] })
    expect((await stat(destination)).mode & 0o7777).toBe(0o640)
  })

  test('removes the remains of killed downloads in the folder, and no other file', async () => {
    const { pid, start, host } = ownIdentity()
    const dead = spawnSync(process.execPath, ['--version'])
    const left = `.+${dead.pid}-1-${host}-00.part`
    const kept = [`.+${pid}-${start}-${host}-00.part`, `.+${dead.pid}-1-${host}-00.tmp`, 'a.part']
    for (const name of [left, ...kept]) await writeFile(join(folder, name), 'part')
    const server = await serve(answer)
    await download({ urls: [server.url] })
    await expectOnly(...[...kept, 'a.whl'].sort())
  })
})

describe('a destination that is not a regular file is refused before any request, and stays', () => {
  test('names as paths (CVE-2021-41149): a symbolic link', async () => {
    const server = await serve(answer)
    const victim = join(folder, 'victim')
    await writeFile(victim, content)
    await symlink(victim, destination)
    await expect(download({ urls: [server.url] })).rejects.toThrow(DestinationError)
    expect(await readlink(destination)).toBe(victim)
    expect((await readFile(victim)).equals(content)).toBe(true)
    expect(server.requests).toHaveLength(0)
  })

  test('a pipe', async () => {
    const server = await serve(answer)
    execFileSync('mkfifo', [destination])
    await expect(download({ urls: [server.url] })).rejects.toThrow('not a regular file')
    expect((await lstat(destination)).isFIFO()).toBe(true)
    expect(server.requests).toHaveLength(0)
  })

  test('a socket', async () => {
    const server = await serve(answer)
    const socket = createServer()
    await new Promise<void>((resolve) => socket.listen(destination, resolve))
    try {
      await expect(download({ urls: [server.url] })).rejects.toThrow('not a regular file')
      expect((await lstat(destination)).isSocket()).toBe(true)
    } finally {
      await new Promise((resolve) => socket.close(resolve))
    }
  })

  test('one that becomes a pipe during the download', async () => {
    const server = await serve(answer)
    let made = false
    const onProgress = (): void => {
      if (!made) execFileSync('mkfifo', [destination])
      made = true
    }
    await expect(download({ urls: [server.url], options: { onProgress } })).rejects.toThrow(
      'not a regular file',
    )
    expect((await lstat(destination)).isFIFO()).toBe(true)
    await expectOnly('a.whl')
  })
})

describe('a target that could not be verified is refused before any request', () => {
  test.each<[string, Partial<Record<keyof TargetFile, unknown>>]>([
    ['without hashes', { path: 'a', length: content.length }],
    ['with hashes that are not a map', { path: 'a', length: content.length, hashes: { a: 'b' } }],
    ['with a digest that is not text', { path: 'a', length: 1, hashes: new Map([['sha256', 1]]) }],
    ['without a length', { path: 'a', hashes: targetOf(content).hashes }],
    ['of a length that is not a number', { ...targetOf(content), length: '9' }],
    ['of a length of NaN', { ...targetOf(content), length: NaN }],
    ['without a path', { length: 1, hashes: targetOf(content).hashes }],
  ])('%s', async (_what, wrong) => {
    const server = await serve(answer)
    const target = wrong as unknown as TargetFile
    await expect(download({ urls: [server.url], target })).rejects.toThrow(TypeError)
    const source: TargetSource = {
      target,
      urls: [server.url],
      fetcher: fetchFetcher(),
      cryptography: nodeCryptography,
      limits: resolveLimits(),
    }
    await expect(streamTarget(source).next()).rejects.toThrow(TypeError)
    expect(server.requests).toHaveLength(0)
    await expectOnly()
  })
})

describe('a connection that breaks', () => {
  test('is resumed from the bytes that came', async () => {
    const server = await serve((request, response) => {
      if (server.requests.length === 1) breakOff(response, 1_000_000)
      else answer(request, response)
    })
    await download({ urls: [server.url] })
    expect((await readFile(destination)).equals(content)).toBe(true)
    expect(server.requests[1]?.headers).toMatchObject({
      range: 'bytes=1000000-',
      'if-range': etag,
    })
    await expectOnly('a.whl')
  })

  test('is resumed without range support: the known bytes are skipped', async () => {
    const server = await serve((_request, response) => {
      if (server.requests.length < 3) breakOff(response, 500_000 * server.requests.length)
      else response.end(content)
    })
    await download({ urls: [server.url] })
    expect((await readFile(destination)).equals(content)).toBe(true)
    expect(server.requests).toHaveLength(3)
  })

  test('is given up when an answer brings no new byte', async () => {
    const server = await serve((_request, response) => breakOff(response, 1_000))
    await expect(download({ urls: [server.url] })).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
    })
    expect(server.requests).toHaveLength(2)
    await expectOnly()
  })

  test('is given up after three more', async () => {
    const server = await serve((_request, response) => {
      breakOff(response, 100_000 * server.requests.length)
    })
    await expect(download({ urls: [server.url] })).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
    })
    expect(server.requests).toHaveLength(4)
    await expectOnly()
  })

  test('is not resumed before the first byte', async () => {
    const server = await serve((_request, response) => response.destroy())
    await expect(download({ urls: [server.url] })).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_FAILED',
    })
    expect(server.requests).toHaveLength(1)
    await expectOnly()
  })

  test('starts once from zero when the parts do not match', async () => {
    const server = await serve((request, response) => {
      if (server.requests.length === 1) {
        breakOff(response, 1_000_000, Buffer.alloc(content.length))
      } else answer(request, response)
    })
    const steps: number[] = []
    const onProgress = (step: DownloadProgress): void => void steps.push(step.received)
    await download({ urls: [server.url], options: { onProgress } })
    expect((await readFile(destination)).equals(content)).toBe(true)
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=1000000-',
      undefined,
    ])
    expect(steps.some((count, index) => count < (steps[index - 1] ?? 0))).toBe(true)
  })

  test('does not start from zero twice', async () => {
    const wrong = Buffer.alloc(content.length)
    const server = await serve((request, response) => {
      if (server.requests.length === 1) breakOff(response, 1_000_000, wrong)
      else answer(request, response, wrong)
    })
    await expect(download({ urls: [server.url] })).rejects.toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
      step: '5.7.3',
      url: server.url,
    })
    expect(server.requests).toHaveLength(3)
    await expectOnly()
  })

  test('is resumed with the new bytes when the file has changed, and the hash decides', async () => {
    const server = await serve((_request, response) => {
      if (server.requests.length === 1) breakOff(response, 1_000_000)
      else response.writeHead(200, { etag: '"v2"' }).end(Buffer.alloc(content.length))
    })
    await expect(download({ urls: [server.url] })).rejects.toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
    })
    await expectOnly()
  })
})

describe('a refused download leaves no file', () => {
  test.each<[string, RequestListener, string]>([
    [
      'other bytes',
      (request, response) => answer(request, response, Buffer.alloc(content.length)),
      'HASH_MISMATCH',
    ],
    ['a short file', (_request, response) => response.end(content.subarray(1)), 'LENGTH_MISMATCH'],
    [
      'a long file',
      (_request, response) => response.end(Buffer.concat([content, content])),
      'FETCH_TOO_LONG',
    ],
    ['status 404', (_request, response) => response.writeHead(404).end(), 'FETCH_NOT_FOUND'],
    ['status 500', (_request, response) => response.writeHead(500).end(), 'FETCH_FAILED'],
  ])('%s', async (_what, listener, code) => {
    const server = await serve(listener)
    await writeFile(destination, 'before')
    await expect(download({ urls: [server.url] })).rejects.toMatchObject({
      code: `ERR_TUF_${code}`,
    })
    expect(await readFile(destination, 'utf8')).toBe('before')
    await expectOnly('a.whl')
  })

  test('one wrong hash among right ones', async () => {
    const server = await serve(answer)
    const hashes = Object.fromEntries(targetOf(content).hashes)
    const target = targetOf(content, { ...hashes, sha512: '00'.repeat(64) })
    await expect(download({ urls: [server.url], target })).rejects.toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
      algorithm: 'sha512',
    })
    await expectOnly()
  })

  test('no hash of a known kind, before any request', async () => {
    const server = await serve(answer)
    const target = targetOf(content, { md4: '00' })
    await expect(download({ urls: [server.url], target })).rejects.toMatchObject({
      code: 'ERR_TUF_HASH_MISMATCH',
    })
    expect(server.requests).toHaveLength(0)
    await expectOnly()
  })

  test('an abort, which throws its reason', async () => {
    const controller = new AbortController()
    const server = await serve((_request, response) => void response.write(content.subarray(0, 9)))
    const reason = new Error('enough')
    const options = { signal: controller.signal, onProgress: () => controller.abort(reason) }
    await expect(download({ urls: [server.url], options })).rejects.toBe(reason)
    await expect(download({ urls: [server.url], options })).rejects.toBe(reason)
    expect(server.requests).toHaveLength(1)
    await expectOnly()
  })

  test('slow retrieval (1.5.2): a stall in the middle', async () => {
    const clock = manualClock()
    const server = await serve((_request, response) => void response.write(content.subarray(0, 9)))
    let stalled: () => void
    const begun = new Promise<void>((resolve) => (stalled = resolve))
    const options = { clock, onProgress: () => stalled() }
    const result = expect(download({ urls: [server.url], options })).rejects.toMatchObject({
      code: 'ERR_TUF_FETCH_TOO_SLOW',
    })
    await begun
    await clock.pass(60_000)
    await result
    await expectOnly()
  })

  test('a deadline', async () => {
    const clock = manualClock()
    const server = await serve((_request, response) => void response.write(content.subarray(0, 9)))
    let stalled: () => void
    const begun = new Promise<void>((resolve) => (stalled = resolve))
    const result = expect(
      download({
        urls: [server.url],
        limits: { targetDeadline: 1_000 },
        options: { clock, onProgress: () => stalled() },
      }),
    ).rejects.toMatchObject({ code: 'ERR_TUF_FETCH_TIMEOUT' })
    await begun
    await clock.pass(1_000)
    await result
    await expectOnly()
  })

  test.each([
    ['folder', 'it is a folder and not a regular file', undefined],
    ['file/a.whl', 'a part of the path is not a folder (ENOTDIR)', 'ENOTDIR'],
    ['missing/a.whl', 'its folder does not exist (ENOENT)', 'ENOENT'],
    ['a'.repeat(300), 'the name is too long (ENAMETOOLONG)', 'ENAMETOOLONG'],
    ['loop/a.whl', 'the links in it lead in a circle (ELOOP)', 'ELOOP'],
  ])(
    'a destination at which no file can be, before any request: %s',
    async (path, reason, code) => {
      const server = await serve(answer)
      await mkdir(join(folder, 'folder'))
      await writeFile(join(folder, 'file'), 'kept')
      await symlink('loop', join(folder, 'loop'))
      destination = join(folder, path)
      const result = expect(download({ urls: [server.url] })).rejects
      await result.toMatchObject({
        code: 'ERR_TUF_DESTINATION',
        path: destination,
        reason,
        message: `cannot write ${destination}: ${reason}`,
        ...(code !== undefined && { cause: { code } }),
      })
      expect(server.requests).toHaveLength(0)
      await expectOnly('file', 'folder', 'loop')
      expect(await readFile(join(folder, 'file'), 'utf8')).toBe('kept')
    },
  )

  test('a destination that becomes a folder during the download', async () => {
    const server = await serve(answer)
    const onProgress = (): void => {
      mkdirSync(destination, { recursive: true })
    }
    await expect(download({ urls: [server.url], options: { onProgress } })).rejects.toMatchObject({
      code: 'ERR_TUF_DESTINATION',
      path: destination,
    })
    await expectOnly('a.whl')
  })
})
