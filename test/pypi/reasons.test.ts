/** The reasons of verdicts: a clause for each, with the values that differ. */
import { describe, expect, test } from '@jest/globals'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type {
  CheckLockOptions,
  IndexFile,
  LockedFile,
  LockEntry,
  LockVerdict,
  PypiView,
} from '../../src/pypi/index.js'
import { saveFile, streamFile } from '../../src/pypi/verdict/stream-file.js'
import { digestsOf, IndexRepository, type LayoutName } from './index-repository.js'

const wheel = 'foo_bar-1.0-py3-none-any.whl'
const sdist = 'foo_bar-1.0.tar.gz'
const zeros = '00'.repeat(32)

function viewOf(layout: LayoutName = 'pages', more: Partial<IndexFile> = {}): Promise<PypiView> {
  const index = new IndexRepository({ layout })
  index.add(wheel, 'wheel', more)
  index.add(sdist, 'sdist', more)
  index.publish()
  return index.view()
}

/** A page in JSON with these files, in the layout of pages. */
function viewOfPage(...files: readonly object[]): Promise<PypiView> {
  const index = new IndexRepository({ layout: 'pages' })
  const page = { meta: { 'api-version': '1.1' }, name: 'foo-bar', files }
  index.repo.addTarget(index.pagePath('foo-bar'), JSON.stringify(page))
  index.repo.publish()
  return index.view()
}

const bytes = utf8ToBytes('wheel')
const { sha256: digest } = digestsOf(bytes)

describe('a file that is found', () => {
  test.each<readonly [LayoutName, string]>([
    ['pages', 'its page vouches for it'],
    ['pages-and-files', 'its page and its target vouch for it'],
    ['rstuf', 'its page and its target vouch for it'],
  ])('in the layout %s matches because %s', async (layout, reason) => {
    const view = await viewOf(layout)
    expect(await view.verifyFile(bytes, { filename: wheel })).toMatchObject({
      ...{ filename: wheel, verdict: 'match', reason },
    })
  })

  test('has another content, which is named', async () => {
    const view = await viewOf()
    const said = async (content: string): Promise<string> => {
      const found = await view.verifyFile(utf8ToBytes(content), { filename: wheel })
      expect(found).toMatchObject({ filename: wheel, verdict: 'mismatch', vouched: {} })
      return found.reason
    }
    expect(await said('WHEEL')).toBe(
      `its sha256 is ${digestsOf(utf8ToBytes('WHEEL')).sha256}, the repository says ${digest}`,
    )
    expect(await said('a wheel')).toBe('it is longer than the 5 bytes that the repository says')
    expect(await said('whee')).toBe('its length is 4, the repository says 5')
  })

  test('has a name that two entries of its page have, and another content than both', async () => {
    const entry = (filename: string, content: string): object => {
      const { sha256 } = digestsOf(utf8ToBytes(content))
      return { filename, url: filename, hashes: { sha256 }, size: content.length }
    }
    const view = await viewOfPage(
      entry('foo_bar-1.0.tar.gz', 'one'),
      entry('Foo.Bar-1.0.tar.gz', 'two'),
    )
    const asked = (content: string) =>
      view.verifyFile(utf8ToBytes(content), { filename: 'foo-bar-1.0.tar.gz' })
    for (const [content, listed] of [
      ['one', 'foo_bar-1.0.tar.gz'],
      ['two', 'Foo.Bar-1.0.tar.gz'],
    ] as const) {
      expect(await asked(content)).toMatchObject({
        ...{ filename: 'foo-bar-1.0.tar.gz', verdict: 'match', vouched: { filename: listed } },
      })
    }
    expect(await asked('six')).toMatchObject({
      ...{ filename: 'foo-bar-1.0.tar.gz', verdict: 'mismatch' },
      vouched: { filename: 'foo_bar-1.0.tar.gz' },
    })
    expect((await asked('more')).reason).toBe(
      'it is longer than the 3 bytes that the repository says',
    )
    expect(await view.find('foo-bar-1.0.tar.gz')).toEqual({
      verdict: 'unknown',
      reason: 'its page lists several files whose names have the same parts',
    })
  })
})

