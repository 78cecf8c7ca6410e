import { describe, expect, test } from '@jest/globals'
import { filesOf, read, refusal, sha256 } from './reading.js'

const { a, b } = sha256
const wheel = 'foo-1.0-py3-none-any.whl'
const url = `https://files.example.com/${wheel}`

/** Each with one package, `…` where tests put something in its place. */
const documents = {
  'Pipfile.lock': `{"_meta": {"pipfile-spec": 6, "sources": [{"name": "one", "url": "https://a.example/simple"}]}, "default": {"foo": {…}}}`,
  'poetry.lock': `[[package]]\nname = "foo"\nversion = "1.0"\n…\n[metadata]\nlock-version = "2.1"\n`,
  'pdm.lock': `[metadata]\nlock_version = "4.5.0"\n[[package]]\nname = "foo"\n…\n`,
  'uv.lock': `version = 1\nrevision = 3\n[[package]]\nname = "foo"\n…\n`,
  'pylock.toml': `lock-version = "1.0"\ncreated-by = "hand"\n[[packages]]\nname = "foo"\n…\n`,
} as const

function document(name: keyof typeof documents, fields: string): string {
  return documents[name].replace('…', () => fields)
}

describe('Pipfile.lock', () => {
  test.each([
    ['"version": "==1.0"', { version: '1.0' }],
    ['"version": "*", "index": "one"', { index: 'https://a.example/simple' }],
    ['"git": "https://git.example.com/foo", "ref": "abc"', { origin: 'vcs' }],
    ['"path": "./foo", "editable": true', { origin: 'path', location: './foo' }],
    ['"file": "./foo-1.0.tar.gz"', { origin: 'path', version: '1.0' }],
    [`"file": "${url}#egg=foo"`, { origin: 'url', version: '1.0', location: url }],
  ])('%s', async (fields, expected) => {
    const { entries } = await read('Pipfile.lock', document('Pipfile.lock', fields))
    expect(entries).toMatchObject([{ name: 'foo', files: [], ...expected }])
  })

  test.each([
    ['"version": "1.0"', 'default.foo.version'],
    ['"version": ">=1.0"', 'default.foo.version'],
    ['"version": 1', 'default.foo.version'],
    ['"version": null', 'default.foo.version'],
    ['"hashes": "sha256:x"', 'default.foo.hashes'],
    ['"hashes": [1]', 'default.foo.hashes'],
    ['"hashes": ["sha256:zz"]', 'default.foo.hashes'],
    ['"index": "two"', 'default.foo.index'],
    ['"file": "http://"', 'default.foo.file'],
    ['"version": "==1.0", "version": "==1.1"', 'default.foo.version'],
  ])('%s is refused', async (fields, path) => {
    const error = await refusal('Pipfile.lock', document('Pipfile.lock', fields))
    expect(error).toMatchObject({ file: 'Pipfile.lock', path })
  })

  test.each([
    ['{"_meta": {"pipfile-spec": 7}}', '_meta.pipfile-spec'],
    ['{"_meta": {"pipfile-spec": 6}, "default": []}', 'default'],
    ['{"_meta": {"pipfile-spec": 6}, "default": {"../x": {}}}', 'default."../x"'],
    ['{"_meta": {"pipfile-spec": 6}, "default": {"foo": "*"}}', 'default.foo'],
    ['{"default": {}}', '_meta'],
    ['[]', undefined],
  ])('%s is refused', async (text, path) => {
    expect((await refusal('Pipfile.lock', text)).path).toBe(path)
  })

  test('a syntax error names its line', async () => {
    const error = await refusal('Pipfile.lock', '{\n "_meta": {\n')
    expect(error).toMatchObject({ file: 'Pipfile.lock', line: 3 })
  })
})

