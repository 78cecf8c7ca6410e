import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { LockEntry } from '../../../src/pypi/lock/entry.js'
import { bytesOf, filesOf, folder, read, refusal, sha256 } from './reading.js'

interface PipResult {
  readonly error?: string
  readonly requirements?: {
    readonly name: string
    readonly version: string | null
    readonly url: string | null
    readonly marker: string | null
    readonly hashes: string[]
    readonly line: number
  }[]
  readonly indexes?: string[]
  readonly links?: string[]
}

interface PipTable {
  readonly texts: [text: string, result: PipResult][]
  readonly bytes: [base64: string, result: PipResult][]
}

const table: PipTable = JSON.parse(readFileSync(new URL('pip-table.json', import.meta.url), 'utf8'))
const variables = { INDEX: 'https://env.example/simple', VERSION: '1.5', version: '9' }
const wheel = 'https://files.example.com/foo-1.0-py3-none-any.whl'

/** Where only pip ends a line, there are two readings. */
const endsLineForPip = /[\v\f\x1c-\x1e\x85\u2028\u2029]/

/** Where uv reads the second half of a hash as a project. */
const brokenHash = /--hash=\S+\\\n\w/

function hashesOf({ files }: LockEntry): string[] {
  return files.flatMap(({ hashes }) => [...hashes].map(([name, hex]) => `${name}:${hex}`)).sort()
}

