import { getEventListeners } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import {
  blake2bPath,
  pagesLayout,
  rstufLayout,
  type StreamFileOptions,
} from '../../src/pypi/index.js'
import { digestsOf, IndexRepository, type LayoutName } from './index-repository.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const sdist = 'foo_bar-1.0.tar.gz'
const layoutNames: LayoutName[] = ['pages', 'pages-and-files', 'rstuf']

let folder: string
beforeEach(() => {
  folder = temporaryFolder('view')
})
function filled(layout: LayoutName, form: 'json' | 'html' = 'json'): IndexRepository {
  const index = new IndexRepository({ layout, form })
  index.add(wheel, 'a wheel')
  index.add(sdist, 'a source distribution')
  index.add('foo_bar-2.0-py3-none-any.whl', 'a newer wheel')
  index.add('Other.Project-0.1.zip', 'another')
  index.publish()
  return index
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield utf8ToBytes(text)
}

describe.each(layoutNames)('a view in the layout %s', (layout) => {
  test('gives the verified page of a project, by any spelling of its name', async () => {
    const view = await filled(layout).view()
    const page = await view.project('Foo.Bar')
    expect(page?.project).toBe('foo-bar')
    expect(page?.files.map(({ filename }) => filename)).toEqual([
      wheel,
      sdist,
      'foo_bar-2.0-py3-none-any.whl',
    ])
    expect(await view.project('nothing')).toBeUndefined()
  })

  test('reads a page once for all who ask at the same time, and after that', async () => {
    const index = filled(layout)
    const view = await index.view()
    const page = (): number =>
      index.asked.filter(({ kind, url }) => kind === 'target' && /foo-bar/.test(url)).length
    await Promise.all(['foo-bar', 'foo_bar', 'FOO-bar'].map((name) => view.project(name)))
    await view.files('foo-bar')
    await view.find(wheel)
    expect(page()).toBe(1)
  })

  test('lists the files of a version, however it is written', async () => {
    const view = await filled(layout).view()
    const files = await view.files('foo-bar', { version: 'v1' })
    expect(files?.map(({ filename, kind, version }) => [filename, kind, version])).toEqual([
      [wheel, 'wheel', '1.0'],
      [sdist, 'sdist', '1.0'],
    ])
    expect(await view.files('foo-bar', { version: '3.0' })).toEqual([])
    expect(await view.files('nothing')).toBeUndefined()
  })

  test('verifies bytes, streams and files on disk', async () => {
    const view = await filled(layout).view()
    const path = join(folder, wheel)
    await writeFile(path, 'a wheel')
    for (const verdict of [
      await view.verifyFile(utf8ToBytes('a wheel'), { filename: wheel }),
      await view.verifyFile(chunks('a ', '', 'wheel'), { filename: wheel, project: 'Foo_Bar' }),
      await view.verifyFile(path),
      await view.verifyFile(pathToFileURL(path)),
    ]) {
      expect(verdict).toMatchObject({ filename: wheel, verdict: 'match' })
    }
  })

  test.each([
    ['other bytes', 'A wheel', layout === 'rstuf' ? 'blake2b-256' : 'sha256'],
    ['too few', 'a whee', 'length'],
    ['too many', 'a wheel!', 'length'],
  ])('finds %s under a name that is vouched for', async (_, content, what) => {
    const view = await filled(layout).view()
    const verdict = await view.verifyFile(chunks(content), { filename: wheel })
    expect(verdict).toMatchObject({ verdict: 'mismatch', difference: { what } })
    expect(verdict.reason).toMatch(what === 'length' ? /length|longer/ : what)
  })

  test.each([
    ['foo_bar-3.0-py3-none-any.whl', 'the page of foo-bar does not list it'],
    ['nothing-1.0.tar.gz', 'the repository has no page of nothing (no target PATH)'],
    ['README.txt', 'it is not the name of a wheel or a source distribution'],
    ['../../x-1.0.tar.gz', 'it is not the name of a wheel or a source distribution'],
  ])('does not know %s', async (filename, reason) => {
    const index = filled(layout)
    const view = await index.view()
    expect(await view.verifyFile(chunks('x'), { filename })).toEqual({
      filename,
      verdict: 'unknown',
      reason: reason.replace('PATH', index.pagePath('nothing')),
    })
  })

  test('asks for no project with an invalid name', async () => {
    const index = filled(layout)
    const view = await index.view()
    const before = index.asked.length
    for (const name of ['../../x', '..', 'a/b', '']) {
      await expect(view.project(name)).rejects.toMatchObject({ code: 'ERR_TUF_NAME_UNSAFE' })
      await expect(view.find(wheel, { project: name })).rejects.toMatchObject({
        code: 'ERR_TUF_NAME_UNSAFE',
      })
    }
    expect(index.asked).toHaveLength(before)
  })

  test('brings a file into a folder', async () => {
    const view = await filled(layout).view()
    const brought = await view.download('Foo-Bar', '1.0.0', { filename: wheel, folder })
    expect(brought).toMatchObject({ path: join(folder, wheel) })
    expect(await readFile(join(folder, wheel), 'utf8')).toBe('a wheel')
    const only = await view.download('foo-bar', '2.0', { folder: pathToFileURL(`${folder}/new`) })
    expect(only).toMatchObject({ vouched: { filename: 'foo_bar-2.0-py3-none-any.whl' } })
    await expect(view.download('foo-bar', '1.0', { folder })).rejects.toThrow(RangeError)
    expect(await view.download('foo-bar', '9', { folder })).toMatchObject({ verdict: 'unknown' })
  })

  test('refuses a file that a mirror has swapped, and removes its bytes', async () => {
    const index = filled(layout)
    const view = await index.view()
    const { url } = index.distributions.get(wheel)!
    index.served.set(url, utf8ToBytes('A WHEEL'))
    index.repo.intercept((kind, name) =>
      kind === 'target' && name.endsWith(wheel) ? utf8ToBytes('A WHEEL') : undefined,
    )
    await expect(
      view.download('foo-bar', '1.0', { filename: wheel, folder }),
    ).rejects.toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH' })
    expect(await readdir(folder)).toEqual([])
  })

  test('refuses a page that a mirror has swapped or taken from an older state', async () => {
    const index = filled(layout)
    const old = index.repo.file(index.repo.targetNames(index.pagePath('foo-bar'))[0]!, 'target')
    index.publish((page) => ({
      ...page,
      files: page.files.map((file) => ({ ...file, yanked: true })),
    }))
    const isPage = (kind: string, name: string): boolean =>
      kind === 'target' && /foo-bar/.test(name)
    for (const bytes of [old, utf8ToBytes('{}')]) {
      const end = index.repo.intercept((kind, name) => (isPage(kind, name) ? bytes : undefined))
      const view = await index.view()
      await expect(view.project('foo-bar')).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_TUF_(LENGTH|HASH)_MISMATCH$/),
      })
      await expect(view.verifyFile(chunks('a wheel'), { filename: wheel })).rejects.toThrow()
      end()
    }
    expect((await (await index.view()).project('foo-bar'))?.files[0]?.yanked).toBe(true)
  })

  test('refuses older metadata once newer was seen', async () => {
    const index = filled(layout)
    const { timestamp } = { timestamp: index.repo.file('timestamp.json') }
    index.publish()
    await index.view()
    index.repo.serve('timestamp.json', timestamp)
    await expect(index.view()).rejects.toMatchObject({ code: 'ERR_TUF_ROLLBACK' })
  })

  test('knows a file by its own project only', async () => {
    const index = filled(layout)
    index.add('evil-1.0-py3-none-any.whl', 'evil', { page: 'foo-bar' })
    index.publish()
    const view = await index.view()
    const names = (await view.files('foo-bar'))?.map(({ filename }) => filename)
    expect(names).toHaveLength(3)
    expect(names).not.toContain('evil-1.0-py3-none-any.whl')
    expect(await view.find('evil-1.0-py3-none-any.whl', { project: 'foo-bar' })).toMatchObject({
      verdict: 'mismatch',
      difference: { what: 'project', expected: 'foo-bar', actual: 'evil' },
    })
    expect(await view.find('evil-1.0-py3-none-any.whl')).toMatchObject({ verdict: 'unknown' })
  })

  test('refuses a page of another project, and one with a name twice', async () => {
    const index = filled(layout)
    index.publish((page) => ({ ...page, project: 'else' }))
    await expect((await index.view()).project('foo-bar')).rejects.toMatchObject({
      code: 'ERR_TUF_PAGE_INVALID',
      path: 'name',
    })
    index.publish((page) => ({ ...page, files: [...page.files, ...page.files] }))
    await expect((await index.view()).project('foo-bar')).rejects.toMatchObject({
      code: 'ERR_TUF_PAGE_INVALID',
      reason: 'it is there twice',
    })
  })

  test('refuses a page of 100 MB before it asks for it', async () => {
    const index = filled(layout)
    index.repo.addTargetEntry(index.pagePath('huge'), {
      length: 100_000_000,
      hashes: { sha256: '00'.repeat(32) },
    })
    index.repo.publish()
    const view = await index.view()
    await expect(view.project('huge')).rejects.toMatchObject({
      code: 'ERR_TUF_PAGE_INVALID',
      reason: 'it is 100000000 bytes long, more than 64000000',
    })
    expect(index.asked.filter(({ url }) => url.includes('huge'))).toEqual([])
  })

  test('verifies core metadata by the page', async () => {
    const index = filled(layout)
    const { sha256 } = index.add('meta-1.0-py3-none-any.whl.metadata'.slice(0, -9), 'w')
    index.publish((page) => ({
      ...page,
      files: page.files.map((file) =>
        file.filename.startsWith('meta')
          ? { ...file, coreMetadata: new Map([['sha256', sha256]]) }
          : { ...file, coreMetadata: file.filename === wheel },
      ),
    }))
    const view = await index.view()
    const verify = async (filename: string, content: string): Promise<string> =>
      (await view.verifyFile(utf8ToBytes(content), { filename })).verdict
    expect(await verify('meta-1.0-py3-none-any.whl.metadata', 'w')).toBe('match')
    expect(await verify('meta-1.0-py3-none-any.whl.metadata', 'x')).toBe('mismatch')
    expect(await verify(`${wheel}.metadata`, 'x')).toBe('no-hash')
    expect(await verify(`${sdist}.metadata`, 'x')).toBe('unknown')
    const found = await view.find('meta-1.0-py3-none-any.whl.metadata')
    const { url } = index.distributions.get('meta-1.0-py3-none-any.whl')!
    expect(found.vouched?.address.url).toBe(`${url}.metadata`)
    index.served.set(`${url}.metadata`, utf8ToBytes('w'))
    const bytes = []
    for await (const chunk of view.stream(found.vouched!)) bytes.push(...chunk)
    expect(bytes).toEqual([...utf8ToBytes('w')])
  })

  test('reads pages in HTML', async () => {
    const view = await filled(layout, 'html').view()
    expect(await view.verifyFile(utf8ToBytes('a wheel'), { filename: wheel })).toMatchObject({
      verdict: 'match',
    })
    expect(await view.verifyFile(utf8ToBytes('a Wheel'), { filename: wheel })).toMatchObject({
      verdict: 'mismatch',
    })
    await view.download('foo-bar', '1.0', { filename: wheel, folder })
    expect(await readFile(join(folder, wheel), 'utf8')).toBe('a wheel')
  })
})

