import { describe, expect, test } from '@jest/globals'
import { pagesAndFilesLayout, pagesLayout, rstufLayout } from '../../src/pypi/index.js'

const rest = '3c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319'.padStart(60, '0')
const digest = `bddd${rest}`
const file = { project: 'foo', version: '1.0', filename: 'foo-1.0+x.tar.gz' }
const url = `https://files.test/packages/bd/dd/${rest}/foo-1.0%2Bx.tar.gz`

describe('layouts', () => {
  test('pages: the page is under the name of its project', () => {
    const layout = pagesLayout()
    expect(layout).toMatchObject({ name: 'pages', filesAreTargets: false })
    expect(layout.pages('foo')).toEqual([{ path: 'foo' }])
    expect(layout.file({ ...file, url })).toBeUndefined()
  })

  test('pages-and-files: files are below their BLAKE2b digest', () => {
    const layout = pagesAndFilesLayout()
    expect(layout).toMatchObject({ name: 'pages-and-files', filesAreTargets: true })
    expect(layout.pages('foo')).toEqual([{ path: 'foo/index.html' }])
    const path = `bd/dd/${rest}/foo-1.0+x.tar.gz`
    expect(layout.file({ ...file, url })).toEqual({ path })
    expect(layout.file({ ...file, blake2b: digest })).toEqual({ path })
    expect(layout.file(file)).toBeUndefined()
    expect(layout.file({ ...file, url: 'https://files.test/foo-1.0.tar.gz' })).toBeUndefined()
  })

  test("rstuf: paths are as given, and names are the updater's", () => {
    const layout = rstufLayout({ page: ['a/{project}', 'b/{project}'], file: 'f/{filename}' })
    expect(layout.pages('foo')).toEqual([{ path: 'a/foo' }, { path: 'b/foo' }])
    expect(layout.file(file)).toEqual({ path: 'f/foo-1.0+x.tar.gz' })
    expect(rstufLayout({ file: '{filename}' }).pages('foo')).toEqual([])
    expect(rstufLayout({ page: '{project}' }).filesAreTargets).toBe(false)
  })

  test('say where files are served, and in which form', () => {
    const layout = pagesAndFilesLayout({
      page: '{project}',
      pageUrl: 'https://index.test/simple/{project}/',
      baseUrl: 'https://index.test/base/',
      pageHashPrefix: false,
      form: 'html',
      file: '{project}/{version}/{blake2b}',
      fileUrl: 'https://mirror.test/{blake2b_path}/{filename}',
      fileHashPrefix: true,
    })
    expect(layout.pages('foo')).toEqual([
      {
        path: 'foo',
        url: 'https://index.test/simple/foo/',
        baseUrl: 'https://index.test/base/',
        hashPrefix: false,
        form: 'html',
      },
    ])
    expect(layout.file({ ...file, url })).toEqual({
      path: `foo/1.0/${digest}`,
      url: `https://mirror.test/bd/dd/${rest}/foo-1.0%2Bx.tar.gz`,
      hashPrefix: true,
    })
    expect(pagesAndFilesLayout({ fileUrl: '{url}' }).file({ ...file, url })).toMatchObject({ url })
  })

  test('may take files that are not targets from another place than their page says', () => {
    const layout = pagesLayout({ fileUrl: 'https://mirror.test/{project}/{filename}' })
    expect(layout.filesAreTargets).toBe(false)
    expect(layout.file({ ...file, url })).toEqual({
      path: '',
      url: 'https://mirror.test/foo/foo-1.0%2Bx.tar.gz',
    })
    expect(pagesLayout().file({ ...file, url })).toBeUndefined()
    const unknown = pagesLayout({ fileUrl: 'https://mirror.test/{blake2b}' })
    expect(unknown.file({ ...file, url: 'https://index.test/x' })).toBeUndefined()
  })

  test.each(['{name}', '{filename}', '{', '}', '{project', 'project}', '{}', '{{project}}'])(
    'refuse the template %j for a page',
    (page) => {
      expect(() => pagesLayout({ page })).toThrow(TypeError)
    },
  )

  test('refuse templates that cannot be filled', () => {
    expect(() => pagesAndFilesLayout({ file: '{sha256}' })).toThrow(TypeError)
    expect(() => pagesAndFilesLayout({ fileUrl: '{path}' })).toThrow(TypeError)
    expect(() => rstufLayout({})).toThrow(TypeError)
  })

  test.each([
    'https://user:hunter2@h/{project}',
    'https:///user:hunter2@h/',
    'https:\\\\u:hunter2@h/',
  ])('refuse credentials in the URL %j, and do not repeat them', (template) => {
    for (const name of ['pageUrl', 'baseUrl']) {
      const make = (): unknown => pagesLayout({ [name]: template })
      expect(make).toThrow(TypeError)
      expect(make).toThrow(/^(?!.*hunter2)/s)
    }
  })

  test('accept an @ after the host', () => {
    expect(() => pagesLayout({ pageUrl: 'https://h/@{project}' })).not.toThrow()
  })
})
