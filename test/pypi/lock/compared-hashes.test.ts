import { describe, expect, test } from '@jest/globals'
import { filesOf, read, refusal, sha256 } from './reading.js'

const { a, b } = sha256
const wheel = 'foo-1.0-py3-none-any.whl'
const sdist = 'foo-1.0.tar.gz'
const url = `https://files.example.com/${wheel}`
const hash = `hash = "sha256:${a}"`
const files = `files = [{ file = "${wheel}", ${hash} }]`
const shared = `[metadata.files]\nfoo = [{ file = "${wheel}", ${hash} }]\n`

function poetry(version: string, fields: string, more = ''): string {
  return `[[package]]\nname = "foo"\nversion = "1.0"\n${fields}\n[metadata]\nlock-version = "${version}"\n${more}`
}

function source(type: string, location: string, more = ''): string {
  return `[package.source]\ntype = "${type}"\nurl = "${location}"\n${more}`
}

function pdm(fields: string, more = ''): string {
  return `[metadata]\nlock_version = "4.5.0"\n${more}[[package]]\nname = "foo"\nversion = "1.0"\n${fields}\n`
}

function uv(fields: string): string {
  return `version = 1\nrevision = 3\n[[package]]\nname = "foo"\nversion = "1.0"\n${fields}\n`
}

function pylock(fields: string): string {
  return `lock-version = "1.0"\ncreated-by = "hand"\n[[packages]]\nname = "foo"\nversion = "1.0"\n${fields}\n`
}

function pipfile(foo: object): string {
  const sources = [{ name: 'one', url: 'https://a.example/simple' }]
  return JSON.stringify({ _meta: { 'pipfile-spec': 6, sources }, default: { foo } })
}

const hashes = [`sha256:${a}`]

