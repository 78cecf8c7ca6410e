/** Each refusal says where its bytes came from, and gives the advice that fits that place. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Fetcher, FetchResponse } from '../../src/client/fetcher.js'
import { connectionHint } from '../../src/cli/connection-hint.js'
import { errorLine, reportOf } from '../../src/cli/report.js'
import { withPath } from '../../src/cli/system-words.js'
import { FetchFailedError, FetchNotFoundError, FetchTooSlowError } from '../../src/errors.js'
import { nodeFetcher } from '../../src/node/index.js'
import { createRepository } from '../../src/testing/index.js'
import { startLoopback } from '../support/loopback.js'
import { openDesk, type Desk } from './desk.js'
import { openPypiDesk } from './pypi-desk.js'

let desk: Desk

/** The standard error of the runs of one test. */
let said: string[]

beforeEach(async () => {
  const open = await openDesk()
  said = []
  desk = {
    ...open,
    async run(args, world) {
      const outcome = await open.run(args, world)
      said.push(outcome.stderr)
      return outcome
    },
  }
})

afterEach(async () => {
  await desk.clear()
  for (const text of said) expect(repeatedIn(text)).toEqual([])
})

/** The parts of a message that it says twice. */
function repeatedIn(message: string): string[] {
  const parts = message.split(/[:.;,(] ?/).filter((part) => part.length > 12)
  return parts.filter((part, index) => parts.indexOf(part) < index)
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The fetcher of the desk, where files of this name are answered with a status of "not there". */
function without(pattern: RegExp, status: number): Fetcher {
  return {
    fetch(request) {
      if (pattern.test(request.url)) throw new FetchNotFoundError(request.url, status)
      return desk.fetcher.fetch(request)
    },
  }
}

describe('the end of the root chain', () => {
  test.each([403, 404])('a root too old, after status %d: get a newer one', async (status) => {
    // The keys of timestamp change by a root that the server does not give out.
    desk.repository.rotate('timestamp')
    const { stderr } = await desk.run(['refresh'], { fetcher: without(/\d\.root\.json$/, status) })
    expect(stderr).toContain('ERR_TUF_THRESHOLD_NOT_MET')
    expect(stderr).toMatch(/the root you start from may be too old: get a newer one/i)
    expect(stderr).toContain(`2.root.json was answered with status ${status}`)
  })

  test.each([403, 404])('an expired timestamp after status %d names it', async (status) => {
    desk.repository.expire('timestamp')
    const { stderr } = await desk.run(['refresh'], { fetcher: without(/\d\.root\.json$/, status) })
    expect(stderr).toContain('ERR_TUF_EXPIRED')
    expect(stderr).toContain(`2.root.json was answered with status ${status}`)
    expect(stderr).not.toContain('too old')
  })
})

test('roots that the store lost and a mirror withholds are named; reset forgets them', async () => {
  for (const role of ['root', 'root']) desk.repository.rotate(role)
  expect((await desk.run(['refresh'])).status).toBe(0)
  await rm(join(desk.folder, 'store/root_history/2.root.json'))
  const mirror = { fetcher: without(/\/2\.root\.json$/, 404) }
  const { status, stderr } = await desk.run(['refresh'], mirror)
  expect(status).toBe(1)
  expect(stderr).toMatch(/root\.json .*version 1, version 3 was trusted before/)
  expect(stderr).toMatch(/the server withholds roots that the store lost/i)
  expect(stderr).toContain('2.root.json was answered with status 404')
  expect((await desk.run(['reset'])).status).toBe(0)
  expect((await desk.run(['refresh'], mirror)).status).toBe(0)
})

describe('a file of this machine', () => {
  test('a damaged --root is named, and no URL', async () => {
    const file = join(desk.folder, 'damaged.json')
    const text = await readFile(join(desk.folder, 'root.json'), 'utf8')
    await writeFile(file, text.replace('"version":1', '"version":7'))
    const { status, stderr } = await desk.run(['refresh', '--root', 'damaged.json'])
    expect(status).toBe(1)
    expect(stderr).toContain(`${file} is damaged, or not a root`)
    expect(stderr).not.toContain('https://')
  })

  test.each([
    ['serve', ['--port', '0']],
    ['run', ['--', 'pip', 'install', 'demo-pkg']],
  ])('a damaged --root of pypi %s is named, and no URL', async (command, args) => {
    const pypi = await openPypiDesk()
    try {
      const file = join(pypi.folder, 'damaged.json')
      const text = await readFile(join(pypi.folder, 'root.json'), 'utf8')
      await writeFile(file, text.replace('"version":1', '"version":7'))
      const root = ['--root', 'damaged.json', '--config', 'tuffet.json']
      const { status, stderr } = await pypi.run(['pypi', command, ...root, ...args])
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining(`${file} is damaged, or not a root`),
      ])
      expect(stderr).not.toContain('https://')
    } finally {
      await pypi.clear()
    }
  })

  test('a damaged file for init is named', async () => {
    const file = join(desk.folder, 'cut.json')
    await writeFile(file, '{"signed": ')
    const { status, stderr } = await desk.run(['init', 'cut.json'])
    expect(status).toBe(1)
    expect(stderr).toContain(`from ${file}`)
    expect(stderr).toContain(`${file} is damaged, or not a root`)
  })

  test('a damaged anchor is named, and init accepts the right root over it', async () => {
    const settings = { metadataUrl: desk.fetcher.metadataUrl, store: 'store' }
    await desk.run(['init'])
    await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify(settings))
    await writeFile(join(desk.folder, 'store/anchor/root.json'), '{')
    const { stderr } = await desk.run(['refresh'])
    expect(stderr).toContain('from anchor/root.json in the store')
    expect(stderr).toMatch(/run tuffet init with the right root/)
    expect(stderr).not.toContain('https://')
    expect(await desk.run(['init', 'root.json'])).toMatchObject({ status: 0 })
    expect(await desk.run(['refresh'])).toMatchObject({ status: 0 })
  })

  test('the root of another repository does not replace a sound anchor', async () => {
    await desk.run(['init'])
    const other = createRepository({ seed: 'other' })
    other.publish()
    await writeFile(join(desk.folder, 'other.json'), other.root())
    expect((await desk.run(['init', '--root', 'other.json'])).status).toBe(1)
  })

  test('an offline cycle blames the store, and asks for a refresh', async () => {
    await desk.run(['refresh'])
    await writeFile(join(desk.folder, 'store/targets.json'), '{')
    const { stderr } = await desk.run(['refresh', '--offline'])
    expect(stderr).toContain('from targets.json in the store')
    expect(stderr).toMatch(/run tuffet refresh/)
  })

  test('an offline cycle past the expiry names --now', async () => {
    await desk.run(['refresh'])
    desk.repository.advance(400)
    const { stderr } = await desk.run(['refresh', '--offline'])
    expect(stderr).toContain('ERR_TUF_EXPIRED')
    expect(stderr).toContain('--now')
  })

  test.each([
    [['verify', 'pkgs/a.whl', 'none.whl'], 'none.whl'],
    [['refresh', '--config', 'none.json'], 'none.json'],
    [['inspect', 'none.json'], 'none.json'],
    [['pypi', 'check', 'none.txt'], 'none.txt'],
  ])('a missing file is reported in plain words: %j', async (args, name) => {
    const { status, stderr } = await desk.run(args)
    expect(status).toBe(1)
    expect(stderr).toBe(
      `tuffet: ${join(desk.folder, name)}: the file or folder does not exist (ENOENT)\n`,
    )
  })
})

