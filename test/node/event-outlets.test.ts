/** Events as channels and as lines, and observers that fail. */
import { execFile } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from '@jest/globals'
import { eventChannels, nodeEventOutlets } from '../../src/node/event-outlets.js'
import type { UpdaterEvent } from '../../src/index.js'
import { FetchFailedError } from '../../src/errors.js'
import type { PublishedEvent } from '../../src/node/index.js'
import { clientOf } from '../support/client.js'
import { publishedWith } from '../support/published.js'
import { closeAll, optionsFor, workerUpdater } from '../support/worker-updater.js'

const listening: (() => void)[] = []

afterEach(() => {
  for (const stop of listening.splice(0)) stop()
  return closeAll()
})

function listen(name: string, listener: (message: PublishedEvent) => void): void {
  const take = (message: unknown): void => listener(message as PublishedEvent)
  subscribe(name, take)
  listening.push(() => void unsubscribe(name, take))
}

/** The messages of all channels, in order. */
function allMessages(): PublishedEvent[] {
  const messages: PublishedEvent[] = []
  for (const name of eventChannels) {
    listen(name, (message) => {
      expect(name).toBe(`tuffet:${message.type}`)
      messages.push(message)
    })
  }
  return messages
}

describe('channels of node:diagnostics_channel', () => {
  test('carry every event that the listener is told, with the metadata URL', async () => {
    const messages = allMessages()
    const { updater, events, fetcher } = clientOf(publishedWith({ 'a.txt': 'hello' }))
    const view = await updater.refresh()
    await view.find('a.txt')
    await updater.refresh()
    const { metadataUrl } = fetcher
    expect(events.length).toBeGreaterThan(15)
    expect(messages).toEqual(events.map((event) => ({ ...event, metadataUrl })))
  })

  test('cost no copy and no text while nobody listens', () => {
    let reads = 0
    const event: UpdaterEvent = {
      type: 'request',
      get url() {
        reads += 1
        return 'https://a.test/'
      },
    }
    nodeEventOutlets.publish(event, 'https://a.test/')
    nodeEventOutlets.print(event)
    expect([reads, nodeEventOutlets.isWanted()]).toEqual([0, false])
    listen('tuffet:request', () => undefined)
    nodeEventOutlets.publish(event, 'https://a.test/')
    expect([reads, nodeEventOutlets.isWanted()]).toEqual([1, true])
  })

  test('a subscriber that changes its message changes no other', async () => {
    listen('tuffet:request', (message) => Object.assign(message, { url: 'changed' }))
    const { updater, events } = clientOf(publishedWith({ 'a.txt': 'hello' }))
    await updater.refresh()
    const urls = events.flatMap((event) => (event.type === 'request' ? [event.url] : []))
    expect(urls.length).toBeGreaterThan(3)
    expect(urls).not.toContain('changed')
  })

  test('events of a thread are published where the updater was made', async () => {
    const repo = publishedWith({ 'a.txt': 'hello' })
    const updater = workerUpdater(repo)
    await updater.refresh()
    const messages = allMessages()
    await (await updater.refresh()).find('a.txt')
    expect(messages.map(({ type }) => type)).toContain('decision')
    expect(messages.every((one) => one.metadataUrl === optionsFor(repo).metadataUrl)).toBe(true)
  })

  test('events of a thread are not sent until a refresh that finds subscribers', async () => {
    const updater = workerUpdater(publishedWith({ 'a.txt': 'hello' }))
    const view = await updater.refresh()
    const messages = allMessages()
    await view.find('a.txt')
    expect(messages).toEqual([])
    await updater.refresh()
    expect(messages.length).toBeGreaterThan(3)
  })

  test('are the ones that the guide names', () => {
    const named = readFileSync('docs/guides/first-steps.md', 'utf8').match(
      /(?<=`)tuffet:[a-z-]+(?=`)/g,
    )
    expect([...new Set(named)].sort()).toEqual([...eventChannels].sort())
  })
})

describe('secrets', () => {
  test('in the URL of a target are masked in events and errors', async () => {
    const url = 'https://user:hunter2@files.test/a.txt?X-Amz-Signature=hunter2&sig=hunter2&part=1'
    const repo = publishedWith({ 'a.txt': 'hello' })
    const bare = repo.fetcher()
    const answer = bare.fetch.bind(bare)
    const fetcher = Object.assign(bare, {
      fetch: (request: Parameters<typeof answer>[0]) =>
        request.kind === 'target'
          ? Promise.reject(new FetchFailedError(request.url, 'status 503', { status: 503 }))
          : answer(request),
    })
    const messages = allMessages()
    const { updater, events } = clientOf(repo, { fetcher, retries: 1 })
    const view = await updater.refresh()
    const error: unknown = await view.read('a.txt', { url }).catch((thrown: unknown) => thrown)
    expect(events.map(({ type }) => type)).toContain('retry')
    const shown = JSON.stringify([messages, events, error, String(error)], (_, value: unknown) =>
      value instanceof Error ? [value.message, Object.entries(value)] : value,
    )
    expect(shown).toContain('part=1')
    expect(shown).not.toContain('hunter2')
  })
})

const run = promisify(execFile)
const program = fileURLToPath(new URL('../support/observed-process.ts', import.meta.url))

/** Ends with status 0, or rejects. */
function observed(
  words: readonly string[],
  debug = '',
): Promise<{ stdout: string; stderr: string }> {
  const args = ['--import', import.meta.resolve('tsx'), program, ...words]
  return run(process.execPath, args, {
    env: { ...process.env, NODE_DEBUG: debug, TSX_TSCONFIG_PATH: 'tsconfig/test.json' },
  })
}

describe.each([[[]], [['worker']]])('a process, %j', (where) => {
  test('prints nothing by itself', async () => {
    expect(await observed(where)).toEqual({ stdout: 'done, 5 bytes\n', stderr: '' })
  })

  test('with NODE_DEBUG=tuffet prints each event once, as a line, without control characters', async () => {
    const { stdout, stderr } = await observed(where, 'tuffet')
    expect(stdout).toBe('done, 5 bytes\n')
    const lines = stderr.trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/^TUFFET \d+: [\x20-\x7e]+$/)
    const texts = lines.map((line) => line.replace(/^TUFFET \d+: /, ''))
    expect(texts.filter((text) => text.endsWith('/timestamp.json'))).toHaveLength(1)
    expect(texts).toContainEqual(expect.stringMatching(/^timestamp 1 is trusted \(network\)/))
    expect(stderr).toContain('team\\u001b[2J 1 is trusted')
  })

  test.each(['throw', 'reject'])('goes on when its listener does %s', async (how) => {
    const { stdout, stderr } = await observed([...where, how])
    expect(stdout).toBe('done, 5 bytes\n')
    expect(stderr).toMatch(/Warning: onEvent threw\nError: a listener failed\n {4}at /)
  })
})

test('a subscriber that throws is an uncaughtException of Node, and the cycle ends well', async () => {
  const { stdout } = await observed(['subscriber'])
  expect(stdout).toBe('uncaught: a subscriber failed\ndone, 5 bytes\n')
})