describe.each([
  [
    'pdm.lock',
    (hash: string) => `version = "1.0"\nfiles = [{ url = "${url}#sha256=${a}"${hash} }]`,
  ],
  [
    'uv.lock',
    (hash: string) =>
      `version = "1.0"\nsource = { registry = "https://a.example/simple" }\nwheels = [{ url = "${url}#sha256=${a}"${hash} }]`,
  ],
] as const)('a hash in the URL of a file in %s', (name, fields) => {
  test('is not a hash by itself: not every tool compares it', async () => {
    const { entries } = await read(name, document(name, fields('')))
    expect(entries.flatMap(filesOf)).toEqual([{ filename: wheel, url }])
  })

  test('must equal the one beside it', async () => {
    const { entries } = await read(name, document(name, fields(`, hash = "sha256:${a}"`)))
    expect(entries.flatMap(filesOf)).toEqual([{ filename: wheel, url, sha256: a }])
    const error = await refusal(name, document(name, fields(`, hash = "sha256:${b}"`)))
    expect(error.reason).toContain('one file lists two sha256')
  })
})

describe('poetry.lock', () => {
  test('with files in one list is read in a time that grows as it does', async () => {
    const count = 20_000
    const all = Array.from({ length: count })
    const text = [
      '[metadata]\nlock-version = "1.1"\n[metadata.files]',
      ...all.map((_, at) => `p${at} = [{ file = "p${at}-1.0.zip", hash = "sha256:${a}" }]`),
      `foo = [${all.map((_, at) => `{ file = "foo-${at}.zip" }, { file = "x${at}.egg" }`).join(',\n')}]`,
      ...all.map((_, at) => `[[package]]\nname = "p${at}"\nversion = "1.0"`),
      ...all.map((_, at) => `[[package]]\nname = "foo"\nversion = "${at}"`),
    ]
    const { entries } = await read('poetry.lock', text.join('\n'))
    expect(entries).toHaveLength(2 * count)
    expect(entries.slice(0, count).every(({ files }) => files.length === 1)).toBe(true)
    const foo = entries.slice(count)
    expect(foo.map(({ files }) => files[0]?.filename)).toEqual(all.map((_, at) => `foo-${at}.zip`))
    // Those without a version are listed with the first one, so that it does not match.
    expect(foo.map(({ files }) => files.length)).toEqual(
      all.map((_, at) => (at === 0 ? count + 1 : 1)),
    )
  })

  test('files of old versions are told apart by their names', async () => {
    const packages = ['1.0', '1.1'].map(
      (version) => `[[package]]\nname = "foo"\nversion = "${version}"\n`,
    )
    const files = `[metadata]\nlock-version = "1.1"\n[metadata.files]\nfoo = [
      {file = "foo-1.0.tar.gz", hash = "sha256:${a}"}, {file = "foo-1.1.tar.gz", hash = "sha256:${b}"}]`
    const { entries } = await read('poetry.lock', [...packages, files].join('\n'))
    expect(entries.map((entry) => [entry.version, entry.line, filesOf(entry)])).toEqual([
      ['1.0', 1, [{ filename: 'foo-1.0.tar.gz', sha256: a }]],
      ['1.1', 5, [{ filename: 'foo-1.1.tar.gz', sha256: b }]],
    ])
  })

  test.each([
    ['markers = "os_name == \'nt\'"', "os_name == 'nt'"],
    ['groups = ["main"]\nmarkers = {main = "os_name == \'nt\'"}', "os_name == 'nt'"],
    [
      'groups = ["main", "dev"]\nmarkers = {main = "os_name == \'nt\'", dev = "extra == \'x\'"}',
      "(os_name == 'nt') or (extra == 'x')",
    ],
    ['groups = ["main", "dev"]\nmarkers = {main = "os_name == \'nt\'"}', undefined],
  ])('%s', async (fields, marker) => {
    const { entries } = await read('poetry.lock', document('poetry.lock', fields))
    expect(entries[0]?.marker).toBe(marker)
  })

  test.each([
    ['git', 'vcs'],
    ['url', 'url'],
    ['file', 'path'],
    ['directory', 'path'],
  ])('a source of type %s', async (type, origin) => {
    const fields = `files = []\n[package.source]\ntype = "${type}"\nurl = "${url}"`
    const { entries } = await read('poetry.lock', document('poetry.lock', fields))
    expect(entries).toMatchObject([{ origin, location: url }])
  })
})

