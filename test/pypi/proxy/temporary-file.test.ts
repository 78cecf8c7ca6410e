import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from '@jest/globals'
import { openTemporary, sweepTemporary } from '../../../src/pypi/proxy/temporary-file.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let folder: string
beforeEach(() => {
  folder = temporaryFolder('part')
})

/** The number of an ended process. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

test('a temporary file has no name, and only its owner could read it', async () => {
  const file = await openTemporary(folder)
  expect(await readdir(folder)).toEqual([])
  await file.write(Buffer.from('bytes'), 0, 5, 0)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(9), 0, 9, 0)
  expect(buffer.subarray(0, bytesRead).toString()).toBe('bytes')
  const { mode, nlink } = await file.stat()
  if (process.platform !== 'win32') expect([mode & 0o777, nlink]).toEqual([0o600, 0])
  await file.close()
})

test('the remains of a killed process are swept, and no other file', async () => {
  const pid = await deadPid()
  const left = `tuffet-spool-${pid}-aBc123`
  const others = [
    `tuffet-spool-${process.pid}-aBc123`,
    `tuffet-spool-${pid}-aBc1234`,
    'tuffet-spool-0-aBc123',
    `spool-${pid}-aBc123`,
  ]
  for (const name of [left, ...others]) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'file'), 'x')
  }
  const file = `tuffet-spool-${pid}-aFile1`
  await writeFile(join(folder, file), 'x')
  const outside = join(folder, 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'kept'), 'x')
  const link = `tuffet-spool-${pid}-aLink1`
  await symlink(outside, join(folder, link))
  await sweepTemporary(folder)
  expect((await readdir(folder)).sort()).toEqual([...others, file, link, 'outside'].sort())
  expect((await stat(join(outside, 'kept'))).isFile()).toBe(true)
})
