import { describe, expect, test } from '@jest/globals'
import { LockFileError } from '../../../src/errors.js'
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
    ['x.lock', 'foo==1.0', 'requirements.txt'],
    ['locks/linux', `# by uv\n\n${uv}`, 'uv.lock'],
    ['linux', poetry, 'poetry.lock'],
    ['x.lock', 'version = 1\nrequires-python = ">=3.9"\n', 'uv.lock'],
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
  ])('%s with %j is refused', async (name, text) => {
    expect((await refusal(name, text)).file).toBe(name)
  })
})

describe('a file that is not a lock file', () => {
  test.each([
    [
      'package.json',
      '{"name": "a", "version": "1.0", "dependencies": {}}',
      'a package.json of npm',
    ],
    ['package-lock.json', '{"name": "a", "lockfileVersion": 3}', 'a package-lock.json of npm'],
    ['x', '{"bomFormat": "CycloneDX"}', 'a bill of materials (CycloneDX)'],
    ['pyproject.toml', '[project]\nname = "a"\n', 'a pyproject.toml, which locks nothing'],
    ['Pipfile', '[[source]]\nurl = "x"\n[packages]\n', 'a Pipfile, which locks nothing'],
    ['Cargo.lock', 'version = 3\n[[package]]\nname = "a"\n', undefined],
    ['Gemfile', '{}', undefined],
    ['environment.yml', 'name: a\ndependencies:\n  - pip\n', 'YAML'],
    ['page', '<!DOCTYPE html>\n<html>', 'a web page'],
    ['setup', '# a\nimport os\n', 'a Python program'],
    ['key', '-----BEGIN PUBLIC KEY-----\n', 'a key, a certificate or a signature'],
  ])('is named by its content: %s', async (name, text, looks) => {
    const { reason } = await refusal(name, text)
    if (looks !== undefined) {
      expect(reason).toBe(`it is not a lock file of a known format; it looks like ${looks}`)
    }
  })

  test('and a JSON file of an unknown format is refused too', async () => {
    expect((await refusal('x', '{}')).reason).toBe('it is not a lock file of a known format')
  })
})

describe('bytes', () => {
  test.each([
    ['uv.lock', uv],
    ['poetry.lock', poetry],
    ['Pipfile.lock', pipenv],
  ])('%s may begin with a mark and use CRLF', async (name, text) => {
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
      // Whole lines may be missing: TOML marks no end.
      if (cut.endsWith('\n') || text[end] === '\n') continue
      await refusal('uv.lock', cut)
      cuts++
    }
    expect(cuts).toBeGreaterThan(150)
  })

  test('a syntax error in TOML names its line', async () => {
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
    const text = uv.replace('\nsource', '\nmetadata = { x = """\n[[package]]\n""" }\nsource')
    const { entries } = await read('uv.lock', text)
    expect(entries).toMatchObject([{ name: 'foo' }])
    expect(entries[0]).not.toHaveProperty('line')
  })

  test('a file above the limit is refused', async () => {
    const error = await refusal('a.txt', bytesOf('x'.repeat(11)), { maxLength: 10 })
    expect(error.message).toBe('a.txt: it is 11 bytes long, more than 10')
    await refusal('a.txt', new Uint8Array(64_000_001))
  })

  const megabytes50 = 50_000_000
  test.each([
    ['requirements.txt', 'foo==1.0 --hash=sha256:'],
    ['r.txt', ''],
    ['SHA256SUMS', ''],
    ['Pipfile.lock', '{"_meta": {"pipfile-spec": 6}, "default": {"'],
    ['poetry.lock', '# '],
    ['pdm.lock', 'x = "'],
    ['uv.lock', 'version = 1'],
    ['pylock.toml', ''],
  ])('%s with 50 MB in one line is refused, with the line', async (name, start) => {
    const bytes = new Uint8Array(megabytes50).fill(0x31)
    bytes.set(bytesOf(`\n\n${start}`))
    const error = await refusal(name, bytes)
    expect(error).toMatchObject({ code: 'ERR_TUF_LOCK_INVALID', file: name, line: 3 })
    expect(error.reason).toBe('the line is 49999998 characters long, more than 1000000')
  })

  test('lines that are joined to one of 50 MB are refused too', async () => {
    const error = await refusal('a.txt', `\n${`${'1'.repeat(999_990)}\\\n`.repeat(50)}`)
    expect(error.message).toMatch(/^a\.txt:2: the line is \d+ characters long/)
    const variables = { LONG: 'x'.repeat(100_000) }
    const expanded = await refusal('a.txt', `foo==${'${LONG}'.repeat(11)}`, { variables })
    expect(expanded.message).toMatch(/^a\.txt:1: the line is 1100005 characters long/)
  })

  test('an included file may contain lines as long as any other', async () => {
    const options = { read: async () => bytesOf(`# ${'x'.repeat(1_000_000)}`) }
    const error = await refusal('a.txt', '\n-r b.txt', options)
    expect(error).toMatchObject({ file: 'b.txt', line: 1 })
  })

  test.each([
    ['version', 'x'],
    ['version', '1.'],
    ['name', 'x'],
    ['source', 'x'],
  ])('a %s of many lines of %s that are one text is refused', async (field, piece) => {
    const quotes = '"'.repeat(3)
    const fields = new Map([
      ['name', '"foo"'],
      ['version', '"1"'],
      ['source', '{ registry = "x" }'],
    ])
    fields.set(field, `${quotes}${`${piece.repeat(400_000)}\\\n`.repeat(12)}${quotes}`)
    const lines = [...fields].map(([name, value]) => `${name} = ${value}`)
    const error = await refusal('uv.lock', `version = 1\n[[package]]\n${lines.join('\n')}`)
    expect(error).toMatchObject({ file: 'uv.lock', line: 2 })
    expect(error.message.length).toBeLessThan(300)
  })

  test.each([
    ['Pipfile.lock', `{"_meta": {"pipfile-spec": 6}, "default": {"${'x'.repeat(9e5)}": {}}}`],
    ['Pipfile.lock', `{"${'x'.repeat(9e5)}": {"z": 1, "z": 1}}`],
    ['Pipfile.lock', `{"_meta": {"pipfile-spec": "${'x'.repeat(9e5)}"}}`],
    ['uv.lock', `version = ${'1'.repeat(9e5)}`],
    ['a.txt', `-r ${'../'.repeat(3e5)}b.txt`],
    ['a.txt', 'x'.repeat(9e5)],
    ['SHA256SUMS', `${a}  ${'x'.repeat(9e5)}`],
  ])('%s: a long value does not make a long message (%#)', async (name, text) => {
    const { message } = await refusal(name, text, { read: async () => bytesOf('') })
    expect(message.length).toBeLessThan(500)
  })

  test('a text from a file is shown in part', async () => {
    expect((await refusal('a.txt', 'x '.repeat(50_000))).message.length).toBeLessThan(300)
  })
})