describe('pdm.lock', () => {
  test.each(['4.0', '4.2', '4.6', '5.0'])('of version %s is refused', async (version) => {
    const text = document('pdm.lock', 'version = "1.0"').replace('4.5.0', version)
    expect((await refusal('pdm.lock', text)).path).toBe('metadata.lock_version')
  })

  test.each([
    [`git = "https://git.example.com/foo"\nrevision = "abc"`, 'vcs'],
    [`url = "${url}"\nversion = "1.0"`, 'url'],
    ['path = "./foo"\neditable = true', 'path'],
  ])('%s', async (fields, origin) => {
    const { entries } = await read('pdm.lock', document('pdm.lock', fields))
    expect(entries).toMatchObject([{ name: 'foo', origin, files: [] }])
  })
})

describe('uv.lock', () => {
  test("sizes are kept, and the source's facts about one file", async () => {
    const { entries } = await read(
      'uv.lock',
      document(
        'uv.lock',
        `version = "1.0"\nsource = { url = "${url}#sha256=${a}" }\nwheels = [{ hash = "sha256:${a}", size = 7 }]`,
      ),
    )
    expect(entries.flatMap(filesOf)).toEqual([{ filename: wheel, url, size: 7, sha256: a }])
  })

  test.each([
    ['source = { registry = "../wheels" }', undefined],
    ['source = { git = "https://git.example.com/foo?rev=main#abc" }', 'vcs'],
    ['source = { path = "../foo.tar.gz" }', 'path'],
    ['source = { directory = "../foo" }', 'path'],
    ['source = { editable = "packages/foo" }', 'path'],
    ['source = { virtual = "packages/foo" }', 'path'],
    [`source = { url = "${url}", subdirectory = "x" }`, 'url'],
  ])('%s', async (fields, origin) => {
    const { entries } = await read('uv.lock', document('uv.lock', fields))
    expect(entries[0]?.origin).toBe(origin)
  })

  test('files of a folder of files are named by their paths', async () => {
    const fields = `version = "1.0"\nsource = { registry = "../wheels" }\nwheels = [{ path = "${wheel}" }]`
    const { entries } = await read('uv.lock', document('uv.lock', fields))
    expect(entries.flatMap(filesOf)).toEqual([{ filename: wheel }])
  })

  test('the markers of forks are joined', async () => {
    const fields = `source = { registry = "x" }\nresolution-markers = ["os_name == 'nt'", "extra == 'x'"]`
    const { entries } = await read('uv.lock', document('uv.lock', fields))
    expect(entries[0]?.marker).toBe("(os_name == 'nt') or (extra == 'x')")
  })
})

describe('pylock.toml', () => {
  test('all hashes and the size are kept, and a name is more than a URL', async () => {
    const hashes = `{ sha256 = "${a.toUpperCase()}", blake2b = "${a}${b}", other = "00" }`
    const fields = `version = "1.0"\nindex = "https://a.example/simple"\nsdist = { name = "foo-1.0.tar.gz", url = "https://files.example.com/x", size = 9, hashes = ${hashes} }`
    const { entries } = await read('pylock.dev.toml', document('pylock.toml', fields))
    expect(entries).toMatchObject([{ index: 'https://a.example/simple', line: 3 }])
    expect(entries.flatMap(filesOf)).toEqual([
      {
        filename: 'foo-1.0.tar.gz',
        url: 'https://files.example.com/x',
        size: 9,
        sha256: a,
        blake2b: `${a}${b}`,
        other: '00',
      },
    ])
  })

  test.each([
    ['vcs = { type = "git", url = "https://git.example.com/foo", commit-id = "a" }', 'vcs'],
    ['directory = { path = "../foo" }', 'path'],
    [`archive = { path = "files/${wheel}", hashes = { sha256 = "${a}" } }`, 'path'],
    [`archive = { url = "${url}", hashes = { sha256 = "${a}" } }`, 'url'],
  ])('%s', async (fields, origin) => {
    const { entries } = await read('pylock.toml', document('pylock.toml', fields))
    expect(entries).toMatchObject([{ origin }])
    expect(entries[0]?.files).toEqual([])
  })
})

