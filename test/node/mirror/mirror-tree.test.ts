import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { listedLength, manifestText, emptyManifest } from '../../../src/node/mirror/manifest.js'
import { MirrorTree } from '../../../src/node/mirror/mirror-tree.js'
import type { MirroredTarget } from '../../../src/node/mirror/mirrored-target.js'
import type { TopLevel } from '../../../src/node/mirror/top-level.js'
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
    const names = [
      'targets/a',
      `targets/${'"'.repeat(50)}`,
      'targets/\u{1f4e6}',
      `targets/${'\u5305'.repeat(600)}`,
    ]
    const files = new Map(names.map((name) => [name, `sha256:${'0'.repeat(64)}`]))
    const left = new Map(names.map((name) => [name, Date.now()]))
    const { length } = manifestText({ ...emptyManifest, files, left })
    const empty = manifestText(emptyManifest).length
    const counted = names.reduce((sum, name) => sum + listedLength(name), 0)
    expect(length - empty).toBeLessThanOrEqual(counted)
  })
})

describe('a target', () => {
  const { signal } = new AbortController()
  const bytesOf = (text: string): Buffer => Buffer.from(text)
  const write =
    (text: string, milliseconds = 0): MirroredTarget['bring'] =>
    async (path) => {
      await setTimeout(milliseconds)
      writeFileSync(`${path}.new`, text)
      renameSync(`${path}.new`, path)
    }
  const fail =
    (milliseconds = 0): MirroredTarget['bring'] =>
    async () => {
      await setTimeout(milliseconds)
      throw new Error('gone')
    }
  const targetOf = (paths: string[], text: string, bring = write(text)): MirroredTarget => ({
    ...{ paths, content: `sha256:${text}`, length: text.length, bring },
  })
  const top = (version: number): TopLevel => ({
    root: 1,
    roots: new Map([[1, bytesOf('root')]]),
    versioned: new Map([[`${version}.snapshot.json`, bytesOf(`snapshot ${version}`)]]),
    timestamp: { version, bytes: bytesOf(`timestamp ${version}`) },
  })
  const served = (name: string): string => readFileSync(join(tree.folder, 'targets', name), 'utf8')
  const listed = (): Record<string, string> =>
    JSON.parse(readFileSync(join(tree.folder, 'mirror.json'), 'utf8')).files
  const reopened = async (): Promise<void> => {
    tree.close()
    tree = await MirrorTree.open(tree.folder, { now: () => 0 })
    tree.begin()
  }
  const complete = async (version: number, grace = 0): Promise<void> => {
    await tree.publish(top(version))
    await tree.sweep(grace)
    await reopened()
  }

  beforeEach(reopened)

  test('is not taken for whole where a run ended between its list and the new names', async () => {
    await tree.writeTarget(targetOf(['a.txt'], 'one'), signal)
    await complete(1)
    await tree.writeTarget(targetOf(['a.txt'], 'two'), signal)
    // The lock is another process's by now.
    writeFileSync(join(tree.folder, '.+lock'), 'another')
    await expect(tree.publish(top(2))).rejects.toThrow('took this mirror over')
    rmSync(join(tree.folder, '.+lock'))
    await reopened()
    expect([served('a.txt'), tree.unfinished]).toEqual(['one', undefined])
    await tree.writeTarget(targetOf(['a.txt'], 'two'), signal)
    await complete(2)
    expect([served('a.txt'), listed()['targets/a.txt']]).toEqual(['two', 'sha256:two'])
  })

  test('is refused where another one of its name is being written', async () => {
    const both = await Promise.allSettled([
      tree.writeTarget(targetOf(['p/a'], 'one', write('one', 5)), signal),
      tree.writeTarget(targetOf(['p/a'], 'two', write('two', 20)), signal),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await complete(1)
    expect([served('p/a'), listed()['targets/p/a']]).toEqual(['one', 'sha256:one'])
  })

  test('that fails first, and comes when it is asked for again, is listed', async () => {
    const both = await Promise.allSettled([
      tree.writeTarget(targetOf(['p/a'], 'one', fail(20)), signal),
      tree.writeTarget(targetOf(['p/a'], 'one'), signal),
    ])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    await complete(1)
    expect([served('p/a'), listed()['targets/p/a']]).toEqual(['one', 'sha256:one'])
  })

  test('of which one name fails keeps its files as they were', async () => {
    await tree.writeTarget(targetOf(['a', 'b/a'], 'one'), signal)
    await complete(1, 9)
    let names = 0
    const bring: MirroredTarget['bring'] = (...call) =>
      (names++ === 1 ? fail() : write('two'))(...call)
    await expect(tree.writeTarget(targetOf(['a', 'b/a'], 'two', bring), signal)).rejects.toThrow(
      'gone',
    )
    await complete(2, 9)
    expect([served('a'), served('b/a')]).toEqual(['one', 'one'])
  })

  test('with a new name and one that is served keeps the served file until the timestamp', async () => {
    await tree.writeTarget(targetOf(['b/a'], 'one'), signal)
    await complete(1)
    await tree.writeTarget(targetOf(['a', 'b/a'], 'two'), signal)
    expect(served('b/a')).toBe('one')
    await complete(2)
    expect([served('a'), served('b/a')]).toEqual(['two', 'two'])
  })

  test("that fails leaves a user's file of its name, also in the next run", async () => {
    await complete(1)
    mkdirSync(join(tree.folder, 'targets'), { recursive: true })
    writeFileSync(join(tree.folder, 'targets/mine'), 'mine')
    await expect(tree.writeTarget(targetOf(['mine'], 'one', fail()), signal)).rejects.toThrow(
      'gone',
    )
    await reopened()
    await complete(1)
    expect(served('mine')).toBe('mine')
  })
})