describe('a file that is not vouched for', () => {
  test.each([
    ['foo.txt', 'it is not the name of a wheel or a source distribution'],
    ['foo_bar-9.0.tar.gz', 'the page of foo-bar does not list it'],
    [`${sdist}.metadata`, 'no page lists this file'],
  ])('%s: %s', async (filename, reason) => {
    expect(await (await viewOf()).find(filename)).toEqual({ verdict: 'unknown', reason })
  })

  test('is of another project than the caller wants', async () => {
    const view = await viewOf()
    expect(await view.find(wheel, { project: 'Other' })).toEqual({
      verdict: 'mismatch',
      reason: 'it is the name of a file of foo-bar',
      difference: { what: 'project', expected: 'other', actual: 'foo-bar' },
    })
  })

  test('is listed wrongly by its page', async () => {
    const view = await viewOfPage({ filename: sdist, url: 5, hashes: {} })
    expect((await view.find(sdist)).vouched).toBeUndefined()
    expect(await view.find(sdist)).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringMatching(
        /^the page of foo-bar lists it wrongly \(files\[0\]\.url: .+\)$/,
      ),
    })
    expect(await view.find(wheel)).toMatchObject({ reason: 'the page of foo-bar does not list it' })
  })

  test('lacks a hash that counts', async () => {
    const hashes = new Map([['md5', '00'.repeat(16)]])
    expect(await (await viewOf('pages', { hashes })).find(wheel)).toEqual({
      verdict: 'no-hash',
      reason: 'the repository lists no usable hash of it',
    })
  })

  test('is not covered yet, or is elsewhere', async () => {
    const index = new IndexRepository({ layout: 'pages-and-files' })
    index.add(wheel, 'wheel', { covered: false })
    index.add(sdist, 'sdist', { url: 'https://files.test/sdist', covered: false })
    index.publish()
    const view = await index.view()
    expect(await view.find(wheel)).toMatchObject({
      verdict: 'not-covered',
      reason: expect.stringMatching(/^it is on its page, but not yet a target \(.+\)$/),
    })
    expect(await view.find(sdist)).toEqual({
      verdict: 'not-covered',
      reason: 'its URL does not say which target it is',
    })
  })

  test('has facts on page and target that disagree', async () => {
    for (const [more, what, expected, actual] of [
      [{ size: 6 }, 'length', '5', '6'],
      [{ hashes: new Map([['sha256', zeros]]) }, 'sha256', digest, zeros],
    ] as const) {
      expect(await (await viewOf('pages-and-files', more)).find(wheel)).toEqual({
        verdict: 'mismatch',
        reason: `its page and its target disagree about its ${what}`,
        difference: { what, expected, actual },
      })
    }
  })
})

describe('core metadata', () => {
  test('is beside its file, before the query of its URL', async () => {
    const { sha256 } = digestsOf(utf8ToBytes('Name: foo'))
    const coreMetadata = new Map([['sha256', sha256]])
    for (const [url, expected] of [
      ['https://files.test/a.whl', 'https://files.test/a.whl.metadata'],
      ['https://files.test/a.whl?b=c', 'https://files.test/a.whl.metadata?b=c'],
    ] as const) {
      const view = await viewOf('pages', { coreMetadata, url })
      const { vouched } = await view.find(`${wheel}.metadata`)
      expect(vouched).toMatchObject({
        ...{ project: 'foo-bar', version: '1.0', filename: `${wheel}.metadata` },
        ...{ address: { url: expected }, page: {} },
      })
      expect([...(vouched?.hashes ?? [])]).toEqual([['sha256', sha256]])
    }
  })

  test('that is listed without a hash has none that counts', async () => {
    const view = await viewOf('pages', { coreMetadata: true })
    expect(await view.find(`${wheel}.metadata`)).toEqual({
      verdict: 'no-hash',
      reason: 'the repository lists no usable hash of it',
    })
  })

  test('is not covered by an attestation', async () => {
    const index = new IndexRepository({ layout: 'pages' })
    index.add(wheel, 'wheel', { coreMetadata: new Map([['sha256', zeros]]) })
    index.publish()
    const judge = () => Promise.reject(new Error('asked'))
    const view = await index.view({ unsigned: true, judge })
    expect(await view.find(`${wheel}.metadata`)).toEqual({
      verdict: 'unknown',
      reason: 'attestations are about files, not about their metadata',
    })
  })
})

