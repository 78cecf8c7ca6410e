import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { acquireLock } from '../../src/node/lock.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describe('where hard links fail', () => {
  const failing = (code: string) => (): never => {
    throw Object.assign(new Error(`${code}: link`), { code })
  }

  test.each([
    ['EPERM', 'Linux, without links on the disk'],
    ['EISDIR', 'Windows, without links on the disk'],
    ['EACCES', 'a policy'],
  ])('with %s of %s, a lock is made all the same', async (code) => {
    const folder = temporaryFolder('lock')
    const lock = await acquireLock(join(folder, '.+lock'), { link: failing(code) })
    expect(lock.isHeld()).toBe(true)
    expect(readdirSync(folder)).toEqual(['.+lock'])
    lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  test('with another error, that one is thrown, and no file is left', async () => {
    const folder = temporaryFolder('lock')
    const lock = acquireLock(join(folder, '.+lock'), { link: failing('EIO') })
    await expect(lock).rejects.toMatchObject({ code: 'EIO' })
    expect(readdirSync(folder)).toEqual([])
  })
})
