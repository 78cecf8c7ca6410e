import { describe, expect, test } from '@jest/globals'
import { IndexPageError } from '../../src/errors.js'
import type { IndexPage } from '../../src/pypi/pages/index-page.js'
import { parsePageHtml, writePageHtml } from '../../src/pypi/pages/page-html.js'
import { parsePageJson, writePageJson } from '../../src/pypi/pages/page-json.js'
import { parsePage } from '../../src/pypi/pages/parse-page.js'

const utf8 = new TextEncoder()
const options = { project: 'foo', baseUrl: 'https://index.test/simple/foo/' }
const hex = 'ab'.repeat(32)

const jsonFile = {
  filename: 'foo-1.0-py3-none-any.whl',
  url: '../../packages/foo-1.0-py3-none-any.whl#sha256=00',
  hashes: { sha256: hex.toUpperCase(), md5: '00' },
  'requires-python': '>=3.9,<4',
  'core-metadata': { sha256: hex },
  'data-dist-info-metadata': { sha256: hex },
  yanked: 'broken',
  size: 12,
  'upload-time': '2026-01-01T00:00:00.000000Z',
  provenance: 'https://index.test/integrity/foo',
  'x-kept': [1, { a: null }],
}
const jsonPage = {
  meta: { 'api-version': '1.4', '_last-serial': 7 },
  name: 'Foo',
  files: [jsonFile],
  versions: ['1.0'],
  'project-status': { status: 'archived', reason: 'moved' },
  'alternate-locations': [],
}

function fromJson(value: unknown, more = {}): IndexPage {
  return parsePageJson(utf8.encode(JSON.stringify(value)), { ...options, ...more })
}

function fromHtml(text: string): Promise<IndexPage> {
  return parsePageHtml(utf8.encode(text), options)
}

