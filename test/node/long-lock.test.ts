import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Clock } from '../../src/client/clock.js'
import type { Lock } from '../../src/node/lock.js'
import { takeLongLock } from '../../src/node/long-lock.js'
import { ownIdentity } from '../../src/node/process-identity.js'
import { manualClock } from '../support/manual-clock.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
let path: string
beforeEach(() => {
  folder = temporaryFolder('long-lock')
  path = join(folder, '.+lock')
})

const taken: Lock[] = []
afterEach(() => {
  for (const lock of taken.splice(0)) lock.release()
})

function take(clock?: Clock): Lock | undefined {
  const lock = takeLongLock(path, clock)
  if (lock) taken.push(lock)
  return lock
}

/** As another process left it. */
function leave(holder: object, minutesAgo = 0): void {
  writeFileSync(path, JSON.stringify({ ...ownIdentity(), token: 'x', ...holder }))
  const then = Date.now() / 1_000 - 60 * minutesAgo
  utimesSync(path, then, then)
}

describe('a lock for long work', () => {
  test('is held by one, and free again after it', () => {
    const lock = take()
    expect(lock?.isHeld()).toBe(true)
    expect(take()).toBeUndefined()
    lock?.release()
    expect(take()?.isHeld()).toBe(true)
  })

  test('of a process that died is taken at once', () => {
    leave({ pid: 2 ** 22 + 1, start: 1 })
    expect(take()?.isHeld()).toBe(true)
  })

  test('of a living process is never taken, however old it is', () => {
    leave({}, 600)
    expect(take()).toBeUndefined()
  })

  test.each([
    [4, false],
    [6, true],
  ])('of another machine that was not touched for %d minutes is taken: %p', (minutes, isTaken) => {
    leave({ host: 'elsewhere' }, minutes)
    expect(take()?.isHeld() ?? false).toBe(isTaken)
  })

  test('with another text counts by its age too', () => {
    writeFileSync(path, 'not a lock')
    expect(take()).toBeUndefined()
    utimesSync(path, 0, 0)
    expect(take()?.isHeld()).toBe(true)
  })

  test('does not stop at a folder in its place', () => {
    mkdirSync(path)
    expect(take()?.isHeld()).toBe(true)
  })

  test('is touched while it is held, and no more after it', async () => {
    const clock = manualClock()
    const lock = take(clock)
    utimesSync(path, 0, 0)
    await clock.pass(20_000)
    expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(60_000)
    lock?.release()
    await clock.pass(60_000)
    expect(readdirSync(folder)).toEqual([])
  })

  test('that another process took over is not touched, and not removed', async () => {
    const clock = manualClock()
    const lock = take(clock)
    leave({ host: 'elsewhere' }, 600)
    const text = readFileSync(path, 'utf8')
    await clock.pass(20_000)
    expect(lock?.isHeld()).toBe(false)
    lock?.release()
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(Date.now() - statSync(path).mtimeMs).toBeGreaterThan(60_000)
  })
})
