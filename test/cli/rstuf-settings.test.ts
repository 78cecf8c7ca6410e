import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { memoryFetcher } from '../../src/testing/index.js'
import type { Desk } from './desk.js'
import { contents, openPypiDesk, sha256, wheel } from './pypi-desk.js'

let desk: Desk
const layout = { name: 'rstuf', page: 'simple/{project}', file: 'files/{filename}' }
beforeEach(async () => {
  desk = await openPypiDesk({ layout })
})
afterEach(() => desk.clear())

/** Changes settings of the desk; undefined takes one away. */
async function set(more: object): Promise<void> {
  const urls = {
    metadataUrl: 'https://repository.test/metadata/',
    root: 'root.json',
    store: 'store',
  }
  const targetsUrl = 'https://repository.test/targets/'
  const settings = { ...urls, targetsUrl, layout, ...more }
  await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify(settings))
}

/** The requests of a run that were not for metadata. */
async function asked(...args: string[]): Promise<string[]> {
  const urls: string[] = []
  const inner = memoryFetcher(desk.repository)
  await desk.run(args, {
    fetcher: {
      fetch(request) {
        if (request.kind === 'target') urls.push(request.url.replace(/^.*targets\//, ''))
        return inner.fetch(request)
      },
    },
  })
  return urls
}

describe('one setting says whether targets have hash-prefixed names', () => {
  const prefixed = `files/${sha256(contents[wheel]!)}.${wheel}`

  test('in the layout rstuf they are plain, for download as for pages and files', async () => {
    expect(await asked('download', `files/${wheel}`)).toEqual([`files/${wheel}`])
    expect(await asked('pypi', 'pin', 'demo-pkg==1.0')).toEqual(['simple/demo-pkg'])
  })

  test('hashPrefix overrides that, for all of them', async () => {
    await set({ hashPrefix: true })
    const [first] = await asked('download', `files/${wheel}`)
    expect(first).toBe(prefixed)
    const [page] = await asked('pypi', 'pin', 'demo-pkg==1.0')
    expect(page).toMatch(/^simple\/[0-9a-f]{64}\.demo-pkg$/)
  })

  test('pages may be prefixed where files are not', async () => {
    await set({ layout: { ...layout, pageHashPrefix: true } })
    expect((await asked('pypi', 'pin', 'demo-pkg==1.0'))[0]).toMatch(/^simple\/[0-9a-f]{64}\./)
    expect(await asked('download', `files/${wheel}`)).toEqual([`files/${wheel}`])
  })

  test('a missing name is reported with the setting that asks for the other form', async () => {
    const plain = await desk.run(['download', `files/${wheel}`])
    expect([plain.status, plain.stderr]).toEqual([
      1,
      expect.stringContaining(
        'this is the plain name, and hashPrefix: true asks for the hash-prefixed one',
      ),
    ])
    desk.repository.intercept((kind) => (kind === 'target' ? 'missing' : undefined))
    const { stderr } = await desk.run(['download', `files/${wheel}`, '--hash-prefix'])
    expect(stderr).toContain('hashPrefix: false asks for the plain one')
    const page = await desk.run(['pypi', 'pin', 'demo-pkg==1.0', '--page-hash-prefix'])
    expect(page.stderr).toContain('pageHashPrefix or fileHashPrefix')
  })
})

describe('a layout without pages', () => {
  beforeEach(() => set({ layout: { name: 'rstuf', file: 'files/{filename}' } }))

  test.each([
    ['serve', []],
    ['run', ['--', 'pip', 'install', 'demo-pkg']],
    ['pin', ['demo-pkg==1.0']],
  ])('is wrong usage for %s, which sends no request', async (name, more) => {
    const { status, stdout, stderr } = await desk.run(['pypi', name, ...more])
    expect([status, stdout, stderr]).toEqual([
      2,
      '',
      'tuffet: the layout rstuf does not say where index pages are: give --page, or "page" of the layout in tuffet.json; if no pages are registered, tuffet pypi publish writes and registers them\n',
    ])
    expect(await asked('pypi', name, ...more)).toEqual([])
  })

  test('lets check name the setting that a bare hash needs', async () => {
    await writeFile(join(desk.folder, 'r.txt'), `demo-pkg==1.0 --hash=sha256:${sha256('x')}\n`)
    const { status, stdout } = await desk.run(['pypi', 'check', 'r.txt'])
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining('the layout rstuf lacks a template for index pages (page)'),
    ])
  })
})

describe('the payload of a ceremony', () => {
  const payload = (root: Uint8Array): string =>
    JSON.stringify({
      settings: { roles: {} },
      metadata: { root: JSON.parse(Buffer.from(root).toString()) as unknown },
    })

  test.each([[['init', 'payload.json']], [['refresh', '--root', 'payload.json']]])(
    'is not a root, and %j says which file is',
    async (args) => {
      await writeFile(join(desk.folder, 'payload.json'), payload(desk.repository.root()))
      const { status, stderr } = await desk.run(args)
      expect([status, stderr]).toEqual([
        2,
        expect.stringContaining('take 1.root.json from the metadata storage'),
      ])
    },
  )
})