describe('a redirect', () => {
  /** The fetcher of the desk, led elsewhere for files of this name. */
  function led(pattern: RegExp, answer: () => Promise<FetchResponse>): Fetcher {
    return {
      fetch: (request) => (pattern.test(request.url) ? answer() : desk.fetcher.fetch(request)),
    }
  }

  const portal = 'https://portal.example/sign-in'

  test('to a sign-in page is named beside the URL that was asked', async () => {
    const page = { offset: 0, url: `${portal}?next=tuf` }
    const fetcher = led(/timestamp/, () =>
      Promise.resolve({ ...page, body: once(bytes('<html>')) }),
    )
    const { stderr } = await desk.run(['refresh'], { fetcher })
    expect(stderr).toMatch(
      /from https:\S+\/timestamp\.json.*; redirected to https:\/\/portal\.example\/sign-in\. The answer is a web page/,
    )
  })

  test('to a server that has no newer root is named where the root is too old', async () => {
    desk.repository.rotate('timestamp')
    const fetcher = led(/\d\.root\.json$/, () => {
      const error = new FetchNotFoundError('https://tuf.example/2.root.json', 403)
      error.origin = { from: 'network', url: error.url, redirectedTo: portal }
      throw error
    })
    const { stderr } = await desk.run(['refresh'], { fetcher })
    expect(stderr).toContain(`answered with status 403 after a redirect to ${portal}`)
  })

  test('of a target file to other bytes is named, and advises against the file', async () => {
    const fetcher = led(/a\.whl$/, () =>
      Promise.resolve({ offset: 0, url: portal, body: once(bytes('<html')) }),
    )
    const { status, stderr } = await desk.run(['download', 'pkgs/a.whl'], { fetcher })
    expect([status, stderr]).toEqual([1, expect.stringContaining(`; redirected to ${portal}.`)])
    expect(stderr).toMatch(/do not use the file/i)
    expect(stderr).not.toContain('being published')
  })
})

