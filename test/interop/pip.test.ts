import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Updater } from '../../src/index.js'
import type { Proxy } from '../../src/pypi/proxy/proxy.js'
import { IndexRepository, type LayoutName } from '../pypi/index-repository.js'
import { startAsking, type Asking } from '../pypi/proxy/asking.js'
import { makeWheel } from '../support/wheel.js'
import { findInstallers, install } from './installers.js'
import { expectRefused, swap, swapPage } from './tampering.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const layouts: LayoutName[] = ['pages', 'pages-and-files', 'rstuf']
const good = makeWheel({ name: 'demo_pkg', version: '1.0' })
const evil = makeWheel({ name: 'demo_pkg', version: '1.0', message: 'harm!' })
const long = makeWheel({ name: 'demo_pkg', version: '1.0', padding: 3_000_000 })
const longEvil = makeWheel({
  name: 'demo_pkg',
  version: '1.0',
  padding: 3_000_000,
  message: 'harm!',
})
const other = makeWheel({ name: 'other_pkg', version: '1.0', message: 'other' })
const dependent = makeWheel({ name: 'dependent', version: '2.0', requires: ['demo-pkg==1.0'] })

let running: Asking | undefined
afterEach(async () => {
  await running?.proxy.close(0)
  running = undefined
})

async function start(...given: Parameters<typeof startAsking>): Promise<Proxy> {
  running = await startAsking(...given)
  return running.proxy
}

function filled(layout: LayoutName = 'pages', wheel = good): IndexRepository {
  const index = new IndexRepository({ layout })
  const sha256 = createHash('sha256').update(wheel.metadata).digest('hex')
  const coreMetadata = new Map([['sha256', sha256]])
  const { url } = index.add(wheel.filename, wheel.bytes, { coreMetadata })
  index.served.set(`${url}.metadata`, wheel.metadata)
  index.add(other.filename, other.bytes)
  index.add(dependent.filename, dependent.bytes)
  index.publish()
  return index
}

