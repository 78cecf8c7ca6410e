import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { hostOf, isDead, ownIdentity } from '../../src/node/process-identity.js'

// Only Linux shows when a process started.
const hasStart = ownIdentity().start !== 0

describe('isDead', () => {
  test('is false for this process, and for one of another machine', () => {
    expect(isDead(ownIdentity())).toBe(false)
    expect(isDead({ pid: 2 ** 30, start: 1, host: 'elsewhere' })).toBe(false)
  })

  test('is true for an ended process', async () => {
    const child = spawn(process.execPath, ['-e', '0'])
    await once(child, 'exit')
    expect(isDead({ ...ownIdentity(), pid: child.pid ?? 0 })).toBe(true)
  })

  const onLinux = hasStart ? test : test.skip
  onLinux('is true when the pid belongs to a process that started at another time', () => {
    const own = ownIdentity()
    expect(isDead({ ...own, start: own.start + 1 })).toBe(true)
  })

  onLinux('is true when the pid went to the program of another user', () => {
    const refused = (): never => {
      throw Object.assign(new Error('not allowed'), { code: 'EPERM' })
    }
    const own = ownIdentity()
    expect(isDead({ ...own, start: own.start + 1 }, refused)).toBe(true)
    expect(isDead(own, refused)).toBe(false)
  })

  test('is false when nobody knows when it started', () => {
    expect(isDead({ ...ownIdentity(), start: 0 })).toBe(false)
  })
})

describe('hostOf', () => {
  test('is the same for two processes that see the same machine', () => {
    const parts = ['a', 'boot', 'pid:[1]']
    expect(hostOf('linux', parts)).toBe(hostOf('linux', parts))
    expect(hostOf('darwin', ['a', '', ''])).toBe(hostOf('darwin', ['a', '', '']))
  })

  test.each([
    ['linux', ['', 'boot', 'pid:[1]']],
    ['linux', ['a', '', 'pid:[1]']],
    ['linux', ['a', 'boot', '']],
    ['darwin', ['', '', '']],
  ])('differs each time on %s where a part of %j is hidden', (platform, parts) => {
    expect(hostOf(platform, parts)).not.toBe(hostOf(platform, parts))
  })
})
