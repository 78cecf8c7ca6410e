import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { digestsOf, type IndexRepository, type LayoutName } from '../../pypi/index-repository.js'
import { startAsking, type Asking } from '../../pypi/proxy/asking.js'
import { findInstallers, install, type Installed } from '../installers.js'
import { expectRefused, pageName, swap, swapPage } from '../tampering.js'
import { findDistributions } from './distributions.js'
import { list, publish, realIndex } from './real-index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const found = findDistributions()
const distributions = 'reason' in found ? [] : found
const layouts: LayoutName[] = ['pages', 'pages-and-files', 'rstuf']

/** For tests of another matter; the number of bins does not change the installed files. */
const bins = 1_024

/** No user asks for six itself: python-dateutil requires it. */
const asked = 'python-dateutil==2.9.0.post0'
const dependency = 'six-1.17.0-py2.py3-none-any.whl'

let running: Asking | undefined
afterEach(async () => {
  await running?.proxy.close(0)
  running = undefined
})

async function start(...given: Parameters<typeof startAsking>): Promise<Asking> {
  running = await startAsking(...given)
  return running
}

function bytesOf(filename: string): Buffer {
  return distributions.find((one) => one.filename === filename)!.bytes
}

/** The same length, and another content. */
function changed(filename: string): Buffer {
  const bytes = Buffer.from(bytesOf(filename))
  bytes[bytes.length >> 1]! ^= 1
  return bytes
}

