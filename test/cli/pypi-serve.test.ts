import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { once } from 'node:events'
import type { Fetcher } from '../../src/index.js'
import type { Desk } from './desk.js'
import { openPypiDesk, wheel } from './pypi-desk.js'
import { freePort } from '../support/listen.js'

let desk: Desk
beforeEach(async () => {
  desk = await openPypiDesk()
})
afterEach(() => desk.clear())

async function untilItAnswers(url: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

describe('tuffet pypi serve', () => {
  test('serves until an interrupt, and reports each refusal', async () => {
    const port = await freePort()
    const interruption = new AbortController()
    const args = ['pypi', 'serve', '--port', `${port}`, '--interval', '0']
    const running = desk.run(args, { signal: interruption.signal })
    const page = await untilItAnswers(`http://127.0.0.1:${port}/simple/demo-pkg/`)
    expect([page.status, (await page.text()).includes(wheel)]).toEqual([200, true])
    const file = await fetch(`http://localhost:${port}/files/demo-pkg/${wheel}`).catch(() =>
      fetch(`http://127.0.0.1:${port}/files/demo-pkg/${wheel}`),
    )
    expect(await file.text()).toBe('a wheel')
    desk.repository.attack.indefiniteFreeze()
    desk.repository.advance(400)
    const refused = await fetch(`http://127.0.0.1:${port}/simple/demo-pkg/`)
    expect(refused.status).toBe(403)
    interruption.abort()
    const { stdout, stderr } = await running
    expect(stdout).toBe(`http://127.0.0.1:${port}/simple/\n`)
    expect(stderr).toMatch(/^tuffet: refused \/simple\/demo-pkg\/: .*\[ERR_TUF_EXPIRED\]\n$/)
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
  })

  test('puts a token into its URL when an option asks', async () => {
    const port = await freePort()
    const interruption = new AbortController()
    const args = ['pypi', 'serve', '--port', `${port}`, '--token']
    const running = desk.run(args, { signal: interruption.signal })
    const refused = await untilItAnswers(`http://127.0.0.1:${port}/simple/demo-pkg/`)
    expect(refused.status).toBe(404)
    interruption.abort()
    const { stdout, stderr } = await running
    expect(stdout).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/[\\w-]{32}/simple/\n$`))
    expect(stderr).toBe('')
  })

  test.each([
    [['--port', '65536'], '--port must be a whole number up to 65535'],
    [['--port', 'x'], '--port must be a whole number up to 65535'],
    [
      ['--interval', '-1'],
      '--interval needs SECONDS; one that begins with - is written --interval=-1',
    ],
    [['--spool-bytes', '1e9'], '--spool-bytes must be a whole number up to 1000000000000000'],
    [['--unsized-bytes', '2 GB'], '--unsized-bytes must be a whole number up to 1000000000000000'],
    [['--interval', '1.5'], '--interval must be a whole number up to 2000000'],
    [
      ['--listen', '0.0.0.0'],
      '0.0.0.0 is not loopback: others would reach the proxy; --allow-remote lets them',
    ],
  ])('%j is wrong usage', async (args, message) => {
    const { status, stderr } = await desk.run(['pypi', 'serve', ...args])
    expect([status, stderr]).toEqual([2, `tuffet: ${message}\n`])
  })
})

describe.each([
  ['serve', []],
  ['run', ['--', 'pip', 'install', 'demo-pkg']],
])('tuffet pypi %s with a silent repository', (command, words) => {
  test.each([
    [[], 10],
    [['--limit', 'rateWindow=2000'], 2],
    [['--limit', 'rateWindow=40000'], 40],
  ])('ends before the installer does, or as %j says', async (options, seconds) => {
    const asked = new AbortController()
    const fetcher: Fetcher = {
      fetch: () => {
        asked.abort()
        return new Promise(() => undefined)
      },
    }
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date'] })
    try {
      let ended = false
      const running = desk.run(['pypi', command, ...options, ...words], { fetcher })
      void running.finally(() => (ended = true))
      if (!asked.signal.aborted) await once(asked.signal, 'abort')
      await jest.advanceTimersByTimeAsync(seconds * 1_000 - 5)
      expect(ended).toBe(false)
      await jest.advanceTimersByTimeAsync(10)
      const { status, stderr } = await running
      expect(status).toBe(1)
      expect(stderr).toMatch(`no answer for ${seconds} seconds`)
    } finally {
      jest.useRealTimers()
    }
  })
})
