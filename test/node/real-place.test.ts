import { realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { realPlace } from '../../src/node/real-place.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
beforeEach(() => {
  folder = realpathSync.native(temporaryFolder('place'))
})

const link = (to: string, name: string): void => symlinkSync(to, join(folder, name), 'junction')

describe('the place of a path through links to nowhere', () => {
  test('is at the end of the last of 40', () => {
    for (let at = 0; at < 40; at += 1) link(join(folder, `l${at + 1}`), `l${at}`)
    expect(realPlace(join(folder, 'l0', 'deep'))).toBe(join(folder, 'l40', 'deep'))
    link(join(folder, 'l0'), 'one-more')
    expect(() => realPlace(join(folder, 'one-more'))).toThrow(
      expect.objectContaining({
        code: 'ELOOP',
        syscall: 'realpath',
        path: join(folder, 'one-more'),
      }),
    )
  })

  const isWindows = process.platform === 'win32'
  ;(isWindows ? test.skip : test)('is not found by twice the work for each link', () => {
    for (let at = 0; at < 16; at += 1) link(`l${at + 1}/../l${at + 1}`, `l${at}`)
    const begin = performance.now()
    expect(() => realPlace(join(folder, 'l0'))).toThrow(expect.objectContaining({ code: 'ELOOP' }))
    expect(performance.now() - begin).toBeLessThan(1_000)
    expect(realPlace(join(folder, 'l13'))).toBe(join(folder, 'l16'))
  })
})
