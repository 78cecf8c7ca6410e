import { createServer } from 'node:net'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { AttestationFinding } from '../../src/attestations/index.js'
import { FetchNotFoundError } from '../../src/errors.js'
import type { FileVerdict, FolderProgress } from '../../src/pypi/index.js'
import { makePipe } from '../support/pipe.js'
import { IndexRepository } from './index-repository.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
beforeEach(() => {
  folder = temporaryFolder('folder')
})
async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list = []
  for await (const result of results) list.push(result)
  return list
}

function write(name: string, content: string): Promise<void> {
  return writeFile(join(folder, name), content)
}

describe('a folder', () => {
  test('of a thousand files takes one request a bin and one a page', async () => {
    const index = new IndexRepository({ layout: 'pages-and-files', bins: 32 })
    const names: string[] = []
    for (let project = 0; project < 100; project++) {
      for (let release = 0; release < 10; release++) {
        names.push(`project_${project}-${release}.0.tar.gz`)
      }
    }
    for (const name of names) {
      index.add(name)
      await write(name, name)
    }
    index.publish()
    // The pages of a few projects at once, so that order matters.
    const view = await index.view({ keptPages: 20_000 })
    const progress: FolderProgress[] = []
    const verdicts = await all(
      view.verifyFolder(folder, { concurrency: 4, onProgress: (step) => progress.push(step) }),
    )
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(names.map(() => 'match'))
    expect(new Set(verdicts.map(({ filename }) => filename))).toEqual(new Set(names))
    expect(progress.map(({ done }) => done)).toEqual(names.map((_, at) => at + 1))
    expect(progress.at(-1)).toMatchObject({ total: 1_000 })
    const urls = index.asked.map(({ url }) => url)
    expect(new Set(urls).size).toBe(urls.length)
    expect(urls.filter((url) => url.includes('/index.html') || /\.index/.test(url))).toHaveLength(
      100,
    )
    expect(urls.filter((url) => /metadata\/\d+\.[0-9a-f-]+\.json$/.test(url)).length).toBe(32)
  })

  test('gets a verdict for every file that an installer may take from it', async () => {
    const index = new IndexRepository({ layout: 'pages-and-files' })
    const wheel = 'foo-1.0-py3-none-any.whl'
    index.add(wheel, 'wheel')
    index.add('foo-1.0.tar.gz', 'sdist')
    index.add('foo-2.0.tar.gz', 'early', { covered: false })
    index.publish()
    await write(wheel, 'wheel')
    await write('foo-1.0.tar.gz', 'SDIST')
    await write('foo-2.0.tar.gz', 'early')
    await write('foo-3.0.tar.gz', 'unheard of')
    await write('foo-1.0.tar.bz2', 'what pip would build too')
    await write(`${wheel}.metadata`, 'Name: foo')
    for (const name of [
      'README.txt',
      'foo-1.0.win32.exe',
      'foo-1.0.zi.metadatap',
      'foo.metadata',
    ]) {
      await write(name, 'not for installers')
    }
    await mkdir(join(folder, 'bar-1.0.zip'))
    await mkdir(join(folder, 'src'))
    await symlink(join(folder, 'nowhere'), join(folder, 'FOO-1.0-py3-none-any.whl'))
    const view = await index.view()
    const verdicts = await all(view.verifyFolder(pathToFileURL(folder)))
    expect(Object.fromEntries(verdicts.map((one) => [one.filename, one.verdict]))).toEqual({
      [wheel]: 'match',
      [`${wheel}.metadata`]: 'unknown',
      'FOO-1.0-py3-none-any.whl': 'failed',
      'bar-1.0.zip': 'failed',
      'foo-1.0.tar.bz2': 'unknown',
      'foo-1.0.tar.gz': 'mismatch',
      'foo-2.0.tar.gz': 'not-covered',
      'foo-3.0.tar.gz': 'unknown',
    })
  })

  test('does not match where pip would follow links: in pages, packed or not, and folders so called', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    index.add('foo-1.0.tar.gz', 'sdist')
    index.publish()
    await write('foo-1.0.tar.gz', 'sdist')
    const pages = ['README.HTML', 'a.htm', 'b.shtml', 'c.html.gz', 'd.htm.Z', 'e.html.br']
    for (const name of pages) await write(name, '<a href="file:///foo-9.0.tar.gz">')
    await mkdir(join(folder, 'sub.html'))
    for (const name of ['a.txt', 'html', 'a.xhtml', 'a.html.txt', 'a.json']) await write(name, '')
    const verdicts = await all((await index.view()).verifyFolder(folder))
    expect(verdicts).toHaveLength(pages.length + 2)
    for (const { filename, verdict, reason } of verdicts) {
      expect([filename, verdict, reason]).toEqual(
        filename === 'foo-1.0.tar.gz'
          ? [filename, 'match', expect.anything()]
          : [filename, 'unknown', 'pip follows its links'],
      )
    }
  })

  test('is read where the file system finds it, when `..` follows a link', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    index.add('foo-1.0.tar.gz', 'sdist')
    index.publish()
    await mkdir(join(folder, 'other/deep'), { recursive: true })
    await mkdir(join(folder, 'other/wheels'))
    await mkdir(join(folder, 'wheels'))
    await symlink('other/deep', join(folder, 'sub'))
    await write('wheels/foo-1.0.tar.gz', 'sdist')
    await write('other/wheels/foo-1.0.tar.gz', 'SDIST')
    const verdicts = await all((await index.view()).verifyFolder(`${folder}/sub/../wheels`))
    expect(verdicts).toMatchObject([{ filename: 'foo-1.0.tar.gz', verdict: 'mismatch' }])
  })

  test('never matches where an entry is not a regular file, whatever it is called', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    const kinds = ['folder', 'pipe', 'socket', 'link-to-folder', 'link-to-pipe', 'link-to-nothing']
    for (const kind of kinds) index.add(`${kind.replaceAll('-', '_')}-1.0.tar.gz`, kind)
    index.add('link_to_file-1.0.tar.gz', 'good')
    index.add('link_to_other-1.0.tar.gz', 'good')
    index.publish()
    const at = (name: string): string => join(folder, name)
    await mkdir(at('project'))
    await writeFile(at('project/setup.py'), '')
    await mkdir(at('folder-1.0.tar.gz'))
    makePipe(at('pipe-1.0.tar.gz'))
    makePipe(at('queue'))
    await symlink('project', at('link_to_folder-1.0.tar.gz'))
    await symlink('queue', at('link_to_pipe-1.0.tar.gz'))
    await symlink('nothing', at('link_to_nothing-1.0.tar.gz'))
    await write('good', 'good')
    await write('other', 'evil')
    await symlink('good', at('link_to_file-1.0.tar.gz'))
    await symlink('other', at('link_to_other-1.0.tar.gz'))
    const server = createServer()
    await new Promise<void>((listening) => server.listen(at('socket-1.0.tar.gz'), listening))
    try {
      const verdicts = await all((await index.view()).verifyFolder(folder))
      expect(Object.fromEntries(verdicts.map((one) => [one.filename, one.verdict]))).toEqual({
        'folder-1.0.tar.gz': 'failed',
        'pipe-1.0.tar.gz': 'failed',
        'socket-1.0.tar.gz': 'failed',
        'link_to_folder-1.0.tar.gz': 'failed',
        'link_to_pipe-1.0.tar.gz': 'failed',
        'link_to_nothing-1.0.tar.gz': 'failed',
        'link_to_file-1.0.tar.gz': 'match',
        'link_to_other-1.0.tar.gz': 'mismatch',
      })
    } finally {
      server.close()
    }
  })

  test.each([
    ...['whl', 'zip', 'tar', 'tar.gz', 'tgz', 'tar.bz2', 'tbz', 'tbz2', 'tar.xz', 'txz', 'egg'],
    ...['tlz', 'tar.lz', 'tar.lzma', 'tar.zst', 'ZIP', 'Tar.Gz', 'html', 'whl.metadata'],
  ])('gets a verdict for a file and for a folder that end in .%s', async (extension) => {
    const index = new IndexRepository({ layout: 'pages' })
    index.add('foo-1.0.tar.gz', 'sdist')
    index.publish()
    await write(`bar-2.0.${extension}`, 'x')
    await mkdir(join(folder, `baz-2.0.${extension}`))
    const verdicts = await all((await index.view()).verifyFolder(folder))
    expect(verdicts.map(({ filename }) => filename)).toEqual([
      `bar-2.0.${extension}`,
      `baz-2.0.${extension}`,
    ])
    for (const { verdict } of verdicts) expect(verdict).not.toBe('match')
  })

  test('goes on after a file that cannot be judged, and says why', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    for (const project of ['aaa', 'bbb', 'ccc']) index.add(`${project}-1.0.tar.gz`, project)
    index.publish()
    await symlink(join(folder, 'nowhere'), join(folder, 'aaa-1.0.tar.gz'))
    await write('bbb-1.0.tar.gz', 'bbb')
    await write('ccc-1.0.tar.gz', 'ccc')
    index.repo.serve(index.repo.targetNames('bbb')[0]!, { status: 500 }, 'target')
    const verdicts = await all((await index.view()).verifyFolder(folder))
    expect(verdicts).toMatchObject([
      { filename: 'aaa-1.0.tar.gz', verdict: 'failed', error: { code: 'ENOENT' } },
      { filename: 'bbb-1.0.tar.gz', verdict: 'failed', error: { code: 'ERR_TUF_FETCH_FAILED' } },
      { filename: 'ccc-1.0.tar.gz', verdict: 'match' },
    ])
  })

  test('is left when the signal aborts, or the caller stops', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    for (let i = 0; i < 20; i++) {
      index.add(`foo-${i}.tar.gz`)
      await write(`foo-${i}.tar.gz`, `foo-${i}.tar.gz`)
    }
    index.publish()
    const view = await index.view()
    const controller = new AbortController()
    const seen: FileVerdict[] = []
    const run = async (): Promise<void> => {
      for await (const verdict of view.verifyFolder(folder, { signal: controller.signal })) {
        seen.push(verdict)
        controller.abort(new Error('enough'))
      }
    }
    await expect(run()).rejects.toThrow('enough')
    expect(seen).toHaveLength(1)
    for await (const verdict of view.verifyFolder(folder)) {
      expect(verdict.verdict).toBe('match')
      break
    }
    await expect(all(view.verifyFolder(folder, { concurrency: 0 }))).rejects.toThrow(RangeError)
    await expect(all(view.verifyFolder(join(folder, 'nowhere')))).rejects.toMatchObject({
      code: 'ENOENT',
    })
  })

  test('is left in the middle of a file too', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    index.add('foo-1.0.tar.gz', 'foo')
    index.publish()
    await write('foo-1.0.tar.gz', 'foo')
    const caller = new AbortController()
    // The bytes are read after the judge has answered.
    const judge = (): Promise<AttestationFinding> => {
      caller.abort(new Error('enough'))
      return Promise.resolve({ verdict: 'match', accepted: true, reason: 'signed' })
    }
    const view = await index.view({ judge })
    await expect(all(view.verifyFolder(folder, { signal: caller.signal }))).rejects.toThrow(
      'enough',
    )
  })

  test('is judged project by project, and by name within one', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    index.add('foo-1.0.tar.gz')
    index.publish()
    const names = [
      ...['a.html', 'z.html', '2to3-1.0.zip'],
      ...['foo-1.0.tar.gz', 'foo-2.0-py3-none-any.whl', 'foo-2.0-py3-none-any.whl.metadata'],
      ...['Foo-Bar-0.zip', 'foo.bar-1.0.zip', 'foo_bar-0.5.zip'],
      ...['foo.metadata-0.zip', 'zoo-1.0.zip'],
    ]
    for (const name of [...names].reverse()) await write(name, '')
    const progress: FolderProgress[] = []
    const onProgress = (step: FolderProgress): number => progress.push(step)
    const verdicts = await all((await index.view()).verifyFolder(folder, { onProgress }))
    expect(verdicts.map(({ filename }) => filename)).toEqual(names)
    const total = names.length
    expect(progress).toEqual(names.map((filename, at) => ({ done: at + 1, total, filename })))
  })

  describe('with a name that pip before 24 may take for another project', () => {
    const odd = 'my-app-2-1.tar.gz'
    const plain = 'foo-1.0.tar.gz'

    /** The publishers that were remembered, by file name. */
    async function judged(
      content: string,
      judge?: (keep: () => Promise<void>) => AttestationFinding,
    ): Promise<{ verdicts: FileVerdict[]; kept: string[] }> {
      const index = new IndexRepository({ layout: 'pages' })
      index.add(odd, 'odd')
      index.add(plain, 'plain')
      index.publish()
      await write(odd, content)
      await write(plain, 'plain')
      const kept: string[] = []
      const view = await index.view(
        judge && {
          judge: ({ filename }) =>
            Promise.resolve(judge(() => Promise.resolve(void kept.push(filename)))),
        },
      )
      return { verdicts: await all(view.verifyFolder(folder)), kept }
    }
    test('it does not match, and the name to give it is said', async () => {
      const { verdicts } = await judged('odd')
      expect(verdicts.map(({ filename, verdict }) => [filename, verdict])).toEqual([
        [plain, 'match'],
        [odd, 'unknown'],
      ])
      expect(verdicts[1]?.reason).toMatch(
        /^pip before 24 may take it for .*; rename it to my_app_2-1 with its ending$/,
      )
      expect(verdicts[1]?.vouched).toBeUndefined()
    })

    test('another content is a mismatch all the same', async () => {
      expect((await judged('other')).verdicts[1]).toMatchObject({ verdict: 'mismatch' })
    })

    test('its publisher is not remembered, and that of another file is', async () => {
      const { verdicts, kept } = await judged('odd', (keep) => ({
        ...{ verdict: 'signed', accepted: true, reason: 'signed by GitHub a', keep },
      }))
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['match', 'unknown'])
      expect(kept).toEqual([plain])
    })
  })

  describe('of which a judge fails', () => {
    async function failing(error: unknown): Promise<FileVerdict[]> {
      const index = new IndexRepository({ layout: 'pages' })
      index.add('foo-1.0.tar.gz', 'foo')
      index.publish()
      await write('foo-1.0.tar.gz', 'foo')
      const judge = (): Promise<never> => Promise.reject(error)
      return all((await index.view({ judge })).verifyFolder(folder))
    }

    test('with an error of the library or of the file system, the file is failed', async () => {
      const ours = new FetchNotFoundError('https://files.test/')
      const system = Object.assign(new Error('EIO: no disk'), { code: 'EIO' })
      for (const error of [ours, system]) {
        expect(await failing(error)).toEqual([
          { filename: 'foo-1.0.tar.gz', verdict: 'failed', reason: error.message, error },
        ])
      }
    })

    test.each([
      [new TypeError('a defect')],
      [Object.assign(new Error('a number'), { code: 5 })],
      [{ code: 'EIO' }],
      ['EIO'],
      [null],
      [undefined],
    ])('with anything else, the whole run ends: %p', async (error) => {
      await expect(failing(error)).rejects.toBe(error)
    })
  })
})