describe('invalid file names', () => {
  test('are refused, not waited for', async () => {
    const view = await filled('pages').view()
    await mkdir(join(folder, wheel))
    await expect(view.verifyFile(join(folder, wheel))).rejects.toMatchObject({
      code: 'ERR_NOT_A_FILE',
    })
    await expect(view.verifyFile(join(folder, sdist))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(view.verifyFile(chunks('x'))).rejects.toThrow(TypeError)
  })

  test('of unknown length leave no bytes either', async () => {
    const index = filled('pages', 'html')
    const view = await index.view()
    index.served.set(index.distributions.get(wheel)!.url, utf8ToBytes('A WHEEL'))
    await expect(
      view.download('foo-bar', '1.0', { filename: wheel, folder }),
    ).rejects.toMatchObject({ code: 'ERR_TUF_HASH_MISMATCH' })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('the limit of a file of unknown length', () => {
  const unsized = (): IndexRepository => filled('pages', 'html')
  const tooLong = { code: 'ERR_TUF_FETCH_TOO_LONG' }

  test('is an option of the view', async () => {
    const view = await unsized().view({ maxUnsizedLength: 6 })
    const options = { filename: wheel, folder }
    await expect(view.download('foo-bar', '1.0', options)).rejects.toMatchObject(tooLong)
    expect(await readdir(folder)).toEqual([])
    const enough = await unsized().view({ maxUnsizedLength: 7 })
    expect(await enough.download('foo-bar', '1.0', options)).toMatchObject({
      path: join(folder, wheel),
    })
  })

  test('is an option of one transfer, over that of the view', async () => {
    const view = await unsized().view({ maxUnsizedLength: 6 })
    const { vouched } = await view.find(wheel)
    const read = async (options: StreamFileOptions): Promise<number> => {
      let length = 0
      for await (const chunk of view.stream(vouched!, options)) length += chunk.length
      return length
    }
    await expect(read({})).rejects.toMatchObject(tooLong)
    expect(await read({ maxUnsizedLength: 7 })).toBe(7)
  })

  test('counts for hashes that are computed for a lock file too', async () => {
    const view = await unsized().view({ maxUnsizedLength: 6 })
    const hashes = new Map([['sha512', '00'.repeat(64)]])
    const entry = { name: 'foo-bar', version: '1.0', files: [{ filename: wheel, hashes }] }
    const verdicts = []
    for await (const verdict of view.checkLock([entry], { download: true })) verdicts.push(verdict)
    expect(verdicts).toMatchObject([{ verdict: 'failed', error: tooLong }])
  })

  test('leaves nothing behind on the signal of the caller, however the transfer ends', async () => {
    const view = await unsized().view()
    const { vouched } = await view.find(wheel)
    const { signal } = new AbortController()
    const transfer = async (maxUnsizedLength: number, isLeft = false): Promise<void> => {
      for await (const _ of view.stream(vouched!, { signal, maxUnsizedLength })) {
        expect(getEventListeners(signal, 'abort')).not.toHaveLength(0)
        if (isLeft) break
      }
    }
    await transfer(7)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    await transfer(7, true)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    await expect(transfer(6)).rejects.toMatchObject(tooLong)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('is named where it is too small, with its option', async () => {
    const view = await unsized().view({ maxUnsizedLength: 6 })
    const { vouched } = await view.find(wheel)
    const read = async (): Promise<void> => {
      for await (const _ of view.stream(vouched!)) continue
    }
    await expect(read()).rejects.toMatchObject({
      ...{ ...tooLong, limit: 6, url: vouched!.address.url },
      message: expect.stringMatching(
        /its page does not state its length, and maxUnsizedLength \(--unsized-bytes\) allows no more/,
      ),
    })
  })

  test('does not stop the report of the bytes that came', async () => {
    const view = await unsized().view()
    const { vouched } = await view.find(wheel)
    const seen: unknown[] = []
    const onProgress = (step: unknown): unknown => seen.push(step)
    for await (const _ of view.stream(vouched!, { onProgress })) continue
    expect(seen).toEqual([{ received: 7, total: undefined }])
  })

  test('does not report files of known length', async () => {
    const view = await filled('pages').view({ maxUnsizedLength: 0 })
    const options = { filename: wheel, folder }
    expect(await view.download('foo-bar', '1.0', options)).toMatchObject({ vouched: { length: 7 } })
  })

  test.each([-1, NaN])('is not %d', async (maxUnsizedLength) => {
    await expect(unsized().view({ maxUnsizedLength })).rejects.toThrow(RangeError)
    const view = await unsized().view()
    const { vouched } = await view.find(wheel)
    expect(() => view.stream(vouched!, { maxUnsizedLength })).toThrow(RangeError)
  })
})

describe('where files are targets', () => {
  test.each(['pages-and-files', 'rstuf'] as const)(
    'a file on its page alone is not covered yet: %s',
    async (layout) => {
      const index = filled(layout)
      index.add('foo_bar-3.0.tar.gz', 'new', { covered: false })
      index.publish()
      const view = await index.view()
      const verdict = await view.verifyFile(chunks('new'), { filename: 'foo_bar-3.0.tar.gz' })
      expect(verdict.verdict).toBe('not-covered')
      expect(verdict.reason).toContain('not yet a target')
      expect(await view.download('foo-bar', '3.0', { folder })).toMatchObject({
        verdict: 'not-covered',
      })
      expect(await readdir(folder)).toEqual([])
    },
  )

  test('page and target must agree', async () => {
    const index = filled('pages-and-files')
    const hashes = new Map([['sha256', '00'.repeat(32)]])
    index.publish((page) => ({ ...page, files: page.files.map((file) => ({ ...file, hashes })) }))
    const view = await index.view()
    expect(await view.verifyFile(chunks('a wheel'), { filename: wheel })).toMatchObject({
      verdict: 'mismatch',
      reason: 'its page and its target disagree about its sha256',
      difference: { what: 'sha256', actual: '00'.repeat(32) },
    })
    index.publish((page) => ({ ...page, files: page.files.map((file) => ({ ...file, size: 1 })) }))
    expect(await (await index.view()).find(wheel)).toMatchObject({ difference: { what: 'length' } })
  })

  test('a file may be elsewhere than its page says', async () => {
    const index = filled('pages-and-files')
    const view = await index.view()
    const found = await view.find(wheel)
    expect(found.vouched?.address).toEqual({})
    const elsewhere = await index.view(
      {},
      { ...index.layout, file: ({ filename }) => ({ path: filename }) },
    )
    expect(await elsewhere.find(wheel)).toMatchObject({ verdict: 'not-covered' })
  })
})

describe('where pages are not targets', () => {
  const byDigest = rstufLayout({ file: '{blake2b_path}/{filename}' })
  const byName = rstufLayout({ file: 'files/{filename}' })

  test('a file is known by its own digest', async () => {
    const index = filled('pages-and-files')
    const view = await index.view({}, byDigest)
    const verify = (content: string, filename: string) =>
      view.verifyFile(chunks(content), { filename })
    expect(await verify('a wheel', wheel)).toMatchObject({
      verdict: 'match',
      reason: 'its target vouches for it',
    })
    expect(await verify('A wheel', wheel)).toMatchObject({ verdict: 'unknown' })
    expect(await verify('a wheel', sdist)).toMatchObject({ verdict: 'unknown' })
    await expect(view.project('foo-bar')).rejects.toThrow(TypeError)
  })

  test('a file that is not the target of its own digest is found', async () => {
    const index = filled('pages-and-files')
    const blake2b = digestsOf(utf8ToBytes('content')).blake2b
    const path = `${blake2bPath(blake2b)}/${wheel}`
    for (const [content, what] of [
      ['CONTENT', 'sha256'],
      ['longer content', 'length'],
    ] as const) {
      index.repo.addTarget(path, content)
      index.repo.publish()
      const view = await index.view({}, byDigest)
      expect(await view.verifyFile(chunks('content'), { filename: wheel })).toMatchObject({
        verdict: 'mismatch',
        difference: { what },
      })
    }
  })

  test('a file is known by its name', async () => {
    const index = filled('rstuf')
    const view = await index.view({}, byName)
    expect(await view.verifyFile(chunks('a wheel'), { filename: wheel })).toMatchObject({
      verdict: 'match',
    })
    expect(await view.verifyFile(chunks('A wheel'), { filename: wheel })).toMatchObject({
      verdict: 'mismatch',
    })
    expect(await view.verifyFile(chunks('x'), { filename: 'foo-1.0.zip' })).toMatchObject({
      verdict: 'unknown',
      reason: 'it is not a target (files/foo-1.0.zip)',
    })
  })
})

describe('a page without a hash that counts', () => {
  test.each([[new Map<string, string>()], [new Map([['md5', '00'.repeat(16)]])]])(
    'does not vouch for any file: %p',
    async (hashes) => {
      const index = filled('pages')
      index.publish((page) => ({ ...page, files: page.files.map((file) => ({ ...file, hashes })) }))
      const view = await index.view()
      expect(await view.verifyFile(chunks('a wheel'), { filename: wheel })).toMatchObject({
        verdict: 'no-hash',
      })
    },
  )
})

describe('pages that are kept', () => {
  test('are forgotten when they exceed the memory limit', async () => {
    const index = filled('pages')
    const view = await index.view({ keptPages: 1 })
    const asked = (): number => index.asked.filter(({ kind }) => kind === 'target').length
    for (const name of ['foo-bar', 'foo-bar', 'other-project', 'foo-bar']) await view.project(name)
    expect(asked()).toBe(3)
  })

  test('are requested under the name in the layout', async () => {
    const index = filled('pages')
    const layout = pagesLayout({
      page: ['missing/{project}', '{project}'],
      pageUrl: 'https://index.test/simple/{project}/',
      baseUrl: 'https://index.test/base/{project}/',
    })
    index.publish((page) => ({
      ...page,
      files: page.files.map((f) => ({ ...f, url: f.filename })),
    }))
    const path = index.repo.targetNames('foo-bar')[0]!
    index.served.set('https://index.test/simple/foo-bar/', index.repo.file(path, 'target'))
    const page = await (await index.view({}, layout)).project('foo-bar')
    expect(page?.files[0]?.url).toBe(`https://index.test/base/foo-bar/${wheel}`)
  })
})
