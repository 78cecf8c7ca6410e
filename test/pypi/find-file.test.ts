/** Finding a file: the questions to the layout, to the judge and to the repository. */
import { describe, expect, test } from '@jest/globals'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { nodeCryptography } from '../../src/node/index.js'
import type { AttestableFile, JudgeFile } from '../../src/attestations/index.js'
import {
  blake2bPath,
  rstufLayout,
  type FileQuestion,
  type Layout,
  type PypiView,
} from '../../src/pypi/index.js'
import { digestsOf, IndexRepository, type LayoutName } from './index-repository.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const sdist = 'foo_bar-1.0.tar.gz'
const zeros = '00'.repeat(32)
const byName = rstufLayout({ file: 'files/{filename}' })
const byDigest = rstufLayout({ file: '{blake2b_path}/{filename}' })

function filled(layout: LayoutName): IndexRepository {
  const index = new IndexRepository({ layout })
  index.add(wheel, 'wheel')
  index.publish()
  return index
}

/** A judge that takes every file, and the files that it was asked about. */
function recordingJudge(): { judge: JudgeFile; asked: AttestableFile[] } {
  const asked: AttestableFile[] = []
  const judge: JudgeFile = (file) => {
    asked.push(file)
    return Promise.resolve({ verdict: 'signed', accepted: true, reason: 'signed' })
  }
  return { judge, asked }
}

/** A page in JSON with these files, as it stands. */
function withPage(...files: readonly object[]): IndexRepository {
  const index = new IndexRepository({ layout: 'pages' })
  const page = { meta: { 'api-version': '1.3' }, name: 'foo-bar', files }
  index.repo.addTarget(index.pagePath('foo-bar'), JSON.stringify(page))
  index.repo.publish()
  return index
}

describe('where pages are not targets', () => {
  test('a judge is told of a file without a page and without a link', async () => {
    const { judge, asked } = recordingJudge()
    const view = await filled('rstuf').view({ judge }, byName)
    expect(await view.verifyFile(utf8ToBytes('wheel'), { filename: wheel })).toMatchObject({
      verdict: 'match',
      reason: 'its target vouches for it; signed',
    })
    expect(asked).toEqual([{ project: 'foo-bar', version: '1.0', filename: wheel }])
  })

  test('core metadata is unknown', async () => {
    const view = await filled('rstuf').view({}, byName)
    const unlisted = { verdict: 'unknown', reason: 'no page lists this file' }
    expect(await view.find(`${wheel}.metadata`)).toEqual(unlisted)
  })

  test('a file whose place takes its digest is not found by its name alone', async () => {
    const view = await filled('pages-and-files').view({}, byDigest)
    const reason = 'its URL does not say which target it is'
    expect(await view.find(wheel)).toEqual({ verdict: 'unknown', reason })
  })

  test('the project that the caller names decides how an older name is read', async () => {
    const index = new IndexRepository({ layout: 'pages-and-files' })
    const { bytes, blake2b } = index.add('foo-1.0.post1.tar.gz', 'foo')
    const filename = 'foo-1.0-r1.tar.gz'
    index.repo.addTarget(`${blake2bPath(blake2b)}/${filename}`, bytes)
    index.publish()
    const view = await index.view({}, byDigest)
    expect(await view.verifyFile(bytes, { filename, project: 'Foo' })).toMatchObject({
      ...{ filename, verdict: 'match', vouched: { project: 'foo', version: '1.0.post1' } },
    })
    expect(await view.verifyFile(bytes, { filename })).toMatchObject({ verdict: 'unknown' })
  })

  test('a file whose place takes its digest is not found by its bytes, where the platform lacks BLAKE2b', async () => {
    const cryptography = { ...nodeCryptography, hashNames: ['sha256'] as const }
    const view = await filled('pages-and-files').view({ cryptography }, byDigest)
    expect(await view.verifyFile(utf8ToBytes('wheel'), { filename: wheel })).toEqual({
      filename: wheel,
      verdict: 'unknown',
      reason: 'its URL does not say which target it is',
    })
  })
})