describe('the project that a lock file is of', () => {
  test.each([
    ['uv.lock', 'source = { virtual = "." }'],
    ['uv.lock', 'source = { editable = "." }'],
    ['uv.lock', 'source = { directory = "./" }'],
    ['pylock.toml', 'directory = { path = "." }'],
  ] as const)('is not one of its entries: %s with %s', async (name, fields) => {
    const { entries, own } = await read(name, document(name, fields))
    expect(entries).toEqual([])
    expect(own).toMatchObject({ name: 'foo', origin: 'path', files: [] })
  })

  test('is one: of two nobody knows which it is', async () => {
    const one = '[[package]]\nname = "bar"\nsource = { virtual = "." }\n'
    const two = document('uv.lock', 'source = { editable = "." }') + one
    const { entries, own } = await read('uv.lock', two)
    expect(entries.map(({ name, origin }) => [name, origin])).toEqual([
      ['foo', 'path'],
      ['bar', 'path'],
    ])
    expect(own).toBeUndefined()
  })

  test.each(['/', '..', './x', './/'])('is not in %s', async (path) => {
    const fields = `source = { virtual = "${path}" }`
    const { entries, own } = await read('uv.lock', document('uv.lock', fields))
    expect([entries.length, own]).toEqual([1, undefined])
  })
})

describe('files that an installer would not look at', () => {
  const files = `files = [{ file = "${wheel}", hash = "sha256:${a}" }]`

  test.each([
    ['poetry.lock', `${files}\n[package.source]\ntype = "git"\nurl = "${url}"`, 'vcs'],
    ['poetry.lock', `${files}\n[package.source]\ntype = "directory"\nurl = "foo"`, 'path'],
    ['pdm.lock', `${files}\ngit = "https://git.example.com/foo"`, 'vcs'],
    ['pdm.lock', `${files}\npath = "./foo"\neditable = true`, 'path'],
    ['Pipfile.lock', `"hashes": ["sha256:${a}"], "git": "https://git.example.com/foo"`, 'vcs'],
    ['Pipfile.lock', `"hashes": ["sha256:${a}"], "path": "foo", "editable": true`, 'path'],
    [
      'uv.lock',
      `source = { git = "https://git.example.com/foo" }\nsdist = { url = "${url}" }`,
      'vcs',
    ],
    ['uv.lock', `source = { editable = "foo" }\nwheels = [{ url = "${url}" }]`, 'path'],
  ] as const)('are left out: %s with %s', async (name, fields, origin) => {
    const { entries } = await read(name, document(name, fields))
    expect(entries).toMatchObject([{ name: 'foo', origin, files: [] }])
  })

  test.each([
    ['poetry.lock', `${files}\n[package.source]\ntype = "url"\nurl = "${url}"`, 'url'],
    ['poetry.lock', `${files}\n[package.source]\ntype = "file"\nurl = "${wheel}"`, 'path'],
    ['pdm.lock', `version = "1.0"\n${files}\nurl = "${url}"`, 'url'],
  ] as const)('are not those of an archive: %s with %s', async (name, fields, origin) => {
    const { entries } = await read(name, document(name, fields))
    expect(entries).toMatchObject([{ origin, files: [{ filename: wheel }] }])
  })
})