describe('a limit of this client', () => {
  test('is reported by its name, and --limit raises it', async () => {
    const small = ['refresh', '--limit', 'timestampLength=100']
    const { stderr } = await desk.run(small)
    expect(stderr).toContain('a limit of this client')
    expect(stderr).toContain('--limit timestampLength=NUMBER')
    expect(await desk.run(['refresh', '--limit', 'timestampLength=64000'])).toMatchObject({
      status: 0,
    })
  })

  test('is a setting too', async () => {
    const file = join(desk.folder, 'tuffet.json')
    const settings = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...settings, limits: { snapshotLength: 10 } }))
    expect((await desk.run(['refresh'])).stderr).toContain('--limit snapshotLength=NUMBER')
    await writeFile(file, JSON.stringify({ ...settings, limits: { snapshotLenght: 10 } }))
    const { status, stderr } = await desk.run(['refresh'])
    expect(status).toBe(2)
    expect(stderr).toContain('snapshotLenght')
  })

  test.each(['snapshotLength', 'snapshotLength=ten', 'none=1', 'minimumRate=-1'])(
    '--limit %s is wrong usage',
    async (text) => {
      expect((await desk.run(['refresh', '--limit', text])).status).toBe(2)
    },
  )
})

describe('the repository', () => {
  test.each(['snapshot', 'targets'])('a half-published %s is reported as such', async (role) => {
    desk.repository.publish()
    const name = new RegExp(`/\\d+\\.${role}\\.json$`)
    const old = desk.repository.file(`1.${role}.json`)
    const fetcher: Fetcher = {
      async fetch(request) {
        const answer = await desk.fetcher.fetch(request)
        if (!name.test(request.url)) return answer
        return { offset: 0, body: once(old) }
      },
    }
    desk.repository.publish('snapshot', 'targets')
    const { status, stderr } = await desk.run(['refresh'], { fetcher })
    expect(status).toBe(1)
    expect(stderr).toMatch(/is being published or mirrored; try again in a minute/)
  })

  test.each(['<!DOCTYPE html><html>', '\ufeff \n<html>'])(
    'a web page in place of metadata is recognised: %j',
    async (page) => {
      desk.repository.serve('timestamp.json', bytes(page))
      const { stderr } = await desk.run(['refresh'])
      expect(stderr).toMatch(/the answer is a web page, not metadata: a sign-in page/i)
    },
  )

  test('other bytes in place of metadata are not called a web page', async () => {
    desk.repository.serve('timestamp.json', bytes('{'))
    expect((await desk.run(['refresh'])).stderr).not.toContain('web page')
  })
})

