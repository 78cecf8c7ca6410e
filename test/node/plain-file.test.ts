import { appendFile, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  collect,
  openPlainFile,
  readChunks,
  readPlainFile,
  readWhole,
} from '../../src/node/plain-file.js'
import { makePipe } from '../support/pipe.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuffet-plain-'))
})
afterEach(() => rm(folder, { recursive: true }))

function path(name: string): string {
  return join(folder, name)
}

describe('a file that is not a regular one is refused without a wait', () => {
  const refused = { code: 'ERR_NOT_A_FILE', message: expect.stringContaining('is not a regular') }

  test('a pipe without a writer', async () => {
    makePipe(path('pipe'))
    await expect(readWhole(path('pipe'), 10)).rejects.toMatchObject(refused)
    await expect(readChunks(path('pipe')).next()).rejects.toMatchObject(refused)
    expect(() => readPlainFile(path('pipe'), 10)).toThrow(expect.objectContaining(refused))
  })

  test('a link to a pipe', async () => {
    makePipe(path('pipe'))
    await symlink('pipe', path('link'))
    await expect(readWhole(path('link'), 10)).rejects.toMatchObject(refused)
  })

  test('a folder', async () => {
    await mkdir(path('folder'))
    await expect(readWhole(path('folder'), 10)).rejects.toMatchObject(refused)
  })

  test('a socket', async () => {
    const server = createServer()
    await new Promise<void>((listening) => server.listen(path('socket'), listening))
    try {
      await expect(readWhole(path('socket'), 10)).rejects.toMatchObject({ code: 'ENXIO' })
    } finally {
      server.close()
    }
  })
})

describe('a limit', () => {
  test('is the last length that is read', async () => {
    await writeFile(path('file'), 'four')
    expect(await readWhole(path('file'), 4)).toEqual(Buffer.from('four'))
    await expect(readWhole(path('file'), 3)).rejects.toMatchObject({ code: 'ERR_FILE_TOO_LONG' })
  })

  test('is held for a file with a hole of a terabyte, which is not begun', async () => {
    await writeFile(path('file'), '')
    await truncate(path('file'), 2 ** 40)
    await expect(readWhole(path('file'), 1_000)).rejects.toThrow(/is longer than 1000 bytes$/)
  })

  test('is held for a file that grows while it is read', async () => {
    await writeFile(path('file'), 'x')
    const growing = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of readChunks(path('file'))) {
        await appendFile(path('file'), 'more')
        yield chunk
      }
    }
    await expect(collect(growing(), 1_000, 'it')).rejects.toThrow('it is longer than 1000 bytes')
  })

  test('is held for a stream without an end, which is left', async () => {
    let left = false
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(100)
      } finally {
        left = true
      }
    }
    await expect(collect(endless(), 1_000, 'it')).rejects.toMatchObject({
      code: 'ERR_FILE_TOO_LONG',
    })
    expect(left).toBe(true)
  })
})

describe('a link', () => {
  test('is followed, unless the caller wants the file itself', async () => {
    await writeFile(path('file'), 'x')
    await symlink('file', path('link'))
    expect(await readWhole(path('link'), 1)).toEqual(Buffer.from('x'))
    await expect(openPlainFile(path('link'), { followLinks: false })).rejects.toMatchObject({
      code: 'ELOOP',
    })
    expect(() => readPlainFile(path('link'), 1)).toThrow(expect.objectContaining({ code: 'ELOOP' }))
  })
})

test('a file of several chunks comes whole', async () => {
  const bytes = new Uint8Array(600_000).map((_, at) => at % 251)
  await writeFile(path('file'), bytes)
  expect(Buffer.compare(await readWhole(path('file'), 600_000), bytes)).toBe(0)
  for await (const chunk of readChunks(path('file'))) {
    expect(chunk.length).toBeLessThan(600_000)
    break
  }
})

test('an aborted signal ends the reading', async () => {
  await writeFile(path('file'), 'x')
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(readWhole(path('file'), 10, { signal })).rejects.toThrow('enough')
})
