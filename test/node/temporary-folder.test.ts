import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, readdir, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { makeTemporaryFolder, sweepTemporaryFolders } from '../../src/node/temporary-folder.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let parent: string
let dead: number
beforeEach(() => {
  parent = temporaryFolder('temporary')
  dead = spawnSync(process.execPath, ['--eval', '']).pid
})

const hours = 3_600_000

async function make(name: string, age: number): Promise<string> {
  await mkdir(join(parent, name))
  await writeFile(join(parent, name, 'keyring.gpg'), 'x')
  const then = (Date.now() - age) / 1_000
  await utimes(join(parent, name, 'keyring.gpg'), then, then)
  await utimes(join(parent, name), then, then)
  return name
}

describe('folders of killed processes', () => {
  test('are removed after six hours', async () => {
    await make(`tuffet-asc-${dead}-aBc123`, 7 * hours)
    const young = await make(`tuffet-asc-${dead}-aBc124`, 5 * hours)
    await sweepTemporaryFolders(parent, 'asc')
    expect(await readdir(parent)).toEqual([young])
  })

  test('stay while a file in them grows, which does not change the time of the folder', async () => {
    const used = await make(`tuffet-download-${dead}-aBc123`, 7 * hours)
    await appendFile(join(parent, used, 'keyring.gpg'), 'x')
    expect(Date.now() - (await stat(join(parent, used))).mtimeMs).toBeGreaterThan(6 * hours)
    await sweepTemporaryFolders(parent, 'download')
    expect(await readdir(parent)).toEqual([used])
  })

  test('stay where the process runs, the use is another, or the name is not one of ours', async () => {
    const others = [
      `tuffet-asc-${process.pid}-aBc123`,
      `tuffet-spool-${dead}-aBc123`,
      `tuffet-asc-${dead}-aBc1234`,
      `my-tuffet-asc-${dead}-aBc123`,
      'tuffet-asc-0-aBc123',
    ]
    for (const name of others) await make(name, 9 * hours)
    await sweepTemporaryFolders(parent, 'asc')
    expect((await readdir(parent)).sort()).toEqual([...others].sort())
  })

  test('are not looked for behind links, and links in them are not followed', async () => {
    const outside = join(parent, await make('outside', 9 * hours))
    await symlink(outside, join(parent, `tuffet-asc-${dead}-aLink1`))
    const left = await make(`tuffet-asc-${dead}-aBc123`, 0)
    await symlink(outside, join(parent, left, 'link'))
    await sweepTemporaryFolders(parent, 'asc', 0)
    expect(existsSync(join(parent, left))).toBe(false)
    expect(await readdir(outside)).toEqual(['keyring.gpg'])
  })

  const isRoot = process.getuid?.() === 0
  ;(isRoot ? test : test.skip)('of other users stay', async () => {
    const { chown } = await import('node:fs/promises')
    const left = await make(`tuffet-asc-${dead}-aBc123`, 9 * hours)
    await chown(join(parent, left), 65_534, 65_534)
    await sweepTemporaryFolders(parent, 'asc')
    expect(await readdir(parent)).toEqual([left])
  })
})

test('a folder is private, and named by its process', async () => {
  const folder = await makeTemporaryFolder(parent, 'asc')
  expect(folder).toContain(`tuffet-asc-${process.pid}-`)
  if (process.platform !== 'win32') expect((await stat(folder)).mode & 0o777).toBe(0o700)
})