describe('an entry of a lock file', () => {
  async function check(
    one: Partial<LockEntry> & { readonly files: LockedFile[] },
    options?: CheckLockOptions,
    view = viewOf(),
  ): Promise<LockVerdict> {
    const entry = { name: 'foo-bar', version: '1.0', ...one }
    for await (const verdict of (await view).checkLock([entry], options)) return verdict
    throw new Error('the verdict is missing')
  }
  const sha256 = (value: string): Map<string, string> => new Map([['sha256', value]])

  test('agrees because the repository vouches for the file', async () => {
    const file = { filename: wheel, hashes: sha256(digest) }
    expect(await check({ files: [file] })).toMatchObject({
      ...{ verdict: 'match', reason: 'the repository vouches for it' },
    })
    expect(await check({ files: [file], anyFile: true })).toMatchObject({
      ...{ verdict: 'match', reason: `it is that of ${wheel}` },
    })
  })

  test.each<readonly [string, LockedFile, object]>([
    [
      'names no file',
      { hashes: sha256(digest) },
      { verdict: 'unknown', reason: 'the lock file does not name the file' },
    ],
    [
      'has another length',
      { filename: wheel, size: 6, hashes: sha256(digest) },
      { verdict: 'mismatch', reason: 'the lock file lists length 6, the repository 5' },
    ],
    [
      'has another hash',
      { filename: wheel, hashes: sha256(zeros) },
      {
        ...{
          verdict: 'mismatch',
          reason: `the lock file lists sha256 ${zeros}, the repository ${digest}`,
        },
        files: [{ difference: { what: 'sha256', expected: digest, actual: zeros } }],
      },
    ],
    [
      'lists no hash',
      { filename: wheel, hashes: new Map() },
      { verdict: 'no-hash', reason: 'the lock file lists no usable hash' },
    ],
    [
      'lists hashes that the repository does not',
      {
        filename: wheel,
        hashes: new Map([
          ['sha256', digest],
          ['sha512', '00'.repeat(64)],
          ['md5', '00'.repeat(16)],
        ]),
      },
      { verdict: 'no-hash', reason: 'the repository does not know its sha512, md5' },
    ],
    [
      'names a file of another project',
      { filename: 'other-1.0.tar.gz', hashes: sha256(digest) },
      { verdict: 'mismatch', reason: 'it is the name of a file of other' },
    ],
  ])('%s', async (_name, file, expected) => {
    expect(await check({ files: [file] })).toMatchObject(expected)
  })

  test.each<readonly [string, Map<string, string>, object]>([
    [
      'of no file of the release',
      sha256(zeros),
      {
        ...{ verdict: 'mismatch', reason: `no file of the release has sha256 ${zeros}` },
        files: [{ difference: { what: 'sha256', expected: digest, actual: zeros } }],
      },
    ],
    [
      'that is missing',
      new Map(),
      { verdict: 'no-hash', reason: 'the lock file lists no usable hash' },
    ],
    [
      'of a function that is unknown',
      new Map([...sha256(digest), ['md5', '00'.repeat(16)]]),
      { verdict: 'no-hash', reason: 'the repository does not know its md5' },
    ],
    [
      'of a function that the repository does not list',
      new Map([['sha512', '00'.repeat(64)]]),
      { verdict: 'no-hash', reason: 'the repository does not know its sha512' },
    ],
  ])('has a bare hash %s', async (_name, hashes, expected) => {
    expect(await check({ files: [{ hashes }], anyFile: true })).toMatchObject(expected)
  })

  test('has a bare hash that may be of a file that is not covered yet', async () => {
    const index = new IndexRepository({ layout: 'pages-and-files' })
    index.add(sdist, 'sdist')
    index.add(wheel, 'wheel', { covered: false })
    index.publish()
    const files = [{ hashes: sha256(zeros) }]
    expect(await check({ files, anyFile: true }, {}, index.view())).toMatchObject({
      ...{ verdict: 'not-covered' },
      reason: expect.stringMatching(/^it is on its page, but not yet a target/),
    })
  })

  test('is fetched for a hash that the repository does not list, where the caller asks for it', async () => {
    const hashes = new Map([['sha512', '00'.repeat(64)]])
    const files = [{ filename: wheel, hashes }]
    expect(await check({ files }, { download: true })).toMatchObject({
      verdict: 'mismatch',
      files: [{ difference: { what: 'sha512' } }],
    })
    expect(await check({ files }, { download: false })).toMatchObject({ verdict: 'no-hash' })
    expect(await check({ files, anyFile: true }, { download: true })).toMatchObject({
      verdict: 'mismatch',
    })
  })

  test('of a project without a page names the project', async () => {
    const bare = { files: [{ hashes: sha256(digest) }], anyFile: true }
    expect(await check({ ...bare, name: 'nothing' })).toMatchObject({
      reason: expect.stringMatching(/^the repository has no page of nothing/),
    })
    expect(await check({ ...bare, name: '-' })).toMatchObject({
      ...{ verdict: 'unknown', reason: 'its project is unknown' },
    })
    expect(await check({ ...bare, version: '9' })).toMatchObject({
      ...{ verdict: 'unknown', reason: 'its page lists no file of this version' },
    })
  })
})

test('a file that neither page nor target vouches for is not fetched', async () => {
  const view = await viewOf()
  const { vouched } = await view.find(wheel)
  const { page: _, ...nobody } = vouched!
  const repository = { downloadSource: () => Promise.reject(new Error('asked')) } as never
  const refusal = 'neither a page nor a target vouches for the file'
  await expect(streamFile(repository, nobody).next()).rejects.toThrow(new TypeError(refusal))
  await expect(saveFile(repository, nobody, 'nowhere')).rejects.toThrow(refusal)
})
