import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { trimFolder } from '../../src/node/trim-folder.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string

beforeEach(() => {
  folder = temporaryFolder('trim')
  // Written in the order c, a, b.
  for (const [second, name] of ['c', 'a', 'b'].entries()) {
    writeFileSync(join(folder, name), '0123456789')
    utimesSync(join(folder, name), 1_000 + second, 1_000 + second)
  }
})

describe('trimFolder', () => {
  test.each([
    [{ bytes: 30, files: 3 }, ['a', 'b', 'c']],
    [{ bytes: 29, files: 3 }, ['a', 'b']],
    [{ bytes: 30, files: 2 }, ['a', 'b']],
    [{ bytes: 19, files: 3 }, ['b']],
    [{ bytes: 9, files: 3 }, []],
  ])('within %j keeps %j', (bounds, kept) => {
    trimFolder(folder, bounds)
    expect(readdirSync(folder).sort()).toEqual(kept)
  })

  test('counts and removes regular files alone', () => {
    mkdirSync(join(folder, 'folder'))
    symlinkSync('a', join(folder, 'link'))
    trimFolder(folder, { bytes: 0, files: 0 })
    expect(readdirSync(folder).sort()).toEqual(['folder', 'link'])
  })

  test('does not follow a link in the place of the folder', () => {
    const link = `${folder}.link`
    symlinkSync(folder, link)
    try {
      trimFolder(link, { bytes: 0, files: 0 })
    } finally {
      rmSync(link)
    }
    expect(readdirSync(folder)).toHaveLength(3)
  })

  test('has nothing to do where the folder is missing', () => {
    expect(() => trimFolder(join(folder, 'missing'), { bytes: 0, files: 0 })).not.toThrow()
  })
})