describe('an entry that its page lists wrongly', () => {
  const url = `https://files.test/${sdist}`
  const entry = { filename: sdist, url, hashes: { sha256: zeros } }

  test('is refused for the part that makes it unusable, not for one that may be wrong', async () => {
    const view = await withPage({ ...entry, 'core-metadata': 5, yanked: 5 }).view()
    expect(await view.find(sdist)).toEqual({
      verdict: 'unknown',
      reason: expect.stringMatching(/ lists it wrongly \(files\[0\]\.yanked: .+\)$/),
    })
  })

  test.each<readonly [string, object, object]>([
    ['neither link nor fault', {}, {}],
    ['no fault of the link where core metadata alone is wrong', { 'core-metadata': 5 }, {}],
    ['the fault of its link', { provenance: 5 }, { unreadableLink: expect.any(String) }],
    [
      'the fault of its link, beside one of core metadata',
      { 'core-metadata': 5, provenance: 5 },
      { unreadableLink: 'it is not a text' },
    ],
  ])('has %s for a judge', async (_title, more, expected) => {
    const { judge, asked } = recordingJudge()
    const other = { ...entry, filename: 'foo_bar-1.0.zip', provenance: { else: true } }
    const view = await withPage(other, { ...entry, ...more }).view({ judge })
    expect((await view.find(sdist)).vouched).toBeDefined()
    const [{ page, sha256, ...about } = { page: undefined, sha256: undefined }] = asked
    expect([typeof page, sha256]).toEqual(['string', zeros])
    expect(about).toEqual({ project: 'foo-bar', version: '1.0', filename: sdist, ...expected })
  })
})

describe('a layout of one’s own', () => {
  const url = 'https://mirror.test/'
  const { blake2b } = digestsOf(utf8ToBytes('wheel'))

  /** The questions that a layout got, which has pages, files, or both as targets. */
  async function questions(
    name: LayoutName,
    isPaged: boolean,
    ask: (view: PypiView) => Promise<unknown>,
  ): Promise<FileQuestion[]> {
    const index = new IndexRepository({ layout: name })
    const sha256 = digestsOf(utf8ToBytes('Name: foo')).sha256
    index.add(wheel, 'wheel', { coreMetadata: new Map([['sha256', sha256]]) })
    index.publish()
    const asked: FileQuestion[] = []
    const layout: Layout = {
      ...{ name: 'own', filesAreTargets: index.layout.filesAreTargets },
      pages: (project) => (isPaged ? index.layout.pages(project) : []),
      file: (question) => {
        asked.push(question)
        return index.layout.file(question) ?? (isPaged ? { path: '', url } : undefined)
      },
    }
    await ask(await index.view({}, layout))
    return asked
  }
  const about = { project: 'foo-bar', version: '1.0', filename: wheel }
  const onPage = { ...about, url: expect.stringMatching(`/${wheel}$`) }

  test.each([wheel, `${wheel}.metadata`])(
    'decides by all that the page says where %s is fetched from',
    async (filename) => {
      const asked = await questions('pages', true, async (view) => {
        const { vouched } = await view.find(filename)
        expect(vouched?.address).toEqual({ url: filename === wheel ? url : `${url}.metadata` })
      })
      expect(asked).toEqual([onPage])
    },
  )

  test('is asked for a target with the URL on the page, and without a digest of the bytes', async () => {
    const asked = await questions('pages-and-files', true, async (view) => {
      const found = await view.verifyFile(utf8ToBytes('wheel'), { filename: wheel })
      expect(found).toMatchObject({ verdict: 'match' })
    })
    expect(asked).toEqual([onPage])
  })

  test('is asked again with the digest of the bytes where no page tells it', async () => {
    const asked = await questions('pages-and-files', false, async (view) => {
      const found = await view.verifyFile(utf8ToBytes('wheel'), { filename: wheel })
      expect(found).toMatchObject({ verdict: 'match' })
    })
    expect(asked).toEqual([about, { ...about, blake2b }])
  })
})

test('a search for the target of a file ends with the reason of the caller', async () => {
  const index = filled('pages-and-files')
  const view = await index.view()
  const caller = new AbortController()
  let hasPage = false
  index.repo.intercept((kind) => {
    if (kind === 'target') hasPage = true
    else if (hasPage) caller.abort(new Error('enough'))
    return undefined
  })
  await expect(view.find(wheel, { signal: caller.signal })).rejects.toThrow('enough')
})

