import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { FetchNotFoundError } from '../../src/errors.js'
import type { Fetcher } from '../../src/index.js'
import { memoryFetcher } from '../../src/testing/index.js'
import { startRstufApi, type RstufApi } from '../support/rstuf-api.js'
import { guideCommands, guideSettings, pipScript } from '../support/rstuf-guide.js'
import { openDesk, type Desk } from './desk.js'

const wheel = 'requests-2.32.3-py3-none-any.whl'
let desk: Desk
let api: RstufApi

beforeEach(async () => {
  desk = await openDesk()
  api = await startRstufApi(desk.repository.now)
})
afterEach(async () => {
  await api.close()
  await desk.clear()
})

/** Metadata as the stand-in signs it, and the folder as a web server serves it. */
function servers(): Fetcher {
  const { metadataUrl, targetsUrl } = JSON.parse(guideSettings()) as Record<string, string>
  const metadata = memoryFetcher(api.repository, {
    metadataUrl: metadataUrl!,
    targetsUrl: 'https://none.test/',
  })
  return {
    fetch(request) {
      const { url } = request
      if (url.startsWith(metadataUrl!)) return metadata.fetch(request)
      const file = join(desk.folder, 'index', decodeURIComponent(url.slice(targetsUrl!.length)))
      if (!url.startsWith(targetsUrl!) || !existsSync(file)) {
        return Promise.reject(new FetchNotFoundError(url, 404))
      }
      return Promise.resolve({ offset: 0, body: one(new Uint8Array(readFileSync(file))) })
    },
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}

test('every command of the guide works, in its order', async () => {
  await writeFile(join(desk.folder, '1.root.json'), api.repository.root())
  await mkdir(join(desk.folder, 'index/packages'), { recursive: true })
  await writeFile(join(desk.folder, 'index/packages', wheel), 'a wheel')
  await writeFile(join(desk.folder, 'tuffet.json'), guideSettings())
  await writeFile(join(desk.folder, 'pip'), pipScript)
  await chmod(join(desk.folder, 'pip'), 0o755)
  const fetcher = servers()
  const commands = guideCommands()
  expect(commands.length).toBeGreaterThan(7)
  for (const { line, args, file } of commands) {
    const words = args.map((word) =>
      word === 'pip' ? join(desk.folder, 'pip') : word.replace('http://127.0.0.1:8000', api.url),
    )
    const { status, stdout, stderr } = await desk.run(words, { fetcher })
    expect([line, status, stderr.replace(/^tuffet: store from .*\n/, '')]).toEqual([line, 0, ''])
    if (file !== undefined) await writeFile(join(desk.folder, file), stdout)
  }
  expect(await readFile(join(desk.folder, 'installed'), 'utf8')).toBe('a wheel')
  expect(await readFile(join(desk.folder, 'wheels', wheel), 'utf8')).toBe('a wheel')
})
