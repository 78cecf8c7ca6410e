import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { memoryStore } from '../../../src/client/store.js'
import type { Fetcher } from '../../../src/index.js'
import { Updater } from '../../../src/platform/updater.js'
import { rstufLayout, startProxy } from '../../../src/pypi/index.js'
import { describeReal } from '../../real/folder.js'
import { fetcherOf, fresh, metadataUrl, targetsUrl } from '../../real/rstuf-folder.js'
import { findInstallers, install, type Installed, type Installer } from '../installers.js'
import { expectRefused } from '../tampering.js'

const installers = findInstallers()
const there = installers.length === 0 ? describe.skip : describe

describeReal('rstuf', (path) => {
  async function attempt(
    installer: Installer,
    pageHashPrefix: boolean,
    fetcher: Fetcher = fetcherOf(path),
  ): Promise<Installed> {
    const updater = new Updater({
      metadataUrl,
      targetsUrl,
      root: readFileSync(`${path}/metadata/1.root.json`),
      hashPrefix: false,
      store: memoryStore(),
      fetcher,
      now: () => fresh,
    })
    const page = 'simple/{project}/index.html'
    const layout = rstufLayout({ page, pageHashPrefix, file: 'packages/{filename}' })
    const proxy = await startProxy({ updater, layout })
    try {
      return await install(installer, proxy, 'idna==3.11', 'urllib3')
    } finally {
      await proxy.close(0)
    }
  }

  /** A mirror that changes one byte of each file whose name contains `part`. */
  function changing(part: string): Fetcher {
    const honest = fetcherOf(path)
    return {
      async fetch(request) {
        const answer = await honest.fetch(request)
        return request.url.includes(part) ? { ...answer, body: changed(answer.body) } : answer
      },
    }
  }

  there.each(installers)('$name from the repository of a real RSTUF', (installer) => {
    test.each([
      ['plain', false],
      ['HASH-prefixed', true],
    ])('installs from pages with %s names', async (_, pageHashPrefix) => {
      const { status, releases } = await attempt(installer, pageHashPrefix)
      expect([status, releases]).toEqual([0, ['idna-3.11', 'urllib3-2.8.0']])
    })

    test.each([
      ['a wheel', 'idna-3.11'],
      ['a page', 'simple/idna/'],
    ])('does not install when one byte of %s was changed', async (_, part) => {
      expectRefused(await attempt(installer, true, changing(part)), /ERR_TUF_HASH_MISMATCH/)
    })
  })
})

async function* changed(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    const copy = Uint8Array.from(chunk)
    copy[0]! ^= 1
    yield copy
  }
}