/** The result of reading, in the form of the table. */
async function result(bytes: Uint8Array): Promise<PipResult> {
  const lock = await read('requirements.txt', bytes, { variables })
  const values = (...names: string[]): string[] =>
    lock.options.filter(({ name }) => names.includes(name)).map(({ value = '' }) => value)
  return {
    requirements: lock.entries.map((entry) => ({
      name: entry.name,
      // Of a URL pip learns the version later.
      version: entry.origin === undefined ? (entry.version ?? null) : null,
      url: entry.location ?? null,
      marker: entry.marker?.replaceAll("'", '"').replace(/n<"/, 'n < "') ?? null,
      hashes: hashesOf(entry),
      line: entry.line ?? 0,
    })),
    indexes: values('--index-url', '--extra-index-url'),
    links: values('--find-links'),
  }
}

describe('lines that pip reads', () => {
  test('is a table of a known size', () => {
    expect([table.texts.length, table.bytes.length]).toEqual([123, 12])
  })

  test.each(table.texts)('%j is read as by pip', async (text, expected) => {
    if (expected.error !== undefined || endsLineForPip.test(text) || brokenHash.test(text))
      await refusal('requirements.txt', bytesOf(text), { variables })
    else expect(await result(bytesOf(text))).toEqual(expected)
  })

  test.each(table.bytes)('the bytes %s are read as by pip', async (base64, expected) => {
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
    const text = Buffer.from(bytes).toString('latin1')
    if (expected.error !== undefined || endsLineForPip.test(text)) {
      await refusal('requirements.txt', bytes)
    } else expect(await result(bytes)).toEqual(expected)
  })
})

describe('lines that pip would skip', () => {
  test.each([
    ['a second requirement after options', `foo==1.0 --hash=sha256:${sha256.a} bar==2.0`],
    ['an include after a requirement', 'foo==1.0 -r other.txt'],
    ['an index after a requirement', 'foo==1.0 --index-url https://a.example/'],
    ['an editable after a requirement', 'foo==1.0 -e .'],
    ['the second include of a line', '-r one.txt -r two.txt'],
    ['an index beside an include', '-r one.txt -i https://a.example/'],
    ['a hash without a requirement', `--hash=sha256:${sha256.a}`],
    ['a hash of an editable', `-e . --hash=sha256:${sha256.a}`],
    ['two editables', '-e . -e ./other'],
    ['a word after an option', '--pre foo'],
    ['a shortened option', '--extra-index https://a.example/'],
  ])('%s is refused', async (_, line) => {
    const options = folder({ 'one.txt': '', 'two.txt': '', 'other.txt': '' })
    const error = await refusal('requirements.txt', `# first\n${line}\n`, options)
    expect(error).toMatchObject({ code: 'ERR_TUF_LOCK_INVALID', file: 'requirements.txt', line: 2 })
  })

  test.each([
    ['in the same file', 'foo # a \\\n/tmp/x.whl', 1],
    ['after a carriage return', 'foo # a \\\r/tmp/x.whl', 1],
    ['two lines on', 'bar\nfoo \\\n  # a\nfoo # a \\\n \\\n/tmp/x.whl', 4],
    ['after a comment in a joined line', 'foo \\\n>=1 # a \\\nbar', 2],
  ])(
    'a line that a comment with a final backslash hides from pip alone is refused: %s',
    async (...a) => {
      const [, text, line] = a
      const error = await refusal('a.txt', text)
      expect([error.line, error.reason]).toEqual([
        line,
        'a comment ends in \\: pip leaves out the rest, uv reads it',
      ])
    },
  )

  test.each([
    'foo # a \\',
    'foo # a \\\n\nbar',
    'foo # a \\\n  # b\nbar',
    '# a \\\nfoo\nbar',
    'foo \\\n  # a \\\nbar',
  ])('a comment that hides no line may end in a backslash: %j', async (text) => {
    const { entries } = await read('a.txt', text)
    expect(entries.map(({ name }) => name)).toEqual(text.includes('bar') ? ['foo', 'bar'] : ['foo'])
  })

  test.each([
    ['--no-binary x\\\n/tmp/x.whl', 2],
    ['--no-binary x#\\\n/tmp/x.whl', 2],
    ['--only-binary :all: \\\n  --pre', 1],
    ['-r b\\\n.txt', 2],
    ['-r b.txt \\\n\nfoo', 1],
  ])('an option that goes on in the next line is refused: uv ends it there: %j', async (...row) => {
    const [text, line] = row
    const error = await refusal('a.txt', text, folder({ 'b.txt': 'foo' }))
    const reason = /^(?:only pip joins lines after an option|uv reads a requirement here)/
    expect([error.line, error.reason]).toEqual([line, expect.stringMatching(reason)])
  })

  test.each([
    [`foo==1.0 --hash \\\nsha256:${sha256.a}`, 2],
    [`foo==1.0 --hash=\\\nsha256:${sha256.a}`, 2],
    [`foo==1.0 \\\n  --hash=\\\r\n  sha256:${sha256.a}`, 3],
    [`foo==1.0 --hash=sha256:${sha256.a.slice(0, 32)}\\\n${sha256.a.slice(32)}`, 2],
    [`foo==1.0 \\\n--hash=sha256:${sha256.a} \\\n \\\n./bar`, 4],
    [`foo==1.0 --hash=sha256:${sha256.a} \\\n -e ./bar`, 2],
  ])('a line is refused that pip joins to an option and uv installs: %j', async (text, line) => {
    const error = await refusal('a.txt', text)
    expect([error.line, error.reason]).toEqual([
      line,
      'uv reads a requirement here, pip a part of the option above; join the lines',
    ])
  })

  test.each([
    `foo==1.0 \\\n    --hash=sha256:${sha256.a} \\\n    --hash=sha256:${sha256.b}`,
    `foo \\\n  ==1.0 --hash=sha256:${sha256.a} \\\n# comment\n`,
    `foo==1.0 --hash=sha256:${sha256.a} \\\n\\\n --hash=sha256:${sha256.b} # comment`,
  ])('lines that begin with an option are joined to others: %j', async (text) => {
    const { entries } = await read('a.txt', text)
    expect(entries).toMatchObject([{ name: 'foo', version: '1.0' }])
    expect(entries.flatMap(hashesOf)[0]).toBe(`sha256:${sha256.a}`)
  })

  test('a character that ends a line for pip alone is refused with its line', async () => {
    const error = await refusal('a.txt', 'foo\r\nbar\rbaz #\u0085x;\\\n/tmp/x.whl')
    expect(error.message).toBe('a.txt:3: U+0085 ends a line for pip, and not for uv')
  })

  test('UTF-8 that declares another encoding is refused: uv reads UTF-8', async () => {
    const error = await refusal('a.txt', '# coding: latin-1\nfoo # é')
    expect(error.reason).toBe('it is UTF-8, and says that it is not')
  })

  test.each(['foo ; /tmp/x.whl', 'foo;nonsense'])('%s is refused for its marker', async (line) => {
    expect((await refusal('a.txt', line)).reason).toMatch(/^foo: the marker .* is not understood$/)
  })

  test('a line may be of any length', async () => {
    const { options } = await read('a.txt', '--pre '.repeat(150_000))
    expect(options.length).toBe(150_000)
    await refusal('a.txt', `a${' '.repeat(200_000)}b`)
  })

  test('bytes in an encoding that is not read are refused, not guessed at', async () => {
    const error = await refusal('a.txt', '# -*- coding: utf-7 -*-\n# +AAo-evil==1.0\n')
    expect(error.message).toBe('a.txt: its encoding "utf-7" is not read; make it UTF-8')
    await refusal('a.txt', `#${' '.repeat(9000)}coding: utf-7\n`)
    await refusal('a.txt', Uint8Array.of(0x66, 0x6f, 0x6f, 0x0a, 0x23, 0xe9))
    await refusal('a.txt', Uint8Array.of(0xff, 0xfe, 0, 0xd8))
    await refusal('a.txt', Uint8Array.of(0xff, 0xfe, 0, 0, 0x66))
    await refusal('a.txt', Uint8Array.of(0xff, 0xfe, 0, 0, 0, 0xd8, 0, 0))
  })
})

describe('hashes', () => {
  test.each([
    ['of a wrong length', `sha256:${'a'.repeat(63)}`, 'the sha256 is not hexadecimal'],
    ['of a wrong even length', `sha256:${'a'.repeat(62)}`, 'is 62 digits long instead of 64'],
    ['that are not hexadecimal', `sha256:${'g'.repeat(64)}`, 'is not hexadecimal'],
    ['without a name', sha256.a, 'is not a hash such as sha256:'],
    ['that are empty', 'sha256:', 'is not hexadecimal'],
    ['with an invalid name', `sha 256:${sha256.a}`, 'not the name of a hash'],
  ])('%s are refused', async (_, hash, reason) => {
    const error = await refusal('requirements.txt', `foo==1.0 --hash="${hash}"`)
    expect(error.reason).toContain(reason)
    expect(error.line).toBe(1)
  })

  test('of an unknown function are kept', async () => {
    const { entries } = await read('requirements.txt', 'foo==1.0 --hash=sha3_256x:ABCD')
    expect(entries.flatMap(filesOf)).toEqual([{ 'sha3-256x': 'abcd' }])
  })

  test('name their function in lower case: some tools know no other case', async () => {
    const error = await refusal('requirements.txt', `foo==1.0 --hash=SHA256:${sha256.a}`)
    expect(error.reason).toContain('is not a hash such as sha256:')
  })

  test('are of any file of the release', async () => {
    const { entries } = await read('a.txt', `foo==1.0 --hash=sha256:${sha256.a.toUpperCase()}`)
    expect(entries).toEqual([
      {
        name: 'foo',
        version: '1.0',
        files: [{ hashes: new Map([['sha256', sha256.a]]) }],
        anyFile: true,
        source: 'a.txt',
        line: 1,
      },
    ])
  })
})

describe('URLs and paths', () => {
  test('a URL names its file', async () => {
    const { entries } = await read('a.txt', `foo @ ${wheel}#sha256=${sha256.a}&subdirectory=x`)
    expect(entries).toEqual([
      {
        name: 'foo',
        version: '1.0',
        files: [
          {
            filename: 'foo-1.0-py3-none-any.whl',
            url: wheel,
            hashes: new Map([['sha256', sha256.a]]),
          },
        ],
        origin: 'url',
        location: wheel,
        subdirectory: 'x',
        source: 'a.txt',
        line: 1,
      },
    ])
  })

  test.each([
    ['#subdirectory=x', 'x'],
    ['#SUBDIRECTORY=x&egg=foo', 'x'],
    ['#sub%64irectory=x', 'x'],
    ['#a=#subdirectory=x', 'x'],
    ['#egg=foo&a%26subdirectory=x', 'x'],
    ['#egg=foo', undefined],
  ])('a fragment %s names the folder %s of the archive', async (fragment, subdirectory) => {
    const { entries } = await read('a.txt', `foo @ ${wheel}${fragment}`)
    expect(entries.map((entry) => entry.subdirectory)).toEqual([subdirectory])
  })

  test('a folder that pip alone would find before the fragment is refused', async () => {
    const error = await refusal('a.txt', `foo @ ${wheel}?a&subdirectory=x#sha256=${sha256.a}`)
    expect(error.reason).toContain('subdirectory belongs after the #')
  })

  test('several hashes after a URL are those of its release', async () => {
    const line = `${wheel} --hash=sha256:${sha256.a} --hash=sha256:${sha256.b}`
    const { entries } = await read('a.txt', line)
    expect(entries).toMatchObject([{ name: 'foo', version: '1.0', anyFile: true, origin: 'url' }])
    expect(entries.flatMap(filesOf)).toEqual([{ sha256: sha256.a }, { sha256: sha256.b }])
  })

  test.each([
    ['./foo-1.0-py3-none-any.whl', 'foo', '1.0'],
    ['wheels/foo-1.0.tar.gz', 'foo', '1.0'],
    ['foo-1.0.tar.gz', 'foo', '1.0'],
    ['.', '', undefined],
    ['../folder[extra]', '', undefined],
    ['-e .', '', undefined],
  ])('%s is a path', async (line, name, version) => {
    const { entries } = await read('a.txt', line)
    expect(entries).toMatchObject([{ name, files: [], origin: 'path' }])
    expect(entries[0]?.version).toBe(version)
  })

  test.each([
    ['-e mydir', 'mydir', undefined],
    ['-e mydir[extra]', 'mydir', undefined],
    ['--editable=foo-1.0', 'foo-1.0', undefined],
    ['-e foo==1.0', 'foo==1.0', undefined],
    ['-e foo-1.0.tar.gz', 'foo-1.0.tar.gz', undefined],
    ['-e \'mydir ; os_name == "nt"\'', 'mydir', 'os_name == "nt"'],
  ])('%s is a folder, and never the name of a project', async (line, location, marker) => {
    const { entries } = await read('a.txt', line)
    expect(entries).toEqual([
      {
        ...{ name: '', version: undefined, files: [], origin: 'path', location },
        ...(marker !== undefined && { marker }),
        ...{ source: 'a.txt', line: 1 },
      },
    ])
  })

  test.each([
    ['-e git+https://git.example.com/foo.git#egg=foo', 'foo', 'vcs'],
    ["-e 'foo @ git+https://git.example.com/foo.git'", 'foo', 'vcs'],
    ['-e file:///srv/foo', '', 'url'],
  ])('%s is a URL', async (line, name, origin) => {
    expect((await read('a.txt', line)).entries).toMatchObject([{ name, origin, files: [] }])
  })

  test('a requirement without a hash names no file, and says where it comes from', async () => {
    const lines = ['git+https://git.example.com/foo.git#egg=foo', `foo @ ${wheel}`, '-e ./foo']
    const { entries } = await read('a.txt', lines.join('\n'))
    expect(entries.map(({ origin, files }) => [origin, files])).toEqual([
      ['vcs', []],
      ['url', []],
      ['path', []],
    ])
  })

  test.each([
    ['a fragment after a path', `./foo-1.0.tar.gz#sha256=${sha256.a}`],
    ['a wheel of another project', `bar @ ${wheel}`],
    ['a hash without its end', `foo @ ${wheel}#sha256=${sha256.a}=x`],
    ['a hash of a folder', `./foo --hash=sha256:${sha256.a}`],
    ['a hash of a URL without a file', `foo @ https://a.example/#sha256=${sha256.a}`],
    ['a URL that ends in a folder above', `foo @ https://a.example/%2e%2e#sha256=${sha256.a}`],
    ['a short hash in a fragment', `foo @ ${wheel}#sha256=abcd`],
    ['a URL with a scheme of its own', 'foo @ data:text/plain,x'],
    ['a text that is not a URL', 'foo @ example.com/foo.whl'],
    ['an editable that is neither a folder nor a URL', '-e git@git.example.com:foo'],
    ['an editable without a value', '-e ""'],
    ['the editable of a URL with an invalid name', "-e '../x @ git+https://git.example.com/foo'"],
    ['an egg that is not a name', 'git+https://git.example.com/foo.git#egg=../x'],
    ['an egg that is not text', 'git+https://git.example.com/foo.git#egg=%ff'],
  ])('%s is refused', async (_, line) => {
    expect((await refusal('a.txt', line)).line).toBe(1)
  })
})

describe('a hash in a URL', () => {
  const [good, evil] = [`sha256=${sha256.a}`, `sha256=${sha256.b}`]

  test.each([
    ['in the query', `foo @ ${wheel}?a&${evil}&x=#${good}`],
    ['in the query alone', `foo @ ${wheel}?a&${evil} --hash=sha256:${sha256.a}`],
    ['in the path', `foo @ https://a.example/md5=00/foo-1.0-py3-none-any.whl#${good}`],
    ['of a URL without a name', `${wheel}?a&${evil}&x=#${good}`],
    ['twice in the fragment', `foo @ ${wheel}#${good}&${evil}`],
    ['beside one of another kind', `foo @ ${wheel}#md5=${'0'.repeat(32)}&${good}`],
    ['after a second #', `foo @ ${wheel}#a#${evil}`],
    ['before a second #', `foo @ ${wheel}#a#${evil}&${good}`],
    ['in the middle of a parameter', `foo @ ${wheel}#subdirectory=x${evil}&${good}`],
    ['after an egg', `foo @ ${wheel}#egg=foo${evil}`],
  ])('is refused where installers could take another one: %s', async (_, line) => {
    const error = await refusal('a.txt', `\n${line}`)
    expect(error).toMatchObject({ file: 'a.txt', line: 2 })
    expect(error.reason).toContain('installers would take different hashes of it')
  })

  test('is refused in capital letters, which older pip does not see', async () => {
    const error = await refusal(
      'a.txt',
      `foo @ ${wheel}#${good.toUpperCase().replace('SHA', 'sha')}`,
    )
    expect(error.reason).toBe('older pip reads the digits of sha256 in lower case only')
  })

  test.each([`blake2b-256=${sha256.a}`, `SHA256=${sha256.a}`, 'sha256', `x-sha256:${sha256.a}`])(
    'is not a hash where no installer compares it: %s',
    async (fragment) => {
      const { entries } = await read('a.txt', `foo @ ${wheel}#${fragment}`)
      expect(entries).toMatchObject([{ name: 'foo', files: [], location: wheel }])
    },
  )

  test('may stand among other parameters, and after a query', async () => {
    const { entries } = await read('a.txt', `${wheel}?a=b#egg=foo&${good}&subdirectory=x`)
    expect(entries.flatMap(filesOf)).toMatchObject([{ url: `${wheel}?a=b`, sha256: sha256.a }])
  })
})

test('the name after egg= may have extras, and is as short as any name', async () => {
  const egg = (text: string): string => `git+https://git.example.com/foo.git#egg=${text}`
  expect((await read('a.txt', egg('foo[a,b]'))).entries).toMatchObject([{ name: 'foo' }])
  for (const text of [
    '['.repeat(400_000),
    `${'['.repeat(400_000)}]`,
    'a'.repeat(400_000),
    'foo[',
  ]) {
    expect((await refusal('a.txt', egg(text))).reason).toContain('is not the name of a project')
  }
})

describe('includes', () => {
  test('are read where they stand, from the folder of the file that names them', async () => {
    const lock = await read(
      'req/dev.txt',
      'first\n-r ../base.txt\n-c more/limits.txt\nlast',
      folder({
        'base.txt': '--requirement=./req/x.txt\nbase',
        'req/x.txt': '-i https://a.example/simple\nx==1',
        'req/more/limits.txt': `y==2 --hash=sha256:${sha256.a}\n-r z.txt`,
        'req/more/z.txt': 'z',
      }),
    )
    expect(lock.entries.map(({ name, source, line }) => [name, source, line])).toEqual([
      ['first', 'req/dev.txt', 1],
      ['x', 'req/x.txt', 2],
      ['base', 'base.txt', 2],
      ['z', 'req/more/z.txt', 1],
      ['last', 'req/dev.txt', 4],
    ])
    expect(lock.constraints.map(({ name, source }) => [name, source])).toEqual([
      ['y', 'req/more/limits.txt'],
    ])
    expect(lock.options).toEqual([
      { name: '--index-url', value: 'https://a.example/simple', source: 'req/x.txt', line: 1 },
    ])
    expect(lock.indexes).toEqual(['https://a.example/simple'])
  })

  test.each([
    ['/srv/app/dev.txt', '-r base.txt', '/srv/app/base.txt'],
    ['/srv/app/dev.txt', '-r ../../../base.txt', '/base.txt'],
    ['dev.txt', '-r ../base.txt', '../base.txt'],
    ['../dev.txt', '-r ../base.txt', '../../base.txt'],
    ['a/dev.txt', '-r /srv/base.txt', '/srv/base.txt'],
  ])('%s with %s reads %s', async (name, line, path) => {
    const { entries } = await read(name, line, folder({ [path]: 'foo' }))
    expect(entries).toMatchObject([{ name: 'foo', source: path }])
  })

  test('are refused where a link makes `..` lead elsewhere than the text says', async () => {
    // The targets of paths that go up again from `sub`, a link to other/deep.
    const files: Record<string, string> = {
      'r.txt': 'foo',
      'sub/../r.txt': 'evil @ https://a.example/evil-1.0.zip',
      'same.txt': '-r r.txt',
      'sub/../same.txt': '-r r.txt',
      'sub/in.txt': '-r ../r.txt',
    }
    const options = { read: async (path: string) => bytesOf(files[path] ?? '-r none') }
    for (const [include, place] of [
      ['sub/../r.txt', 'a.txt:1'],
      ['./sub/.././r.txt', 'a.txt:1'],
      ['sub/../same.txt', 'same.txt:1'],
      ['sub/in.txt', 'sub/in.txt:1'],
    ]) {
      const error = await refusal('a.txt', `-r ${include ?? ''}`, options)
      const reason = '"sub/../r.txt" is another file than "r.txt": a link is on the way'
      expect(error.message).toBe(`${place ?? ''}: ${reason}`)
    }
    const above = await refusal('sub/../a.txt', '-r r.txt', options)
    expect(above.reason).toContain('is another file')
  })

  test.each([
    ['with a comment sign', '-r b.txt#x'],
    ['in quotes', '-r "b.txt"'],
    ['with quotes in it', "-c b'.'txt"],
    ['with a backslash', '-r b\\.txt'],
    ['with a variable that is not set', '-r ${NONE}b.txt'],
    ['after a space that is not ASCII', '-r \u00a0b.txt'],
  ])('by a path %s are refused: pip and uv take it in different ways', async (_, line) => {
    const files = { ...folder({ 'b.txt': 'foo', 'b.txt#x': 'foo', '\u00a0b.txt': 'foo' }) }
    const error = await refusal('a.txt', `\n${line}`, files)
    const reason = 'pip and uv take this path in different ways; write it as it is'
    expect([error.line, error.reason]).toEqual([2, reason])
  })

  test.each(['-r=b.txt', '-c=b.txt', 'foo -C=a'])(
    '%s is refused: only pip takes the sign for a part of the value',
    async (line) => {
      const error = await refusal('a.txt', line, folder({ 'b.txt': 'foo', '=b.txt': 'foo' }))
      expect(error.reason).toMatch(/: only pip takes = for a part of the value$/)
    },
  )

  test('by a variable that is set are read', async () => {
    const options = { ...folder({ 'b.txt': 'foo' }), variables: { NAME: 'b' } }
    expect((await read('a.txt', '-r ${NAME}.txt', options)).entries).toHaveLength(1)
  })

  test('that lead back to a file are refused', async () => {
    const files = folder({ 'a.txt': '-r b/b.txt', 'b/b.txt': 'foo\n-c ../b/../a.txt' })
    const error = await refusal('./a.txt', '-r b/b.txt', files)
    expect(error.message).toBe('b/b.txt:2: "a.txt" includes itself')
  })

  test('may be read twice, side by side', async () => {
    const { entries } = await read('a.txt', '-r b.txt\n-r b.txt', folder({ 'b.txt': 'foo==1' }))
    expect(entries.length).toBe(2)
  })

  test('in folders below folders are refused when the path becomes too long', async () => {
    const deeper = `-r ${'x/'.repeat(1_000)}a.txt`
    const options = { read: async () => bytesOf(deeper) }
    expect((await refusal('a.txt', deeper, options)).reason).toContain('is not the path of a file')
  })

  test('are not followed without end', async () => {
    const files: Record<string, string> = { '40.txt': 'foo' }
    for (let n = 0; n < 40; n++) files[`${n}.txt`] = `-r ${n + 1}.txt\n-r ${n + 1}.txt`
    const error = await refusal('0.txt', files['0.txt'] ?? '', folder(files))
    expect(error.reason).toBe('more than 1000 files are included')
  })

  test.each([
    '-r https://a.example/x.txt',
    '-r file:///x.txt',
    '-r file:/x.txt',
    '-r FILE:x.txt',
    '-c http:/a.example/x.txt',
    '-c ftp:x.txt',
    '-r -',
    '--requirement=',
  ])('by %s are refused', async (include) => {
    const error = await refusal('a.txt', `\n${include}`, folder({}))
    expect(error).toMatchObject({ line: 2, reason: expect.stringContaining('not the path') })
  })

  test('that cannot be read are refused with the cause', async () => {
    const error = await refusal('a.txt', '-r b.txt', folder({}))
    expect(error.message).toBe('a.txt:1: "b.txt" cannot be read')
    expect(error.cause).toEqual(new Error('no file b.txt'))
    expect((await refusal('a.txt', '-r b.txt')).reason).toBe('included files are not read here')
  })

  test('are as short as any file', async () => {
    const options = { ...folder({ 'b.txt': 'x'.repeat(20) }), maxLength: 10 }
    expect((await refusal('a.txt', '-r b.txt', options)).message).toMatch(/^b\.txt: .*20 bytes/)
  })
})

describe('one project in two versions', () => {
  test('is refused, naming both places', async () => {
    const error = await refusal('a.txt', 'foo==1.0\nFoo==1.1')
    expect(error.message).toBe('a.txt:2: foo 1.1, and 1.0 in a.txt:1')
  })

  test('may be for different environments, unless both are the one that is given', async () => {
    const text = "foo==1.0 ; os_name == 'nt'\nfoo==1.1 ; os_name != 'nt'\nfoo==1.1"
    expect((await read('a.txt', text)).entries.length).toBe(3)
    const { entries, skipped } = await read('a.txt', text, { environment: { os_name: 'posix' } })
    expect(entries.map(({ line }) => line)).toEqual([2, 3])
    expect(skipped.map(({ line }) => line)).toEqual([1])
    expect((await refusal('a.txt', text, { environment: { os_name: 'nt' } })).line).toBe(3)
  })

  test('is one version in two spellings', async () => {
    expect((await read('a.txt', 'foo==1.0\nfoo==1\nfoo')).entries.length).toBe(3)
  })
})