describe('a fault in a table is refused with its field', () => {
  const file = (more: string): string => `[{ file = "${wheel}"${more} }]`

  test.each([
    ['poetry.lock', `files = ${file(', hash = "sha256:aa"')}`, 'package[0].files[0].hash'],
    ['poetry.lock', `files = ${file(', hash = 1')}`, 'package[0].files[0].hash'],
    ['poetry.lock', 'files = [{ hash = "sha256:00" }]', 'package[0].files[0].file'],
    ['poetry.lock', 'files = [{ file = "../../x" }]', 'package[0].files[0]'],
    ['poetry.lock', 'files = ["x"]', 'package[0].files[0]'],
    ['poetry.lock', 'files = "x"', 'package[0].files'],
    ['poetry.lock', 'source = { type = "new", url = "x" }', 'package[0].source.type'],
    ['poetry.lock', 'source = { url = "x" }', 'package[0].source.type'],
    ['poetry.lock', 'markers = 1', 'package[0].markers'],
    ['pdm.lock', 'summary = "no version"', 'package[0].version'],
    ['pdm.lock', 'version = "one"', 'package[0].version'],
    ['pdm.lock', 'url = "x"', 'package[0].url'],
    ['pdm.lock', 'version = "1"\nfiles = [{ url = "https://" }]', 'package[0].files[0]'],
    ['uv.lock', 'version = "1"', 'package[0].source'],
    ['uv.lock', 'source = {}', 'package[0].source'],
    ['uv.lock', 'source = { satellite = "x" }', 'package[0].source'],
    ['uv.lock', 'source = { registry = "x", git = "y" }', 'package[0].source'],
    ['uv.lock', 'source = { registry = "x" }\nwheels = [{}]', 'package[0].wheels[0].url'],
    [
      'uv.lock',
      `source = { registry = "x" }\nsdist = { url = "${url}", size = -1 }`,
      'package[0].sdist.size',
    ],
    [
      'uv.lock',
      `source = { registry = "x" }\nsdist = { url = "${url}", size = 99999999999999999999 }`,
      'package[0].sdist.size',
    ],
    [
      'uv.lock',
      `source = { registry = "x" }\nsdist = { url = "https://a.example/%2e%2e" }`,
      'package[0].sdist',
    ],
    ['pylock.toml', 'version = "1"', 'packages[0].wheels'],
    ['pylock.toml', `wheels = [{ url = "${url}" }]`, 'packages[0].wheels[0].hashes'],
    ['pylock.toml', `wheels = [{ url = "${url}", hashes = {} }]`, 'packages[0].wheels[0].hashes'],
    ['pylock.toml', 'wheels = [{ hashes = { sha256 = "" } }]', 'packages[0].wheels[0].url'],
    [
      'pylock.toml',
      `wheels = [{ url = "${url}", hashes = { sha256 = "aa" } }]`,
      'packages[0].wheels[0].hashes.sha256',
    ],
    ['pylock.toml', 'wheels = []\ndirectory = { path = "." }', 'packages[0].directory'],
    ['pylock.toml', 'vcs = {}', 'packages[0].vcs.path'],
    [
      'pylock.toml',
      `archive = { path = "x/..", hashes = { sha256 = "${a}" } }`,
      'packages[0].archive.path',
    ],
  ] as const)('%s: %s', async (name, fields, path) => {
    const error = await refusal(name, document(name, fields))
    expect(error).toMatchObject({ file: name, path })
    expect(error.line).toBe(
      documents[name].split('\n').findIndex((line) => line.startsWith('[[')) + 1,
    )
  })

  test.each([
    ['poetry.lock', '2.2', 'metadata.lock-version'],
    ['poetry.lock', '3.0', 'metadata.lock-version'],
    ['pdm.lock', '5.0.0', 'metadata.lock_version'],
    ['pdm.lock', '4.6', 'metadata.lock_version'],
    ['pdm.lock', '3.1', 'metadata.lock_version'],
    ['pylock.toml', '2.0', 'lock-version'],
    ['pylock.toml', '1.1', 'lock-version'],
  ] as const)('%s of version %s', async (name, version, path) => {
    const text = document(name, '').replace(/(lock[-_]version = )"[^"]*"/, `$1"${version}"`)
    const error = await refusal(name, text)
    expect(error).toMatchObject({ file: name, path })
    expect(error.reason).toContain(`"${version}" is not supported`)
  })

  test.each(['2', '"1"', '1.5'])('uv.lock of version %s', async (version) => {
    const error = await refusal('uv.lock', `version = ${version}\npackage = []`)
    expect(error.path).toBe('version')
  })

  test.each(['poetry.lock', 'pdm.lock', 'uv.lock', 'pylock.toml'])(
    '%s that is empty',
    async (name) => {
      expect((await refusal(name, '')).reason).toMatch(/missing|not supported/)
    },
  )
})

test('identities in pylock.toml that are nested too deeply are an error of the lock file', async () => {
  const deep = `attestation-identities = ${'['.repeat(500)}${']'.repeat(500)}`
  const fields = `version = "1.0"\nwheels = []\n${deep}`
  const { message } = await refusal('pylock.toml', document('pylock.toml', fields))
  expect(message).toContain('packages[0].attestation-identities: ')
  expect(message.length).toBeLessThan(300)
})
