import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { BatchWriter, type WritableFile } from '../../src/node/batch-writer.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
let path: string

beforeEach(() => {
  folder = temporaryFolder('writer')
  path = join(folder, 'file')
})

/** Chunks of many lengths, several pieces in all. */
const chunks = Array.from({ length: 900 }, (_, index) => new Uint8Array(index * 7).fill(index))

async function write(wrap: (file: WritableFile) => WritableFile, from = 0): Promise<Buffer> {
  const file = await open(path, 'w')
  try {
    const writer = new BatchWriter(wrap(file))
    for (const [index, chunk] of chunks.entries()) {
      if (index === from && from > 0) await writer.restart()
      await writer.add(chunk)
    }
    await writer.end()
  } finally {
    await file.close()
  }
  return readFile(path)
}

describe('BatchWriter', () => {
  test('writes all chunks in order', async () => {
    expect((await write((file) => file)).equals(Buffer.concat(chunks))).toBe(true)
  })

  test('forgets entries from before a restart', async () => {
    const written = await write((file) => file, 880)
    expect(written.equals(Buffer.concat(chunks.slice(880)))).toBe(true)
  })

  test('writes the rest when the disk took a part', async () => {
    const reluctant = (file: WritableFile): WritableFile => ({
      writev: () => Promise.resolve({ bytesWritten: 0 }),
      write: (chunk, offset, length, position) =>
        file.write(chunk, offset, Math.min(length, 500_000), position),
      truncate: (length) => file.truncate(length),
    })
    expect((await write(reluctant)).equals(Buffer.concat(chunks))).toBe(true)
  })

  test('reports an error of the gathering phase', async () => {
    const file = await open(path, 'w')
    await file.close()
    const writer = new BatchWriter(file)
    await writer.add(new Uint8Array(1_048_576))
    await expect(writer.end()).rejects.toMatchObject({ code: 'EBADF' })
  })
})