describe('bytes under a name', () => {
  /** Far more than any limit here. */
  async function* many(): AsyncGenerator<Uint8Array> {
    for (let piece = 0; piece < 1_000; piece++) yield utf8ToBytes('wheel')
  }

  test.each<readonly [LayoutName, Layout | undefined]>([
    ['rstuf', byName],
    ['pages-and-files', undefined],
  ])('are read no further than the length that is listed: %s', async (name, layout) => {
    const index = filled(name)
    const view = await index.view({ maxUnsizedLength: 1_000 }, layout ?? index.layout)
    expect(await view.verifyFile(many(), { filename: wheel })).toMatchObject({
      verdict: 'mismatch',
      difference: { what: 'length', expected: '5', actual: '10' },
      reason: 'it is longer than the 5 bytes that the repository says',
    })
  })

  test.each([byDigest, undefined])(
    'are read up to the limit where nobody tells their length: %#',
    async (layout) => {
      const index = new IndexRepository({ layout: 'pages', form: 'html' })
      index.add(wheel, 'wheel')
      index.publish()
      const view = await index.view({ maxUnsizedLength: 12 }, layout ?? index.layout)
      await expect(view.verifyFile(many(), { filename: wheel })).rejects.toMatchObject({
        code: 'ERR_FILE_TOO_LONG',
      })
      // Bytes that are in memory take no more of it.
      const bytes = utf8ToBytes('wheelwheelwheel')
      const { verdict } = await view.verifyFile(bytes, { filename: wheel })
      expect(verdict).toBe(layout ? 'unknown' : 'mismatch')
    },
  )

  test('may be more than the limit of unknown lengths where their own is listed', async () => {
    const view = await filled('pages').view({ maxUnsizedLength: 4 })
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const text of ['whe', 'el']) yield utf8ToBytes(text)
    }
    expect(await view.verifyFile(pieces(), { filename: wheel })).toMatchObject({
      verdict: 'match',
    })
  })

  test('are of a file without a length, not of one whose length is undefined', async () => {
    const index = new IndexRepository({ layout: 'pages', form: 'html' })
    index.add(wheel, 'wheel')
    index.publish()
    const { vouched } = await (await index.view()).find(wheel)
    expect(Object.keys(vouched ?? {}).sort()).toEqual(
      ['address', 'entry', 'filename', 'hashes', 'page', 'project', 'version'].sort(),
    )
  })

  test('match one of two entries that state no length', async () => {
    const index = new IndexRepository({ layout: 'pages', form: 'html' })
    index.add('Foo_Bar-1.0.tar.gz', 'one')
    index.add('foo.bar-1.0.tar.gz', 'another')
    index.publish()
    const view = await index.view()
    for (const content of ['one', 'another']) {
      const found = await view.verifyFile(utf8ToBytes(content), { filename: sdist })
      expect(found).toMatchObject({ filename: sdist, verdict: 'match' })
    }
  })

  test('that two entries list match the first of them', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    for (const name of ['Foo_Bar-1.0.tar.gz', 'foo.bar-1.0.tar.gz']) index.add(name, 'one')
    index.publish()
    const found = await (await index.view()).verifyFile(utf8ToBytes('one'), { filename: sdist })
    expect(found).toMatchObject({
      ...{ filename: sdist, verdict: 'match', vouched: { filename: 'Foo_Bar-1.0.tar.gz' } },
    })
  })

  test('match no entry of the same parts, and the first of these is named', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    const first = index.add('Foo_Bar-1.0.tar.gz', 'one')
    index.add('foo.bar-1.0.tar.gz', 'two')
    index.publish()
    const found = await (await index.view()).verifyFile(utf8ToBytes('six'), { filename: sdist })
    expect(found).toMatchObject({
      ...{ filename: sdist, verdict: 'mismatch', vouched: { filename: 'Foo_Bar-1.0.tar.gz' } },
      difference: { what: 'sha256', expected: first.sha256 },
    })
  })
})
