import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { TargetFile } from '../../src/index.js'
import { isTargetFile } from '../../src/node/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const content = Buffer.alloc(2_500_000, 'a wheel ')
const sha256 = createHash('sha256').update(content).digest('hex')
const target = targetWith({ sha256 })

let folder: string
let path: string

beforeEach(() => {
  folder = temporaryFolder('is-target')
  path = join(folder, 'a.whl')
})

function targetWith(hashes: Record<string, string>): TargetFile {
  return { path: 'a.whl', length: content.length, hashes: new Map(Object.entries(hashes)) }
}

describe('a file on disk', () => {
  test('is the target when length and hashes match, by path, URL or link', async () => {
    writeFileSync(path, content)
    symlinkSync('a.whl', join(folder, 'link'))
    expect(await isTargetFile(path, target)).toBe(true)
    expect(await isTargetFile(pathToFileURL(path), target)).toBe(true)
    expect(await isTargetFile(join(folder, 'link'), target)).toBe(true)
  })

  test.each([
    ['is longer', Buffer.concat([content, Buffer.from('!')])],
    ['is shorter', content.subarray(1)],
    ['has another last byte', Buffer.concat([content.subarray(1), Buffer.from('!')])],
    ['is empty', Buffer.alloc(0)],
  ])('is not the target when it %s', async (_, bytes) => {
    writeFileSync(path, bytes)
    expect(await isTargetFile(path, target)).toBe(false)
  })

  test('is not the target where no listed hash is known', async () => {
    writeFileSync(path, content)
    expect(await isTargetFile(path, targetWith({ crc32: '00000000' }))).toBe(false)
    expect(await isTargetFile(path, targetWith({ crc32: '00000000', sha256 }))).toBe(true)
  })

  test('is not the target where there is no regular file, and a pipe is not waited for', async () => {
    mkdirSync(join(folder, 'folder'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    symlinkSync('loop', join(folder, 'loop'))
    for (const name of ['absent', 'folder', 'pipe', 'loop', 'n'.repeat(300)]) {
      expect(await isTargetFile(join(folder, name), target)).toBe(false)
    }
  })

  test('is not compared with a target that lacks hashes', async () => {
    const loose: TargetFile = JSON.parse('{ "path": "a.whl", "length": 1 }')
    await expect(isTargetFile(path, loose)).rejects.toThrow(TypeError)
  })

  test('is not read after the signal aborted', async () => {
    writeFileSync(path, content)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(isTargetFile(path, target, { signal })).rejects.toThrow('enough')
  })
})