const installers = findInstallers()
const there = 'reason' in found || installers.length === 0 ? describe.skip : describe
// A table without any row is an error.
there.each(installers.length === 0 ? [{ name: 'nothing', command: [] }] : installers)(
  '$name, of real distributions',
  (installer) => {
    async function attempt(index: IndexRepository, interval?: number): Promise<Installed> {
      const { proxy } = await start(index, interval === undefined ? {} : { interval })
      return install(installer, proxy, asked)
    }

    describe.each(layouts)('in the layout %s', (layout) => {
      const index = (): IndexRepository => realIndex(distributions, { layout, bins })

      test('installs wheels and their dependencies, of names in any spelling', async () => {
        const { proxy, refusals } = await start(realIndex(distributions, { layout }))
        const names = [
          'Python_Dateutil',
          'jaraco.functools',
          'IMPORTLIB-metadata',
          'attrs',
          'pyjwt',
        ]
        const { status, releases, output } = await install(installer, proxy, ...names)
        expect([status, output]).toEqual([0, expect.any(String)])
        expect(releases.map((name) => name.toLowerCase())).toEqual([
          'pyjwt-2.8.0',
          'attrs-21.2.0',
          'importlib_metadata-7.1.0',
          'jaraco.functools-4.0.2',
          'more_itertools-10.5.0',
          'python_dateutil-2.9.0.post0',
          'six-1.17.0',
          'zipp-3.19.2',
        ])
        expect(refusals).toEqual([])
      })

      test('refuses a swapped wheel', async () => {
        const repository = index()
        swap(repository, dependency, changed(dependency))
        expectRefused(await attempt(repository), /ERR_TUF_HASH_MISMATCH/)
      })

      test('refuses a swapped page', async () => {
        const repository = index()
        const other = repository.repo.file(pageName(repository, 'attrs'), 'target')
        swapPage(repository, 'six', () => other)
        expectRefused(
          await attempt(repository),
          /ERR_TUF_(LENGTH|HASH)_MISMATCH|ERR_TUF_FETCH_TOO_LONG/,
        )
      })

      test('refuses a page with the hash of a swapped wheel', async () => {
        const repository = index()
        const evil = changed(dependency)
        swap(repository, dependency, evil)
        const [before, after] = [bytesOf(dependency), evil].map((bytes) => digestsOf(bytes).sha256)
        swapPage(repository, 'six', (text) => text.replaceAll(before!, after!))
        expectRefused(await attempt(repository), /ERR_TUF_HASH_MISMATCH/)
      })

      test('refuses the page from before a release', async () => {
        const older = distributions.filter(({ filename }) => filename !== dependency)
        const repository = realIndex(older, { layout, bins })
        const before = repository.repo.file(pageName(repository, 'six'), 'target')
        list(
          repository,
          distributions.find(({ filename }) => filename === dependency)!,
        )
        publish(repository)
        swapPage(repository, 'six', () => before)
        expectRefused(await attempt(repository), /ERR_TUF_LENGTH_MISMATCH/)
      })

      test('refuses a repository that went back', async () => {
        const repository = index()
        repository.repo.advance(0.1)
        publish(repository)
        await start(repository, { interval: 0 })
        repository.repo.attack.rollbackTimestamp()
        expectRefused(await install(installer, running!.proxy, asked), /ERR_TUF_ROLLBACK/)
      })

      test('refuses a repository whose timestamp stands still', async () => {
        const repository = index()
        await start(repository, { interval: 0 })
        repository.repo.attack.indefiniteFreeze()
        repository.repo.advance(3)
        const installed = await install(installer, running!.proxy, asked)
        expectRefused(installed, /timestamp: expired .*ERR_TUF_EXPIRED/)
      })

      test('refuses a page to which a file was added', async () => {
        const newest = distributions.find(({ filename }) => filename === dependency)!
        const repository = index()
        const more = index()
        list(more, { ...newest, filename: 'six-1.18.0-py2.py3-none-any.whl' })
        publish(more)
        const page = more.repo.file(pageName(more, 'six'), 'target')
        swapPage(repository, 'six', () => page)
        expectRefused(await attempt(repository), /ERR_TUF_FETCH_TOO_LONG|ERR_TUF_LENGTH_MISMATCH/)
      })

      test("refuses another project's wheel under the name", async () => {
        const repository = index()
        swap(repository, dependency, bytesOf('PyJWT-2.8.0-py3-none-any.whl'))
        expectRefused(
          await attempt(repository),
          /ERR_TUF_FETCH_TOO_LONG|ERR_TUF_(LENGTH|HASH)_MISMATCH/,
        )
      })

      test("installs no file from another project's page", async () => {
        const without = distributions.filter(({ filename }) => !filename.startsWith('six-'))
        const repository = realIndex(without, { layout, bins })
        list(
          repository,
          distributions.find(({ filename }) => filename.startsWith('PyJWT'))!,
          {
            page: 'six',
          },
        )
        publish(repository)
        expectRefused(await attempt(repository), /six/)
      })
    })

    test.each(['pages-and-files', 'rstuf'] as const)(
      'refuses a file that is on its page and not yet a target, %s',
      async (layout) => {
        const others = distributions.filter(({ filename }) => filename !== dependency)
        const repository = realIndex(others, { layout, bins })
        list(
          repository,
          distributions.find(({ filename }) => filename === dependency)!,
          {
            covered: false,
          },
        )
        publish(repository)
        expectRefused(await attempt(repository), /not yet a target/)
      },
    )

    test('refuses a page of 100 MB, also one that is signed', async () => {
      const index = realIndex(distributions, { layout: 'pages', bins })
      const spaces = new Uint8Array(100_000).fill(0x20)
      const longer = async function* (): AsyncGenerator<Uint8Array> {
        for (let part = 0; part < 1_000; part++) yield spaces
      }
      index.repo.serve(pageName(index, 'six'), longer, 'target')
      expectRefused(await attempt(index), /ERR_TUF_FETCH_TOO_LONG/)
      await running?.proxy.close(0)
      const hashes = { sha256: '00'.repeat(32) }
      index.repo.addTargetEntry(index.pagePath('six'), { length: 100_000_000, hashes })
      index.repo.publish()
      expectRefused(await attempt(index), /more than 64000000 .*ERR_TUF_PAGE_INVALID/)
    })

    test('builds a source distribution, and takes its build dependencies from the proxy too', async () => {
      const { proxy, refusals } = await start(realIndex(distributions, { layout: 'pages' }))
      const { status, releases } = await install(installer, proxy, 'tomli==2.0.1', 'idna')
      expect([status, releases]).toEqual([0, ['idna-3.7', 'tomli-2.0.1']])
      expect(refusals).toEqual([])
    })

    test('refuses a source distribution whose build would take a swapped wheel', async () => {
      const index = realIndex(distributions, { layout: 'pages' })
      const backend = 'flit_core-3.9.0-py3-none-any.whl'
      swap(index, backend, changed(backend))
      const { proxy } = await start(index)
      expectRefused(await install(installer, proxy, 'tomli==2.0.1'), /ERR_TUF_HASH_MISMATCH/)
    })

    test('installs a yanked release when it is named, and says why it was yanked', async () => {
      const { proxy } = await start(realIndex(distributions, { layout: 'pages' }))
      const { status, releases, output } = await install(installer, proxy, 'attrs==21.1.0')
      expect([status, releases]).toEqual([0, ['attrs-21.1.0']])
      expect(output.replaceAll(/\s+/g, ' ')).toContain('not importable on Python 3.4')
    })

    test('installs pinned requirements, held to the hashes', async () => {
      const index = realIndex(distributions, { layout: 'rstuf' })
      const pins = await (await index.view()).pin([asked, 'six==1.17.0'])
      const folder = temporaryFolder('pins')
      const requirements = join(folder, 'requirements.txt')
      await writeFile(requirements, pins.map(({ text }) => `${text}\n`).join(''))
      const { proxy } = await start(index)
      const args = ['--require-hashes', '-r', requirements]
      const { status, releases } = await install(installer, proxy, ...args)
      expect([status, releases]).toEqual([0, ['python_dateutil-2.9.0.post0', 'six-1.17.0']])
    })
  },
)