describe('a hash that the tool does not compare is left out', () => {
  test.each([
    ['poetry.lock', '1.1, a URL', poetry('1.1', source('url', url), shared)],
    ['poetry.lock', '1.1, another spelling', poetry('1.1', '', shared.replace('foo =', 'Foo ='))],
    ['poetry.lock', '1.1, another name', poetry('1.1', source('file', `x/${sdist}`), shared)],
    ['poetry.lock', '2.1, another name', poetry('2.1', `${files}\n${source('file', sdist)}`)],
    [
      'poetry.lock',
      '2.1, another name in the URL',
      poetry('2.1', `${files}\n${source('url', `${url}x`)}`),
    ],
    ['pdm.lock', 'another name', pdm(`url = "${url}x"\n${files}`)],
    ['pdm.lock', 'a path', pdm(`path = "./${wheel}"\n${files}`)],
    ['pdm.lock', 'editable', pdm(`path = "./${wheel}"\neditable = true\n${files}`)],
    [
      'uv.lock',
      'another name',
      uv(`source = { path = "${sdist}" }\nwheels = [{ filename = "${wheel}", ${hash} }]`),
    ],
    [
      'pylock.toml',
      'an archive',
      pylock(`archive = { url = "${url}", hashes = { sha256 = "${a}" } }`),
    ],
    [
      'pylock.toml',
      'no SHA-256',
      pylock(`wheels = [{ url = "${url}", hashes = { sha512 = "${a}${b}" } }]`),
    ],
    [
      'pylock.toml',
      'in capitals',
      pylock(`wheels = [{ url = "${url}", hashes = { SHA256 = "${a}" } }]`),
    ],
    ['Pipfile.lock', 'a URL', pipfile({ hashes, version: '==1.0', file: url })],
    ['Pipfile.lock', 'a path', pipfile({ hashes, version: '==1.0', path: `./${wheel}` })],
  ])('%s: %s', async (name, _, text) => {
    const { entries } = await read(name, text)
    expect(entries).toHaveLength(1)
    expect(entries.flatMap(filesOf).filter((file) => Object.hasOwn(file, 'sha256'))).toEqual([])
    expect(entries.flatMap(filesOf).filter((file) => Object.hasOwn(file, 'sha512'))).toEqual([])
  })

  test('one under the own name of an archive counts', async () => {
    for (const [name, text] of [
      ['poetry.lock', poetry('2.1', `${files}\n${source('url', `${url}#x`)}`)],
      ['poetry.lock', poetry('1.1', source('file', `../x/${wheel}`), shared)],
      ['pdm.lock', pdm(`url = "${url}"\n${files}`)],
      [
        'uv.lock',
        uv(`source = { path = "x/${wheel}" }\nwheels = [{ filename = "${wheel}", ${hash} }]`),
      ],
    ] as const) {
      const { entries } = await read(name, text)
      expect(entries.flatMap(filesOf)).toEqual([{ filename: wheel, sha256: a }])
    }
  })

  test('an escaped name in a URL is the name', async () => {
    const local = 'foo-1.0+cpu-py3-none-any.whl'
    const fields = `files = [{ file = "${local}", ${hash} }]\n${source('url', `https://x.example/${local.replace('+', '%2B')}`)}`
    const text = poetry('2.1', fields).replace('"1.0"', '"1.0+cpu"')
    const { entries } = await read('poetry.lock', text)
    expect(entries.flatMap(filesOf)).toEqual([{ filename: local, sha256: a }])
  })
})

describe('poetry.lock 1.1', () => {
  test('lists files of an unlocked version with the first package of the name', async () => {
    const other = `{ file = "foo-9.0.tar.gz", hash = "sha256:${b}" }`
    const text = poetry('1.1', '', shared.replace(' }]', ` }, ${other}]`))
    const { entries } = await read('poetry.lock', text)
    expect(entries.flatMap(filesOf)).toEqual([
      { filename: wheel, sha256: a },
      { filename: 'foo-9.0.tar.gz', sha256: b },
    ])
  })
})

describe('a dependency with a place of its own', () => {
  test.each([
    [`{ url = "${url}" }`, 'url', url],
    ['{ path = "../bar", develop = true }', 'path', '../bar'],
    ['{ git = "https://git.example.com/bar", rev = "x" }', 'vcs', 'https://git.example.com/bar'],
    [`[{ version = "1", markers = "extra == 'x'" }, { url = "${url}" }]`, 'url', url],
  ])('is an entry of poetry.lock: %s', async (value, origin, location) => {
    const text = poetry('2.1', `${files}\n[package.dependencies]\nbaz = ">=1"\nbar = ${value}\n`)
    const { entries } = await read('poetry.lock', text)
    expect(entries.map(({ name }) => name)).toEqual(['foo', 'bar'])
    expect(entries[1]).toMatchObject({ origin, location, files: [], version: undefined })
  })
})

describe('a field that is not known could name a file', () => {
  test.each([
    ['poetry.lock', poetry('1.1', files), 'package[0].files'],
    ['poetry.lock', poetry('2.1', '', shared), 'metadata.files'],
    [
      'poetry.lock',
      poetry('2.1', `source = { type = "legacy", url = "x", file = "y" }`),
      'package[0].source.file',
    ],
    [
      'poetry.lock',
      poetry('2.1', '[package.dependencies]\nbar = { link = "x" }'),
      'package[0].dependencies.bar.link',
    ],
    [
      'poetry.lock',
      poetry('2.1', 'files = [{ file = "x.zip", mirror = "y" }]'),
      'package[0].files[0].mirror',
    ],
    ['pdm.lock', pdm(files, '[metadata.files]\n'), 'metadata.files'],
    ['pdm.lock', pdm(`${files}\narchive = "x"`), 'package[0].archive'],
    ['pdm.lock', pdm(`${files}\nurl = "${url}"\npath = "x"`), 'package[0].path'],
    ['pdm.lock', pdm(`${files}\nsubdirectory = "x"`), 'package[0].subdirectory'],
    [
      'uv.lock',
      uv(`source = { registry = "x" }\nwheels = [{ url = "${url}", ${hash}, zstd = { ${hash} } }]`),
      'package[0].wheels[0].zstd',
    ],
    [
      'uv.lock',
      uv(`source = { registry = "x" }\nwheels = [{ url = "${url}", filename = "${wheel}" }]`),
      'package[0].wheels[0].filename',
    ],
    ['uv.lock', uv(`source = { registry = "x", subdirectory = "x" }`), 'package[0].source'],
    ['uv.lock', uv(`source = { registry = "x" }\nmirror = true`), 'package[0].mirror'],
    [
      'pylock.toml',
      pylock(
        `sdist = { url = "https://x.example/${sdist}", subdirectory = "x", hashes = { sha256 = "${a}" } }`,
      ),
      'packages[0].sdist.subdirectory',
    ],
    [
      'pylock.toml',
      pylock(
        `wheels = [{ name = "${wheel}", url = "https://x.example/${sdist}", hashes = { sha256 = "${a}" } }]`,
      ),
      'packages[0].wheels[0].name',
    ],
    [
      'pylock.toml',
      pylock(`wheels = []\n[packages.tool.pipenv]\nfile = "sha256:${b}"`),
      'packages[0].tool.pipenv.file',
    ],
    ['pylock.toml', `sources = [{ url = "${url}" }]\n${pylock('wheels = []')}`, 'sources'],
    ['Pipfile.lock', pipfile({ hashes, version: '==1.0', url }), 'default.foo.url'],
    ['Pipfile.lock', pipfile({ hashes, version: '==1.0', editable: true }), 'default.foo.editable'],
    [
      'Pipfile.lock',
      pipfile({ hashes, version: '==1.0', subdirectory: 'x' }),
      'default.foo.subdirectory',
    ],
    ['Pipfile.lock', pipfile({ path: 'x', git: 'https://x.example' }), 'default.foo.path'],
  ])('%s is refused: %s', async (name, text, path) => {
    expect((await refusal(name, text)).path).toBe(path)
  })

  test('numbers and dates do not', async () => {
    const fields = `source = { registry = "x" }\nage = 3\nwheels = [{ url = "${url}", ${hash}, seen = 2026-01-01T00:00:00Z }]`
    expect((await read('uv.lock', uv(fields))).entries).toHaveLength(1)
  })
})

describe('a text of Pipfile.lock becomes a part of a requirement', () => {
  test.each([
    ['extras', ['x] @ http://evil.example/foo-1.0-py3-none-any.whl #']],
    ['extras', 'x'],
    ['markers', `os_name == 'posix' --hash=sha256:${b}`],
    ['os_markers', `os_name=='posix' --hash=sha256:${b}`],
    ['os_name', `== 'posix' --hash=sha256:${b}`],
    ['version', `==1.0 --hash=sha256:${b}`],
    ['version', '===1.0,'],
    ['version', '==1.0; os_name == "nt"'],
    ['version', '===x'],
    ['hashes', [`sha256:${a} --hash=sha256:${b}`]],
    ['ref', `x --hash=sha256:${b}`],
    ['index', 'one --hash'],
    ['git', 'https://x.example/foo\nbar @ https://evil.example/bar.zip'],
    ['path', './foo bar'],
    ['file', '-rother.txt'],
    ['path', './foo\\'],
    ['file', null],
    ['git', null],
  ])('%s is refused: %j', async (field, value) => {
    const error = await refusal('Pipfile.lock', pipfile({ hashes, [field]: value }))
    expect(error.path).toBe(`default.foo.${field}`)
  })

  test('names of packages and URLs of indexes too', async () => {
    const name = await refusal('Pipfile.lock', pipfile({}).replace('"foo"', '"foo @ https://x"'))
    expect(name.reason).toContain('is not the name of a project')
    const index = pipfile({}).replace('/simple', '/simple --extra-index-url=x')
    expect((await refusal('Pipfile.lock', index)).path).toBe('_meta.sources[0].url')
  })

  test.each([
    [{ git: 'git+ssh://git@x.example/foo.git', ref: null }, 'vcs'],
    [{ path: '.\\lib', editable: true }, 'path'],
    [{ version: '==1.0', hashes, editable: false }, undefined],
  ])('%j is read', async (foo, origin) => {
    const { entries } = await read('Pipfile.lock', pipfile(foo))
    expect(entries.map((entry) => entry.origin)).toEqual([origin])
  })

  test('good ones are read', async () => {
    const foo = {
      hashes,
      version: '==1.0',
      extras: ['a', 'b-c'],
      markers: "python_version >= '3.9'",
      os_name: "== 'posix'",
      index: 'one',
    }
    const { entries } = await read('Pipfile.lock', pipfile(foo))
    expect(entries).toMatchObject([
      {
        version: '1.0',
        marker: "(python_version >= '3.9') and (os_name == 'posix')",
        anyFile: true,
      },
    ])
    expect(entries.flatMap(filesOf)).toEqual([{ sha256: a }])
  })
})

describe('the folder inside an archive or checkout', () => {
  test.each([
    ['poetry.lock', poetry('2.1', `${files}\n${source('url', url, 'subdirectory = "x"')}`)],
    ['poetry.lock', poetry('2.1', `${files}\n${source('url', `${url}#subdirectory=x`)}`)],
    [
      'poetry.lock',
      poetry('2.1', `${files}\n${source('git', 'https://x.example', 'subdirectory = "x"')}`),
    ],
    ['pdm.lock', pdm(`${files}\nurl = "${url}"\nsubdirectory = "x"`)],
    ['pdm.lock', pdm(`${files}\nurl = "${url}#subdirectory=x"`)],
    [
      'uv.lock',
      uv(`source = { url = "${url}", subdirectory = "x" }\nwheels = [{ url = "${url}", ${hash} }]`),
    ],
    ['uv.lock', uv(`source = { path = "${wheel}", subdirectory = "x" }`)],
    [
      'pylock.toml',
      pylock(`archive = { url = "${url}", hashes = { sha256 = "${a}" }, subdirectory = "x" }`),
    ],
    [
      'pylock.toml',
      pylock(`archive = { url = "${url}#subdirectory=x", hashes = { sha256 = "${a}" } }`),
    ],
    ['pylock.toml', pylock('directory = { path = "y", subdirectory = "x" }')],
    ['Pipfile.lock', pipfile({ file: `${url}#subdirectory=x` })],
    ['Pipfile.lock', pipfile({ git: 'https://x.example', subdirectory: 'x' })],
  ])('is told: %s with %s', async (name, text) => {
    const { entries } = await read(name, text)
    expect(entries).toMatchObject([{ subdirectory: 'x' }])
  })

  test('is refused for a file of an index', async () => {
    const listed = `wheels = [{ url = "${url}#subdirectory=x", hashes = { sha256 = "${a}" } }]`
    expect((await refusal('pylock.toml', pylock(listed))).reason).toContain('without subdirectory')
  })
})
