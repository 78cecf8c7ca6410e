import { appendFile, mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import {
  collect,
  openPlainFile,
  readChunks,
  readPlainFile,
  readWhole,
} from '../../src/node/plain-file.js'
import { makePipe } from '../support/pipe.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
beforeEach(() => {
  folder = temporaryFolder('plain')
})

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

describe('the chunks of a file', () => {
  const length = 262_144

  async function contentOf(name: string, ...grown: readonly string[]): Promise<string> {
    const parts = []
    let more = grown
    for await (const chunk of readChunks(path(name))) {
      parts.push(Buffer.from(chunk).toString())
      for (const text of more) await appendFile(path(name), text)
      more = []
    }
    return parts.join('')
  }

  test.each([0, 1, length - 1, length, length + 1, 3 * length, 3 * length + 5])(
    'are all of it, where it is %d bytes long',
    async (bytes) => {
      const content = 'abcdefg'.repeat(bytes / 7 + 1).slice(0, bytes)
      await writeFile(path('file'), content)
      expect(await contentOf('file')).toBe(content)
    },
  )

  test('include what was added after the file was opened', async () => {
    await writeFile(path('file'), 'a'.repeat(length))
    expect(await contentOf('file', 'more')).toBe(`${'a'.repeat(length)}more`)
  })

  test('are those of their own file, where several are read at once and one after another', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `file-${index}`)
    for (const name of names) await writeFile(path(name), name.repeat(60_000))
    const read = async (some: readonly string[]): Promise<void> => {
      for (const name of some) {
        expect((await contentOf(name)) === name.repeat(60_000)).toBe(true)
      }
    }
    await Promise.all([read(names.slice(0, 10)), read(names.slice(10, 20)), read(names.slice(20))])
  })

  test('stay as they are when the reader leaves', async () => {
    await writeFile(path('file'), 'first')
    await writeFile(path('other'), 'other')
    const chunks = readChunks(path('file'))
    const first = await chunks.next()
    await chunks.return()
    expect(await contentOf('other')).toBe('other')
    expect(Buffer.from(first.value ?? []).toString()).toBe('first')
  })

  test('end with the reason of an abort', async () => {
    await writeFile(path('file'), 'a'.repeat(3 * length))
    const abort = new AbortController()
    const chunks = readChunks(path('file'), { signal: abort.signal })
    await chunks.next()
    abort.abort(new Error('enough'))
    await expect(chunks.next()).rejects.toThrow('enough')
  })
})
