import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { writeWhole } from '../../src/node/batch-writer.js'
import { replaceFile } from '../../src/node/replace-file.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tuffet-replace-'))
  path = join(folder, 'file')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('replaceFile', () => {
  test('gives the name to a file that was written as a whole', async () => {
    const chunks = Array.from({ length: 700 }, (_, index) => Buffer.alloc(5_000, index))
    await replaceFile(path, (file) => writeWhole(file, chunks))
    expect(readFileSync(path).equals(Buffer.concat(chunks))).toBe(true)
    expect(readdirSync(folder)).toEqual(['file'])
  })

  test('holds no bytes in memory once they are written', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const held: WeakRef<Uint8Array>[] = []
    let left = 0
    await replaceFile(path, async (file) => {
      for (let index = 0; index < 50; index++) {
        const chunk = new Uint8Array(100_000)
        held.push(new WeakRef(chunk))
        await file.writev([chunk], index * chunk.length)
      }
      // A reference that was just made keeps its object until the next turn.
      await new Promise((resolve) => setTimeout(resolve, 10))
      collect()
      left = held.filter((reference) => reference.deref()).length
    })
    expect(left).toBeLessThan(5)
  })

  test('closes the file only after writes that a failure left behind', async () => {
    writeFileSync(path, 'before')
    let ended = false
    const replaced = replaceFile(path, (file) => {
      void file.writev([Buffer.alloc(50_000_000)], 0).then(() => (ended = true))
      return Promise.reject(new Error('broken'))
    })
    await expect(replaced).rejects.toThrow('broken')
    expect(ended).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['file'])
  })
})