test('a message repeats no part', async () => {
  desk.repository.serve('timestamp.json', bytes('<html>'))
  for (const args of [['verify', 'pkgs/a.whl', 'none.whl'], ['refresh']]) await desk.run(args)
  expect(said.map(repeatedIn)).toEqual([[], []])
  const twice = 'tuffet: the file is gone; try again: the file is gone'
  expect(repeatedIn(twice)).toEqual(['the file is gone'])
})

test('a full disk under a target is reported in plain words, with the path', () => {
  const full = new Error('ENOSPC: no space left on device, write')
  const error = withPath(Object.assign(full, { code: 'ENOSPC', syscall: 'write' }), '/srv/a.whl')
  expect(errorLine(reportOf(error))).toBe('/srv/a.whl: no space is left on the disk (ENOSPC)')
})

test('a missing folder for a download is named, not a temporary file in it', async () => {
  const { status, stderr } = await desk.run(['download', 'pkgs/a.whl', '--output', 'none/a.whl'])
  const path = join(desk.folder, 'none', 'a.whl')
  const advice = 'tuffet download --folder DIR makes one.'
  expect([status, stderr]).toEqual([
    1,
    `tuffet: cannot write ${path}: its folder does not exist (ENOENT). ` +
      `Name a file in an existing folder; ${advice} [ERR_TUF_DESTINATION]\n`,
  ])
  expect(desk.fetcher.requests).toEqual([])
})

describe('a connection', () => {
  const failed = (cause: object): string => {
    const error = new FetchFailedError('https://tuf.example/timestamp.json', 'the request failed', {
      cause: Object.assign(new Error('the cause'), cause),
    })
    return errorLine(reportOf(error))
  }

  test.each(['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
    'to a server with a private authority names the variables: %s',
    (code) => {
      expect(failed({ code })).toMatch(/NODE_EXTRA_CA_CERTS or SSL_CERT_FILE/)
    },
  )

  test('by https to an http port is reported as such, without the words of OpenSSL', async () => {
    const server = await startLoopback((_request, response) => response.end())
    const { signal } = new AbortController()
    const url = server.url.replace('http:', 'https:')
    try {
      const error: unknown = await nodeFetcher({ proxy: 'none' })
        .fetch({ url, kind: 'metadata', signal })
        .catch((one: unknown) => one)
      const line = errorLine(reportOf(error))
      expect(line).toMatch(
        /: the request failed: [a-z ]+\. The server does not speak https on this port/,
      )
    } finally {
      await server.close()
    }
  })

  test('by a proxy that stays silent names its variable beside the server', () => {
    const silent = new FetchTooSlowError('http://tuf.example/', 1024, 30_000)
    const hint = connectionHint(silent, { http_proxy: 'proxy.example:3128' })
    expect(hint).toMatch(/^the proxy that http_proxy names, or the server behind it, takes/)
    expect(connectionHint(silent, {})).toMatch(/^the server takes/)
  })

  test('that fails behind a proxy names its variable', () => {
    const error = new FetchFailedError('http://tuf.example/', 'the request failed')
    error.origin = { from: 'proxy', url: 'http://tuf.example/', variable: 'HTTP_PROXY' }
    expect(errorLine(reportOf(error))).toMatch(/Check the proxy that HTTP_PROXY names/)
  })

  test('that stays silent is "no answer", and one that trickles is slow', () => {
    const silent = new FetchTooSlowError('http://tuf.example/', 1024, 30_000)
    expect(errorLine(reportOf(silent))).toMatch(/no answer for 30 seconds\. The server takes/)
    const slow = new FetchTooSlowError('http://tuf.example/', 1024)
    expect(errorLine(reportOf(slow))).toMatch(/slower than 1024 bytes a second/)
  })
})

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(chunk)
}
