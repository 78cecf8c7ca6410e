import { describe, expect, test } from '@jest/globals'
import { bytesOf, read, refusal, sha256 } from './reading.js'

const { a } = sha256
const uv = `version = 1\n[[package]]\nname = "foo"\nversion = "1.0"\nsource = { registry = "https://a.example/simple" }\n`
const poetry = '[[package]]\nname = "foo"\nversion = "1.0"\n[metadata]\nlock-version = "2.1"\n'
const pdm = '[[package]]\nname = "foo"\nversion = "1.0"\n[metadata]\nlock_version = "4.5.0"\n'
const pylock = 'lock-version = "1.0"\npackages = []\n'
const pipenv = '{"_meta": {"pipfile-spec": 6}, "default": {"foo": {"version": "==1.0"}}}'

describe('which format it is', () => {
  test.each([
    ['requirements.txt', 'foo==1.0', 'requirements.txt'],
    ['requirements.in', '', 'requirements.txt'],
    ['folder/pylock.toml', pylock, 'pylock.toml'],
    ['folder\\uv.lock', uv, 'uv.lock'],
    ['pylock.dev.toml', pylock, 'pylock.toml'],
    ['x.toml', pylock, 'pylock.toml'],
    ['x.lock', uv, 'uv.lock'],
    ['x.lock', poetry, 'poetry.lock'],
    ['x.lock', pdm, 'pdm.lock'],
    ['x.lock', pipenv, 'Pipfile.lock'],
    ['x', `${a}  foo.whl`, 'SHA256SUMS'],
    ['x.txt', `\n# sums\nSHA256 (foo.whl) = ${a}`, 'SHA256SUMS'],
    ['x.lock', `${a}  foo.whl`, 'SHA256SUMS'],
  ])('%s with %j', async (name, text, format) => {
    expect((await read(name, text)).format).toBe(format)
  })

  test.each([
    ['uv.lock', poetry],
    ['poetry.lock', uv],
    ['pdm.lock', poetry],
    ['pylock.toml', uv],
    ['pylock.toml', pipenv],
    ['Pipfile.lock', poetry],
    ['SHA256SUMS', 'foo==1.0'],
    ['requirements.txt', poetry],
    ['requirements.txt', '<html>'],
    ['pyproject.toml', '[project]\nname = "foo"\n'],
    ['pyproject.toml', '[[package]]\nname = "foo"\n'],
    ['x.lock', 'foo==1.0'],
  ])('%s with %j is refused', async (name, text) => {
    expect((await refusal(name, text)).file).toBe(name)
  })
})

describe('bytes', () => {
  test.each([
    ['uv.lock', uv],
    ['poetry.lock', poetry],
    ['Pipfile.lock', pipenv],
  ])('%s may have a mark and CRLF', async (name, text) => {
    const { entries } = await read(name, `\ufeff${text.replaceAll('\n', '\r\n')}`)
    expect(entries).toMatchObject([{ name: 'foo', version: '1.0' }])
  })

  test.each(['uv.lock', 'Pipfile.lock', 'SHA256SUMS', 'requirements.txt'])(
    '%s that is not UTF-8 is refused',
    async (name) => {
      expect((await refusal(name, Uint8Array.of(0x23, 0x20, 0xe9, 0x0a))).reason).toBe(
        'it is not UTF-8',
      )
    },
  )

  test('a document that is cut off within a line is refused', async () => {
    const text = `version = 1\n[[package]]\nname = "foo"\nversion = "1.0"\nsource = { registry = "x" }\nwheels = [{ url = "https://a.example/foo-1.0-py3-none-any.whl", hash = "sha256:${a}" }]`
    let cuts = 0
    for (let end = 24; end < text.length; end++) {
      const cut = text.slice(0, end)
      // Whole lines may be missing: TOML has no end.
      if (cut.endsWith('\n') || text[end] === '\n') continue
      await refusal('uv.lock', cut)
      cuts++
    }
    expect(cuts).toBeGreaterThan(150)
  })

  test('a syntax error in TOML has its line', async () => {
    const error = await refusal('uv.lock', 'version = 1\n\n[[package]\n')
    expect(error).toMatchObject({ line: 3, path: undefined })
    expect(error.message).toMatch(/^uv\.lock:3: [^\n]*$/)
  })

  test.each([
    ['arrays', '['],
    ['tables', '{a='],
    ['dots', 'a.'],
  ])('%s without end are refused', async (_, piece) => {
    const prefix = piece === 'a.' ? 'version = 2\n' : 'a='
    await refusal('uv.lock', prefix + piece.repeat(200_000) + (piece === 'a.' ? 'a = 1' : ''))
    await refusal('Pipfile.lock', `{"_meta": ${'['.repeat(200_000)}`)
  })

  test.each(['__proto__', 'constructor', 'toString'])('%s is an ordinary name', async (name) => {
    await refusal('uv.lock', `[${name}]\nversion = 1\npackage = []`)
    const error = await refusal('Pipfile.lock', `{"${name}": {"_meta": {"pipfile-spec": 6}}}`)
    expect(error.path).toBe('_meta')
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('the line of a table is unknown where something only looks like one', async () => {
    const text = uv.replace('name = ', 'summary = """\n[[package]]\n"""\nname = ')
    const { entries } = await read('uv.lock', text)
    expect(entries).toMatchObject([{ name: 'foo' }])
    expect(entries[0]).not.toHaveProperty('line')
  })

  test('a file longer than it may be is refused', async () => {
    const error = await refusal('a.txt', bytesOf('x'.repeat(11)), { maxLength: 10 })
    expect(error.message).toBe('a.txt: it is 11 bytes long, more than 10')
    await refusal('a.txt', new Uint8Array(64_000_001))
  })

  test('a text from a file is shown in part', async () => {
    expect((await refusal('a.txt', 'x '.repeat(50_000))).message.length).toBeLessThan(300)
  })
})

describe('what a lock file says', () => {
  test('of every index, once', async () => {
    const text =
      '-i https://a.example/\n--extra-index-url https://b.example/\n-i https://a.example/\n'
    expect((await read('a.txt', text)).indexes).toEqual([
      'https://a.example/',
      'https://b.example/',
    ])
    expect((await read('uv.lock', uv)).indexes).toEqual(['https://a.example/simple'])
  })

  test('of constraints: those of another environment are left out too', async () => {
    const options = {
      environment: { os_name: 'nt' },
      read: async () => bytesOf("foo==1 ; os_name == 'nt'\nbar==1 ; os_name == 'posix'"),
    }
    const { constraints, skipped } = await read('a.txt', '-c c.txt', options)
    expect(constraints.map(({ name }) => name)).toEqual(['foo'])
    expect(skipped.map(({ name }) => name)).toEqual(['bar'])
  })

  test('variables are asked for their own values only', async () => {
    const variables = { ['NAME']: 'foo', EMPTY: '' }
    expect((await read('a.txt', '${NAME}==1', { variables })).entries[0]?.name).toBe('foo')
    await refusal('a.txt', '${EMPTY}==1', { variables })
    await refusal('a.txt', 'foo==${CONSTRUCTOR}', { variables })
  })
})