async function refusal(attempt: () => IndexPage | Promise<IndexPage>): Promise<IndexPageError> {
  try {
    await attempt()
  } catch (error) {
    if (error instanceof IndexPageError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('a page in JSON', () => {
  test('is read with every field, and keeps unknown ones', () => {
    expect(fromJson(jsonPage)).toEqual({
      apiVersion: '1.4',
      project: 'foo',
      versions: ['1.0'],
      projectStatus: { status: 'archived', reason: 'moved' },
      meta: new Map([['_last-serial', 7]]),
      other: new Map([['alternate-locations', []]]),
      files: [
        {
          filename: 'foo-1.0-py3-none-any.whl',
          url: 'https://index.test/packages/foo-1.0-py3-none-any.whl',
          hashes: new Map([
            ['sha256', hex],
            ['md5', '00'],
          ]),
          requiresPython: '>=3.9,<4',
          coreMetadata: new Map([['sha256', hex]]),
          yanked: 'broken',
          size: 12,
          uploadTime: '2026-01-01T00:00:00.000000Z',
          provenance: 'https://index.test/integrity/foo',
          other: new Map([['x-kept', [1, { a: null }]]]),
        },
      ],
    })
  })

  test('that is written and read again is the same', () => {
    const page = fromJson(jsonPage)
    expect(parsePageJson(utf8.encode(writePageJson(page)), options)).toEqual(page)
  })

  test.each(['#', '#sha256=00', '#egg=a#b'])('a file URL loses its fragment %s', async (end) => {
    const url = `https://files.test/a-1.0.zip${end}`
    const files = [{ filename: 'a-1.0.zip', url, hashes: {} }]
    const json = JSON.stringify({ meta: { 'api-version': '1.0' }, name: 'foo', files })
    const page = await parsePage(new TextEncoder().encode(json), {
      project: 'foo',
      baseUrl: 'https://index.test/simple/foo/',
    })
    expect(page.files[0]?.url).toBe('https://files.test/a-1.0.zip')
  })

  test('can point to files elsewhere when it is written', () => {
    const fileUrl = ({ filename }: { filename: string }): string => `/files/${filename}`
    const written = JSON.parse(writePageJson(fromJson(jsonPage), { fileUrl }))
    expect(written.files[0]).toMatchObject({
      url: '/files/foo-1.0-py3-none-any.whl',
      hashes: { sha256: hex },
      'core-metadata': { sha256: hex },
      'dist-info-metadata': { sha256: hex },
      'x-kept': [1, { a: null }],
    })
    expect(written.meta).toEqual({ '_last-serial': 7, 'api-version': '1.4' })
  })

  test('takes `__proto__` for an ordinary name', () => {
    const text = `{"meta":{"api-version":"1.0"},"name":"foo","__proto__":{"a":1},"files":[{
      "filename":"f.whl","url":"f.whl","hashes":{"__proto__":"00"},"constructor":1}]}`
    const page = parsePageJson(utf8.encode(text), options)
    expect(page.files[0]?.hashes).toEqual(new Map([['__proto__', '00']]))
    expect(page.other).toEqual(new Map([['__proto__', { a: 1 }]]))
    expect(writePageJson(page)).toContain('"__proto__":{"a":1}')
    expect(parsePageJson(utf8.encode(writePageJson(page)), options)).toEqual(page)
  })

  test('reads null as absent, an empty reason as not yanked, and older names of core metadata', () => {
    const { 'core-metadata': _, 'data-dist-info-metadata': __, ...file } = jsonFile
    const older = { ...file, 'dist-info-metadata': true, yanked: '', size: null }
    const [parsed] = fromJson({ ...jsonPage, files: [older] }).files
    expect(parsed).toMatchObject({ coreMetadata: true, yanked: false })
    expect(parsed).not.toHaveProperty('size')
  })

  const wrong: [path: string, change: object][] = [
    ['meta', { meta: undefined }],
    ['meta', { meta: [] }],
    ['meta.api-version', { meta: {} }],
    ['meta.api-version', { meta: { 'api-version': 1.4 } }],
    ['meta.api-version', { meta: { 'api-version': '2.0' } }],
    ['meta.api-version', { meta: { 'api-version': '1' } }],
    ['name', { name: 'bar' }],
    ['name', { name: 7 }],
    ['name', { name: '../../x' }],
    ['files', { files: {} }],
    ['files', { files: undefined }],
    ['versions', { versions: 'a' }],
    ['versions[1]', { versions: ['a', 1] }],
    ['project-status', { 'project-status': 'archived' }],
    ['project-status.status', { 'project-status': {} }],
  ]

  const odd: [path: string, change: object][] = [
    ['files[0]', { files: ['a'] }],
    ...Object.entries({
      filename: [undefined, 7, '../x', 'a/b', '..', 'a\\b', ''],
      url: [undefined, 7, 'javascript:alert(1)', 'file:///etc/passwd', 'https://'],
      hashes: [undefined, [], 'sha256'],
      'requires-python': [3.9],
      yanked: [1, {}],
      size: ['12', 1.5, -1, 2 ** 53],
      'upload-time': [0],
    }).flatMap(([name, values]) =>
      values.map((value): [string, object] => [
        `files[0].${name}`,
        { files: [{ ...jsonFile, [name]: value }] },
      ]),
    ),
    ['files[0].hashes.sha256', { files: [{ ...jsonFile, hashes: { sha256: 'xyz' } }] }],
    ['files[0].hashes.sha256', { files: [{ ...jsonFile, hashes: { sha256: '' } }] }],
    ['files[0].hashes.sha256', { files: [{ ...jsonFile, hashes: { sha256: 7 } }] }],
  ]

  test.each(wrong)('is refused for %s: %j', async (path, change) => {
    const error = await refusal(() => fromJson({ ...jsonPage, ...change }))
    expect(error).toMatchObject({ code: 'ERR_TUF_PAGE_INVALID', project: 'foo', path })
    expect(error.message).toContain(path)
  })

  test.each(odd)('is read without a file for %s: %j', (path, change) => {
    const good = { ...jsonFile, filename: 'foo-2.0-py3-none-any.whl' }
    const { files } = { files: [], ...change }
    const page = fromJson({ ...jsonPage, files: [...files, good] })
    expect(page.files.map(({ filename }) => filename)).toEqual([good.filename])
    expect(page.leftOut).toMatchObject([{ path, part: 'file' }])
  })

  test.each([
    ['core-metadata', 'core-metadata', 'yes'],
    ['core-metadata', 'core-metadata', 1],
    ['core-metadata.sha256', 'core-metadata', { sha256: null }],
    ['core-metadata.sha256', 'core-metadata', { sha256: '' }],
    ['provenance', 'provenance', true],
    ['provenance', 'provenance', 'data:,'],
  ])('lists a file without its odd %s', (path, part, value) => {
    const { files, leftOut } = fromJson({ ...jsonPage, files: [{ ...jsonFile, [part]: value }] })
    expect(files).toMatchObject([
      { filename: jsonFile.filename, hashes: new Map(Object.entries({ sha256: hex, md5: '00' })) },
    ])
    expect(files[0]).not.toHaveProperty(part === 'provenance' ? part : 'coreMetadata')
    expect(leftOut).toMatchObject([{ path: `files[0].${path}`, name: jsonFile.filename, part }])
  })

  test.each(['', '{', '[]', 'null', '"a"', '{"meta":{}} x'])('%j is refused', async (text) => {
    const error = await refusal(() => parsePageJson(utf8.encode(text), options))
    expect(error.path).toBe('')
  })

  test('is refused when it is not UTF-8', async () => {
    const error = await refusal(() => parsePageJson(Uint8Array.of(0x7b, 0xff, 0x7d), options))
    expect(error.reason).toBe('it is not UTF-8')
  })
})

const htmlPage = `<!DOCTYPE html>
<html><head><meta name="pypi:repository-version" content="1.4">
<meta name="pypi:project-status" content="archived">
<meta name="pypi:project-status-reason" content="it &amp; that">
<title>Links for foo</title></head><body><h1>Links for foo</h1>
<a href="https://files.test/foo-1.0-py3-none-any.whl#sha256=${hex}"
  data-requires-python="&gt;=3.9,&lt;4" data-core-metadata="sha256=${hex}"
  data-dist-info-metadata="true" data-yanked="a &quot;reason&quot;" data-gpg-sig="true"
  data-provenance="/integrity/foo">foo-1.0-py3-none-any.whl</a><br/>
<a href="foo-1.0.tar.gz#egg=foo&sha512=00">
  foo-1.0.tar.gz </a>
<a href=/foo-1.0%2Bx.tar.gz data-yanked data-dist-info-metadata=true>foo-1.0<b>+x</b>.tar.gz</a>
</body></html>`

describe('a page in HTML', () => {
  test('is read with every attribute', async () => {
    expect(await fromHtml(htmlPage)).toEqual({
      apiVersion: '1.4',
      project: 'foo',
      projectStatus: { status: 'archived', reason: 'it & that' },
      files: [
        {
          filename: 'foo-1.0-py3-none-any.whl',
          url: 'https://files.test/foo-1.0-py3-none-any.whl',
          hashes: new Map([['sha256', hex]]),
          requiresPython: '>=3.9,<4',
          coreMetadata: new Map([['sha256', hex]]),
          yanked: 'a "reason"',
          provenance: 'https://index.test/integrity/foo',
        },
        {
          filename: 'foo-1.0.tar.gz',
          url: 'https://index.test/simple/foo/foo-1.0.tar.gz',
          hashes: new Map([['sha512', '00']]),
        },
        {
          filename: 'foo-1.0+x.tar.gz',
          url: 'https://index.test/foo-1.0%2Bx.tar.gz',
          hashes: new Map(),
          coreMetadata: true,
          yanked: true,
        },
      ],
    })
  })

  test('that is written and read again is the same', async () => {
    const page = await fromHtml(htmlPage)
    expect(await fromHtml(writePageHtml(page))).toEqual(page)
    const hostile: IndexPage = {
      ...page,
      files: page.files.map((file) => ({ ...file, yanked: '"><script>&amp;\'' })),
    }
    expect(await fromHtml(writePageHtml(hostile))).toEqual(hostile)
    expect(writePageHtml(hostile)).not.toContain('<script')
  })

  test('can be written from JSON, and with its files elsewhere', async () => {
    const page = fromJson(jsonPage)
    const fileUrl = ({ filename }: { filename: string }): string => `/files/${filename}`
    const written = writePageHtml(page, { fileUrl })
    expect(written).toContain(`<a href="/files/foo-1.0-py3-none-any.whl#sha256=${hex}"`)
    const [file] = (await fromHtml(written)).files
    expect(file).toMatchObject({ yanked: 'broken', requiresPython: '>=3.9,<4' })
  })

  test('may say where its URLs start', async () => {
    const page = await fromHtml(
      '<base href="/b/"><base href="/c/"><a href="foo-1.0.tar.gz">foo-1.0.tar.gz</a>',
    )
    expect(page.files[0]?.url).toBe('https://index.test/b/foo-1.0.tar.gz')
    expect(page.apiVersion).toBe('1.0')
  })

  test('may list no file when it says that it is an index page', async () => {
    const page = await fromHtml('<meta name="pypi:repository-version" content="1.1"><h1>foo</h1>')
    expect(page).toEqual({ apiVersion: '1.1', project: 'foo', files: [] })
  })

  test('contains no link in text or comments, as the parser sees them', async () => {
    const page = await fromHtml(
      `<title><a href="a-1.0.zip">a-1.0.zip</a></title><!-- <a href="b-1.0.zip">b-1.0.zip</a> -->
       <script>'<a href="c-1.0.zip">c-1.0.zip</a>'</script><a href="d-1.0.zip">d-1.0.zip</a>`,
    )
    expect(page.files.map(({ filename }) => filename)).toEqual(['d-1.0.zip'])
  })

  test.each([
    ['', 'nothing', ''],
    ['', 'text', 'not a page'],
    ['', 'JSON', '{}'],
    ['', 'a page without files', '<!DOCTYPE html><h1>Not found</h1>'],
    ['a[0]', 'a link to a page', '<a href="/simple/foo/">foo</a>'],
    ['a[0]', 'a link to the folder above', '<a href="../">Parent directory</a>'],
    ['a[0]', 'a hidden folder', '<a href="a%2fb.zip">a/b.zip</a>'],
    ['a[0].href', 'a script', '<a href="javascript:x">x</a>'],
    ['a[0].href', 'no digits', '<a href="a.zip#sha256=xyz">a.zip</a>'],
    ['base', 'a base that is none', '<base href="data:,"><a href="a.zip">a.zip</a>'],
    ['meta.pypi:repository-version', 'v2', '<meta name="pypi:repository-version" content="2.0">'],
  ])('is refused at %j for %s', async (path, _, text) => {
    const error = await refusal(() => fromHtml(text))
    expect(error).toMatchObject({ code: 'ERR_TUF_PAGE_INVALID', project: 'foo', path })
  })

  test.each([
    ['another file', '<a href="evil.zip">b.zip</a>', '', 'b.zip'],
    ['a folder', '<a href="cpu/torch-1.whl">cpu/torch-1.whl</a>', '', 'cpu/torch-1.whl'],
    ['version control', '<a href="git+https://a.test/b">b.zip</a>', '.href', 'b.zip'],
    ['Parent', '<a href="../">Parent</a>', '', 'Parent'],
    ['no digits', '<a href="b.zip#sha256=">b.zip</a>', '.href', 'b.zip'],
  ])('of 500 files with one odd link lists the others: %s', async (_, link, field, name) => {
    const good = Array.from({ length: 500 }, (_, at) => `<a href="a-${at}.zip">a-${at}.zip</a>`)
    const page = await fromHtml([...good.slice(0, 7), link, ...good.slice(7)].join('\n'))
    expect(page.files).toHaveLength(500)
    expect(page.leftOut).toMatchObject([{ path: `a[7]${field}`, name, part: 'file' }])
  })

  test.each([
    ['core-metadata', '<a data-core-metadata href="a.zip">a.zip</a>'],
    ['core-metadata', '<a data-core-metadata=1 href="a.zip">a.zip</a>'],
    ['provenance', '<a data-provenance="data:," href="a.zip">a.zip</a>'],
  ])('lists a file without its odd %s: %s', async (part, text) => {
    const { files, leftOut } = await fromHtml(text)
    expect(files).toEqual([
      { filename: 'a.zip', url: 'https://index.test/simple/foo/a.zip', hashes: new Map() },
    ])
    expect(leftOut).toMatchObject([{ path: `a[0].data-${part}`, name: 'a.zip', part }])
  })

  test('is read at any depth', async () => {
    const depth = 20_000
    const page = await fromHtml(`${'<div>'.repeat(depth)}<a href="a.zip">a.zip</a>`)
    expect(page.files).toHaveLength(1)
  })

  test('with links in links is abandoned at the first', async () => {
    for (const nested of [
      '<a href="a.zip">a.zip<object><a href="b.zip"></a>',
      '<a href=x><object>t'.repeat(20_000),
    ]) {
      const error = await refusal(() => fromHtml(nested))
      expect([error.path, error.reason]).toEqual(['a[0]', 'it contains a link'])
    }
  })

  test('whose crossed tags multiply is refused', async () => {
    const crossed = Array.from({ length: 1_100 }, (_, i) => `<b id=${i}><p>`).join('')
    expect(await refusal(() => fromHtml(crossed))).toMatchObject({
      reason: 'more than 500000 elements',
    })
  })
})

describe('a page in either form', () => {
  test('is recognised by its first character', async () => {
    const json = utf8.encode(`\n ${JSON.stringify(jsonPage)}`)
    expect((await parsePage(json, options)).versions).toEqual(['1.0'])
    expect((await parsePage(utf8.encode(htmlPage), options)).files).toHaveLength(3)
    await expect(parsePage(json, { ...options, form: 'html' })).rejects.toThrow(IndexPageError)
  })

  test.each(['html', 'json'] as const)(
    'of 100 MB is refused as %s before it is read',
    async (form) => {
      const page = new Uint8Array(100_000_000)
      const error = await refusal(() => parsePage(page, { ...options, form }))
      expect(error.reason).toBe('it is 100000000 bytes long, more than 64000000')
    },
  )

  test('of another project than a project is never asked for', async () => {
    await expect(
      parsePage(utf8.encode(htmlPage), { ...options, project: '../../x' }),
    ).rejects.toMatchObject({ code: 'ERR_TUF_NAME_UNSAFE' })
  })
})
