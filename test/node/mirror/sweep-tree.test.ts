import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { emptyManifest } from '../../../src/node/mirror/manifest.js'
import { sweepTree } from '../../../src/node/mirror/sweep-tree.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let folder: string
beforeEach(() => {
  folder = temporaryFolder('sweep')
  mkdirSync(join(folder, 'targets'))
})

const all = { needed: new Map<string, string>(), now: 1_000, grace: 0 }

describe('a sweep', () => {
  test('removes a folder with its last file, and keeps those of the user', () => {
    for (const path of ['a/b/old', 'a/mine', 'c/d/old']) {
      mkdirSync(join(folder, 'targets', path, '..'), { recursive: true })
      writeFileSync(join(folder, 'targets', path), '')
    }
    const left = new Map(['targets/a/b/old', 'targets/c/d/old'].map((path) => [path, 0]))
    const { removed } = sweepTree(folder, { ...emptyManifest, left }, all)
    const there = readdirSync(join(folder, 'targets'), { recursive: true }).map(String).sort()
    expect([removed, there]).toEqual([2, ['a', join('a', 'mine')]])
  })

  const { platform } = process
  ;(platform === 'linux' ? test : test.skip)('passes a folder whose name is not text', () => {
    const name = Buffer.concat([Buffer.from(join(folder, 'targets/')), Buffer.of(0xff)])
    mkdirSync(name)
    writeFileSync(Buffer.concat([name, Buffer.from('/mine')]), '')
    expect(sweepTree(folder, emptyManifest, all).removed).toBe(0)
    expect(readdirSync(name)).toEqual(['mine'])
  })

  test('needs no more of the stack for a folder of many files', () => {
    const place = join(folder, 'targets', 'pkgs')
    mkdirSync(place)
    const count = 15_000
    for (let number = 0; number < count; number++) {
      closeSync(openSync(join(place, String(number)), 'w'))
    }
    const [script, manifest] = ['sweep-tree', 'manifest'].map(
      (name) => new URL(`../../../src/node/mirror/${name}.ts`, import.meta.url).href,
    )
    const code = `
      const { sweepTree } = await import('${script}')
      const { emptyManifest } = await import('${manifest}')
      const left = new Map(Array.from({ length: ${count} }, (_, at) => ['targets/pkgs/' + at, 0]))
      const how = { needed: new Map(), now: 1_000, grace: 0 }
      console.log(sweepTree(process.argv[1], { ...emptyManifest, left }, how).removed)`
    const less = ['--stack-size=100', '--import', 'tsx', '--input-type=module']
    const args = [...less, '--eval', code, folder]
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect([stdout.trim(), stderr]).toEqual([String(count), ''])
  })
})