describe('every format', () => {
  const documents: readonly (readonly [name: string, text: string])[] = [
    ['requirements.txt', 'foo==1.0\n'],
    ['SHA256SUMS', `${a}  foo-1.0.tar.gz\n`],
    ['Pipfile.lock', pipenv],
    ['poetry.lock', poetry],
    ['pdm.lock', pdm],
    ['uv.lock', uv],
    [
      'pylock.toml',
      'lock-version = "1.0"\n[[packages]]\nname = "foo"\nversion = "1.0"\ndirectory = { path = "x" }\n',
    ],
  ]

  test.each(documents)('%s is read with CRLF, and with a mark in front', async (name, text) => {
    const expected = [{ name: 'foo', version: '1.0' }]
    const crlf = text.replaceAll('\n', '\r\n')
    for (const one of [text, crlf, `\ufeff${text}`, `\ufeff${crlf}`]) {
      expect((await read(name, one)).entries).toMatchObject(expected)
    }
  })

  test.each(documents)('%s: a carriage return alone hides no text', async (name, text) => {
    const hidden = read(name, `# a comment\r${text}`).then(
      ({ entries }) => entries.map((entry) => entry.name).join(),
      (error: unknown) => (error instanceof LockFileError ? 'refused' : error),
    )
    expect(['foo', 'refused']).toContain(await hidden)
  })

  test.each(documents)('%s names no project such as ../../x', async (name, text) => {
    const path = text.replace('foo', '../../x')
    if (name !== 'requirements.txt') expect((await refusal(name, path)).file).toBe(name)
    // There it is a path, which names no project and carries no hash.
    else expect((await read(name, path)).entries).toMatchObject([{ name: '', files: [] }])
  })

  test.each(documents)(
    '%s that ends too early says less, and never something else',
    async (name, text) => {
      for (let end = 0; end < text.length; end++) {
        const said = await read(name, text.slice(0, end)).then(
          ({ entries }) => entries.map((entry) => entry.name).join(),
          (error: unknown) => (error instanceof LockFileError ? '' : error),
        )
        expect(['', 'f', 'fo', 'foo']).toContain(said)
      }
    },
  )

  test.each(['poetry.lock', 'pdm.lock', 'uv.lock', 'pylock.toml', 'Pipfile.lock'])(
    '%s declares no encoding: a PEP 263 line is a comment, or an error',
    async (name) => {
      const text = documents.find(([one]) => one === name)?.[1] ?? ''
      const latin = new Uint8Array(Buffer.from(`# coding: latin-1 \xe9\n${text}`, 'latin1'))
      expect((await refusal(name, latin)).reason).toBe('it is not UTF-8')
      const plain = `# coding: utf-7\n${text}`
      if (name === 'Pipfile.lock') expect((await refusal(name, plain)).line).toBe(1)
      else expect((await read(name, plain)).entries).toHaveLength(1)
    },
  )

  test.each(['1', 'true', 'null', '"text"', '[]', '[1]', '{}', '{"x": 1}'])(
    '%s where something else belongs is refused',
    async (json) => {
      const places: [name: string, text: string, path: string | undefined][] = [
        ['Pipfile.lock', json, json.startsWith('{') ? '_meta' : undefined],
        ['Pipfile.lock', `{"_meta": {"pipfile-spec": ${json}}}`, '_meta.pipfile-spec'],
      ]
      if (json !== 'null') {
        const toml = json.replace(':', ' =')
        places.push(
          ['uv.lock', `version = ${toml === '1' ? '2' : toml}\npackage = []`, 'version'],
          ['poetry.lock', `metadata = { lock-version = ${toml} }`, 'metadata.lock-version'],
          ['pdm.lock', `metadata = { lock_version = ${toml} }`, 'metadata.lock_version'],
          ['pylock.toml', `lock-version = ${toml}\npackages = []`, 'lock-version'],
        )
      }
      for (const [name, text, path] of places) {
        expect(await refusal(name, text)).toMatchObject({ file: name, path })
      }
    },
  )
})

describe('the entries of a lock file', () => {
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
