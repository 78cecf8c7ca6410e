import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { listedLength, manifestText, emptyManifest } from '../../../src/node/mirror/manifest.js'
import { MirrorTree } from '../../../src/node/mirror/mirror-tree.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let tree: MirrorTree
const room = listedLength('targets/1')
const mostListed = { targets: 2 * room, roles: 2 * room + listedLength('metadata/1.a') }
const full = { code: 'ERR_TUF_DESTINATION', reason: 'the list of files is full' }

beforeEach(async () => {
  tree = await MirrorTree.open(temporaryFolder('tree'), { now: () => 0, mostListed })
})
afterEach(() => tree.close())

function target(name: string): Promise<void> {
  const bring = async (path: string): Promise<void> => writeFileSync(path, name)
  const signal = new AbortController().signal
  return tree.writeTarget({ paths: [name], content: `sha256:${name}`, length: 1, bring }, signal)
}

describe('the list of files', () => {
  test('has an end for targets, and room for roles after it', async () => {
    tree.begin()
    await target('1')
    await target('2')
    await target('2')
    await expect(target('3')).rejects.toMatchObject(full)
    await tree.writeMetadata('1.a', new Uint8Array())
    await expect(tree.writeMetadata('1.b', new Uint8Array())).rejects.toMatchObject(full)
    tree.begin()
    await target('3')
  })

  test('gives the room of a target that fails to others, also after a run that was killed', async () => {
    tree.begin()
    const bring = (): Promise<void> => Promise.reject(new Error('gone'))
    const { signal } = new AbortController()
    for (const name of ['x', 'y', 'z']) {
      const failing = { paths: [name], content: `sha256:${name}`, length: 1, bring }
      await expect(tree.writeTarget(failing, signal)).rejects.toThrow('gone')
    }
    await target('1')
    tree.close()
    tree = await MirrorTree.open(tree.folder, { now: () => 0, mostListed })
    tree.begin()
    await target('2')
    await expect(target('3')).rejects.toMatchObject(full)
  })

  test('keeps the room of a target of which there is a file, though it failed', async () => {
    tree.begin()
    const bring = (path: string): Promise<void> => {
      writeFileSync(path, 'x')
      return Promise.reject(new Error('gone'))
    }
    const { signal } = new AbortController()
    const failing = { paths: ['x'], content: 'sha256:x', length: 1, bring }
    await expect(tree.writeTarget(failing, signal)).rejects.toThrow('gone')
    await target('1')
    await expect(target('2')).rejects.toMatchObject(full)
  })

  test('counts at least what a name takes in mirror.json', () => {
    const names = ['targets/a', `targets/${'"'.repeat(50)}`, 'targets/\u{1f4e6}']
    const files = new Map(names.map((name) => [name, `sha256:${'0'.repeat(64)}`]))
    const left = new Map(names.map((name) => [name, Date.now()]))
    const { length } = Buffer.from(manifestText({ ...emptyManifest, files, left })).toString()
    const empty = manifestText(emptyManifest).length
    const counted = names.reduce((sum, name) => sum + listedLength(name), 0)
    expect(length - empty).toBeLessThanOrEqual(counted)
  })
})
