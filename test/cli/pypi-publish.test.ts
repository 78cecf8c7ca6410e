import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startRstufApi, type RstufApi } from '../support/rstuf-api.js'
import { openDesk, type Desk, type Outcome } from './desk.js'

const wheel = 'Foo_Bar-1.0-py3-none-any.whl'
const pagePath = 'simple/foo-bar/index.html'
let desk: Desk
let api: RstufApi

beforeEach(async () => {
  desk = await openDesk()
  api = await startRstufApi(desk.repository.now)
  await mkdir(join(desk.folder, 'index/packages'), { recursive: true })
  await put(wheel, 'a wheel')
})
afterEach(async () => {
  await api.close()
  await desk.clear()
})

function put(filename: string, content: string): Promise<void> {
  return writeFile(join(desk.folder, 'index/packages', filename), content)
}

function publish(): Promise<Outcome> {
  return desk.run(['pypi', 'publish', 'index', '--rstuf', api.url])
}

function page(name = 'index.html'): Promise<string> {
  return readFile(join(desk.folder, 'index/simple/foo-bar', name), 'utf8')
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The names in the folder of the page. */
async function names(): Promise<string[]> {
  return (await readdir(join(desk.folder, 'index/simple/foo-bar'))).sort()
}

describe('tuffet pypi publish', () => {
  test('writes pages with hashes, registers pages and files, and reports when they are signed', async () => {
    expect(await publish()).toEqual({
      status: 0,
      stdout: '2 paths registered, 0 deleted, 2 in all\n',
      stderr: '',
    })
    expect(api.asked).toEqual(['POST artifacts/', `packages/${wheel}`, pagePath])
    const text = await page()
    expect(text).toContain(`../../packages/${wheel}#sha256=${sha256('a wheel')}`)
    const others = (await names()).filter((name) => name !== 'index.html')
    expect(others).toHaveLength(2)
    expect(others).toContain(`${sha256(text)}.index.html`)
    for (const name of others) expect(await page(name)).toBe(text)
    const bins = api.repository.roles().map((role) => JSON.stringify(api.repository.signed(role)))
    const entry = new RegExp(`"${pagePath}":\\{[^}]*"sha256":"${sha256(text)}"`)
    expect(bins.join('')).toMatch(entry)
    expect(bins.join('')).toMatch(/"blake2b-256":"[0-9a-f]{64}"/)
  })

  test('sends no request when nothing changed, and writes the same page', async () => {
    await publish()
    const before = await page()
    api.asked.length = 0
    expect((await publish()).stdout).toBe('0 paths registered, 0 deleted, 2 in all\n')
    expect([api.asked, await page()]).toEqual([[], before])
  })

  test('registers only new files, deletes missing ones, and keeps the last copies of a page', async () => {
    await publish()
    const first = await names()
    await put('foo_bar-2.0.tar.gz', 'an sdist')
    await put('other-1.0.zip', 'another project')
    api.asked.length = 0
    await publish()
    expect(api.asked.sort()).toEqual(
      ['POST artifacts/', 'packages/foo_bar-2.0.tar.gz', 'packages/other-1.0.zip', pagePath].concat(
        'simple/other/index.html',
      ),
    )
    expect(await names()).toEqual(expect.arrayContaining(first))
    await rm(join(desk.folder, 'index/packages/other-1.0.zip'))
    api.asked.length = 0
    expect((await publish()).stdout).toBe('0 paths registered, 2 deleted, 3 in all\n')
    expect(api.asked).toEqual([
      'POST artifacts/delete',
      'packages/other-1.0.zip',
      'simple/other/index.html',
    ])
    expect(await names()).toHaveLength(3)
    expect(await readdir(join(desk.folder, 'index/simple/other'))).not.toContain('index.html')
  })

  test.each<[string, object | undefined, string]>([
    ['ERRORED', { status: false, message: 'Bin is full', error: 'no key' }, 'Bin is full: no key'],
    ['FAILURE', { message: 'lost connection' }, 'lost connection'],
    ['REVOKED', undefined, 'no reason given'],
    ['SUCCESS', { status: false }, 'no reason given'],
  ])('a task that ends with %s %j fails, and is sent again', async (state, result, why) => {
    api.fail(state, result)
    const { status, stderr } = await publish()
    expect([status, stderr]).toEqual([1, expect.stringContaining(why)])
    await expect(page()).rejects.toThrow('ENOENT')
    api.asked.length = 0
    await publish()
    expect(api.asked).toContain(pagePath)
  })

  test('paths without a role of RSTUF fail', async () => {
    api.invalid.add(pagePath)
    const { status, stderr } = await publish()
    expect([status, stderr]).toEqual([1, expect.stringContaining(`these paths: ${pagePath}`)])
  })

  test('names that are not those of a release are left out and reported', async () => {
    await put('README.txt', 'read me')
    const { status, stdout } = await publish()
    expect([status, stdout]).toEqual([1, expect.stringContaining('left out: README.txt\n')])
  })

  test('a folder without files deletes nothing, and is wrong usage', async () => {
    await publish()
    await rm(join(desk.folder, 'index/packages', wheel))
    api.asked.length = 0
    expect(await publish()).toMatchObject({ status: 2 })
    expect(api.asked).toEqual([])
  })

  test('a missing API is a failure, and the pages stay as they were', async () => {
    await publish()
    const before = await page()
    await put('foo_bar-2.0.tar.gz', 'an sdist')
    const args = ['pypi', 'publish', 'index', '--rstuf', 'http://127.0.0.1:1']
    const { status, stderr } = await desk.run(args)
    expect([status, stderr]).toEqual([1, expect.stringContaining('cannot be asked')])
    expect(await page()).toBe(before)
    expect(await desk.run([...args.slice(0, 4), 'nowhere'])).toMatchObject({ status: 2 })
    expect(await desk.run(args.slice(0, 3))).toMatchObject({ status: 2 })
  })

  test('an API at another path fails with its answer', async () => {
    const url = `${api.url}/elsewhere`
    const { status, stderr } = await desk.run(['pypi', 'publish', 'index', '--rstuf', url])
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('answers with status 404: {"detail":"Not Found"}'),
    ])
    await expect(readFile(join(desk.folder, 'index/published.json'))).rejects.toThrow('ENOENT')
  })

  test('without its list it registers everything again', async () => {
    await publish()
    await rm(join(desk.folder, 'index/published.json'))
    expect((await publish()).stdout).toBe('2 paths registered, 0 deleted, 2 in all\n')
  })

  test('a list of registered files from another program is not used', async () => {
    await writeFile(join(desk.folder, 'index/published.json'), '{"artifacts": {"x": 1}}')
    const { status, stderr } = await publish()
    expect([status, stderr]).toEqual([2, expect.stringContaining('is not as tuffet wrote it')])
  })
})