const installers = findInstallers()
const there = installers.length === 0 ? describe.skip : describe
// A table without any row is an error.
there.each(installers.length === 0 ? [{ name: 'nothing', command: [] }] : installers)(
  '$name',
  (installer) => {
    test.each(layouts)('installs the files of the layout %s, with dependencies', async (layout) => {
      const proxy = await start(filled(layout))
      const { status, output, message } = await install(installer, proxy, 'dependent')
      expect([status, message, output]).toEqual([0, 'hello', expect.any(String)])
      expect(running?.refusals).toEqual([])
    })

    test.each(layouts)('does not install a swapped wheel, %s', async (layout) => {
      const index = filled(layout)
      const proxy = await start(index)
      swap(index, good.filename, evil.bytes)
      expectRefused(await install(installer, proxy, 'demo-pkg'), /ERR_TUF_HASH_MISMATCH/)
    })

    test('does not install a swapped wheel of which the beginning was sent', async () => {
      const index = filled('pages', long)
      const proxy = await start(index)
      swap(index, long.filename, longEvil.bytes)
      const installed = await install(installer, proxy, 'demo-pkg')
      // pip before 25 compares the hash of the downloaded file, and does not ask again.
      expectRefused(installed, /ERR_TUF_HASH_MISMATCH|DO NOT MATCH THE HASHES/)
    })

    test('does not install a swapped wheel of unknown length', async () => {
      const index = new IndexRepository({ layout: 'pages', form: 'html' })
      index.add(long.filename, long.bytes)
      index.publish()
      const proxy = await start(index)
      swap(index, long.filename, longEvil.bytes)
      const installed = await install(installer, proxy, 'demo-pkg')
      expect([installed.status === 0, installed.message]).toEqual([false, undefined])
    })

    test('does not install from a swapped page', async () => {
      const index = filled()
      const proxy = await start(index)
      swapPage(index, 'demo-pkg', (text) => text.replaceAll('demo_pkg-1.0', 'demo_pkg-9.0'))
      expectRefused(await install(installer, proxy, 'demo-pkg'), /ERR_TUF_HASH_MISMATCH/)
    })

    test('does not install from a page with the hash of a swapped wheel', async () => {
      const index = filled()
      const proxy = await start(index)
      const [before, after] = [good, evil].map(({ bytes }) =>
        createHash('sha256').update(bytes).digest('hex'),
      )
      swap(index, good.filename, evil.bytes)
      swapPage(index, 'demo-pkg', (text) => text.replaceAll(before!, after!))
      expectRefused(await install(installer, proxy, 'demo-pkg'), /ERR_TUF_HASH_MISMATCH/)
    })

    test('shows that the repository became silent', async () => {
      const index = filled()
      const fetcher = index.fetcher()
      let silent = false
      const updater = new Updater({
        metadataUrl: 'https://repository.test/metadata/',
        targetsUrl: 'https://repository.test/targets/',
        root: index.repo.root(),
        store: index.store,
        now: () => index.repo.now,
        limits: { rateWindow: 2_000 },
        fetcher: {
          fetch: (request) => (silent ? new Promise(() => undefined) : fetcher.fetch(request)),
        },
      })
      const proxy = await start(index, { updater })
      silent = true
      expectRefused(await install(installer, proxy, 'demo-pkg'), /no answer for 2 seconds/)
      expect(running?.refusals.map(({ status }) => status)).toEqual([504])
    })

    test('does not install from an outdated page', async () => {
      const index = filled()
      const old = index.repo.fileNames('target').find((name) => name.endsWith('demo-pkg'))!
      const before = index.repo.file(old, 'target')
      const newer = makeWheel({ name: 'demo_pkg', version: '1.1' })
      index.add(newer.filename, newer.bytes)
      index.publish()
      const proxy = await start(index)
      swapPage(index, 'demo-pkg', () => before)
      expectRefused(await install(installer, proxy, 'demo-pkg'), /ERR_TUF_(LENGTH|HASH)_MISMATCH/)
    })

    test('does not install from a repository that went back', async () => {
      const index = filled()
      index.repo.advance(0.1)
      index.publish()
      const proxy = await start(index, { interval: 0 })
      index.repo.attack.rollbackTimestamp()
      expectRefused(await install(installer, proxy, 'demo-pkg'), /ERR_TUF_ROLLBACK/)
    })

    test('does not install from a frozen repository', async () => {
      const index = filled()
      const proxy = await start(index, { interval: 0 })
      index.repo.attack.indefiniteFreeze()
      index.repo.advance(3)
      expectRefused(
        await install(installer, proxy, 'demo-pkg'),
        /timestamp: expired .*ERR_TUF_EXPIRED/,
      )
    })

    test.each(['pages-and-files', 'rstuf'] as const)(
      'does not install a file that is on the page only, %s',
      async (layout) => {
        const index = new IndexRepository({ layout })
        index.add(good.filename, good.bytes, { covered: false })
        index.publish()
        const proxy = await start(index)
        expectRefused(await install(installer, proxy, 'demo-pkg'), /not yet a target/)
      },
    )

    test.each(layouts)(
      "does not install another project's wheel under the name, %s",
      async (layout) => {
        const index = filled(layout)
        const proxy = await start(index)
        swap(index, good.filename, other.bytes)
        expectRefused(
          await install(installer, proxy, 'demo-pkg'),
          /ERR_TUF_(LENGTH|HASH|FETCH_TOO_LONG).*/,
        )
      },
    )

    test('does not install a project that the repository does not list', async () => {
      const proxy = await start(filled())
      const installed = await install(installer, proxy, 'numpy')
      expect(installed.status).not.toBe(0)
      expect(running?.refusals).toMatchObject([{ asked: '/simple/numpy/', status: 404 }])
    })

    test('asks no other host, whatever its settings name', async () => {
      const asked: string[] = []
      const trap = createServer((request, response) => {
        asked.push(request.url ?? '')
        response.end()
      })
      await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
      const address = trap.address()
      const url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/simple/`
      const home = temporaryFolder('home')
      const before = { ...process.env }
      try {
        for (const name of ['pip', 'uv'])
          await mkdir(join(home, '.config', name), { recursive: true })
        const pipConf = `[global]\nextra-index-url = ${url}\nfind-links = ${url}\n`
        await writeFile(join(home, '.config/pip/pip.conf'), pipConf)
        const uvToml = `extra-index-url = ["${url}"]\nfind-links = ["${url}"]\n`
        await writeFile(join(home, '.config/uv/uv.toml'), uvToml)
        Object.assign(process.env, {
          HOME: home,
          XDG_CONFIG_HOME: join(home, '.config'),
          PIP_CONFIG_FILE: join(home, '.config/pip/pip.conf'),
          PIP_INDEX_URL: url,
          PIP_EXTRA_INDEX_URL: url,
          PIP_FIND_LINKS: url,
          UV_CONFIG_FILE: join(home, '.config/uv/uv.toml'),
          UV_INDEX: url,
          UV_DEFAULT_INDEX: url,
          UV_EXTRA_INDEX_URL: url,
          UV_FIND_LINKS: url,
        })
        const proxy = await start(filled())
        const { status, message } = await install(installer, proxy, 'dependent')
        expect([status, message, asked]).toEqual([0, 'hello', []])
      } finally {
        process.env = before
        trap.close()
      }
    })

    test('cannot reach another host', async () => {
      const proxy = await start(filled())
      const url = 'https://files.example.com/demo_pkg-1.0-py3-none-any.whl'
      const installed = await install(installer, proxy, `demo-pkg @ ${url}`)
      expectRefused(installed, /./)
      expect(running?.refusals.map(({ asked }) => asked)).toContain('files.example.com:443')
    })
  },
)
