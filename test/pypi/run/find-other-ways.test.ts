import { describe, expect, test } from '@jest/globals'
import { findOtherWays, type LookContext } from '../../../src/pypi/run/find-other-ways.js'
import { readCommand } from '../../../src/pypi/run/tool.js'

async function waysOf(
  command: readonly string[],
  files: Readonly<Record<string, string>> = {},
  more: Partial<LookContext> = {},
): Promise<string[]> {
  const read = readCommand(command)
  if (!read) throw new Error('the command is not understood')
  const ways = await findOtherWays(read, {
    environment: {},
    allowUnverified: [],
    read: async (path) => {
      const text = files[path]
      if (text === undefined) throw new Error('no such file')
      return Buffer.from(text)
    },
    ...more,
  })
  return ways.map(({ source, reason }) => `${source}: ${reason}`)
}

const pip = ['pip', 'install']
const uv = ['uv', 'pip', 'install']

describe('arguments without a way around', () => {
  test.each<[readonly string[], ...string[]]>([
    [pip, 'demo'],
    [pip, 'demo==1.0', 'Other.Project[a,b]>=1,<2', 'x ; python_version < "3.9"'],
    [pip, 'web.py', 'discord.py==2.0', 'zope.interface'],
    [pip, '-U', '--pre', '--target', 'site', '-C', 'a=b', '--config-settings=c=d', 'demo'],
    [pip, '--python', '.venv', '--no-binary', ':all:', 'demo'],
    [['pip', '--timeout', '5', 'download', '-d', 'out'], 'demo'],
    [uv, '--system', '-p', '3.12', 'demo'],
  ])('%j', async (command, ...args) => {
    expect(await waysOf([...command, ...args])).toEqual([])
  })

  test('in files that name versions and hashes', async () => {
    const files = {
      'r.txt': `-r more/base.txt\n-c c.txt\n--require-hashes\n--only-binary :all:\ndemo==1.0 \\\n  --hash=sha256:${'a'.repeat(64)}\n`,
      'more/base.txt': '# a comment\nother>=1\n',
      'c.txt': 'demo<2\n',
    }
    expect(await waysOf([...pip, '-r', 'r.txt'], files)).toEqual([])
    expect(await waysOf([...uv, '-rr.txt'], files)).toEqual([])
    expect(await waysOf(['uv', 'pip', 'sync', 'r.txt'], files)).toEqual([])
  })
})

describe('options that a file gives to a build', () => {
  test.each(['--config-settings=a=${PWD}', '-C a=b', '--global-option=build'])(
    '%s',
    async (option) => {
      const files = { 'r.txt': `demo==1.0 --hash=sha256:${'a'.repeat(64)} ${option}\n` }
      expect(await waysOf([...pip, '-r', 'r.txt'], files)).toEqual([
        'r.txt:1: gives options to a build, which can name files that no hash covers',
      ])
      const allowed = { allowUnverified: ['demo'] }
      expect(await waysOf([...pip, '-r', 'r.txt'], files, allowed)).toEqual([])
    },
  )
})

describe('a way around in the arguments is named:', () => {
  test.each<[readonly string[], readonly string[], string]>([
    [pip, ['-i', 'https://a.test'], '-i: names another index'],
    [pip, ['-ihttps://a.test'], '-i: names another index'],
    [pip, ['--index-url=https://a.test'], '--index-url: names another index'],
    [pip, ['--pypi-url', 'x'], '--pypi-url (--index-url): names another index'],
    [pip, ['--extra-index-url', 'x'], '--extra-index-url: names another index'],
    [pip, ['--extra-i', 'x'], '--extra-i (--extra-index-url): names another index'],
    [pip, ['-qUf', 'dir'], '-f: brings files that no index lists'],
    [pip, ['--find-links=dir'], '--find-links: brings files that no index lists'],
    [pip, ['--no-index'], '--no-index: takes the index away'],
    [pip, ['--trusted-host', 'x'], '--trusted-host: trusts another host'],
    [pip, ['--proxy', 'x'], '--proxy: leads past the proxy'],
    [pip, ['--no-proxy-env'], '--no-proxy-env: leads past the proxy'],
    [pip, ['--isolated'], '--isolated: makes pip forget which index to ask'],
    [pip, ['--cache-dir', 'x'], '--cache-dir: brings files that were verified at another time'],
    [pip, ['--group', 'dev'], '--group: reads requirements that are not looked at here'],
    [pip, ['--some-new-option'], '--some-new-option: is not known here'],
    [pip, ['https://a.test/demo-1.0.zip'], 'install https://a.test/demo-1.0.zip: comes from a URL'],
    [
      pip,
      ['demo @ https://a.test/demo-1.0.zip'],
      'install demo @ https://a.test/demo-1.0.zip: comes',
    ],
    [pip, ['demo@https://a.test/d.zip'], 'install demo@https://a.test/d.zip: comes from a URL'],
    [pip, ['file:///tmp/demo-1.0.zip'], 'install file:///tmp/demo-1.0.zip: comes from a URL'],
    [pip, ['git+https://a.test/demo'], 'install git+https://a.test/demo: comes from a version'],
    [
      pip,
      ['git+ssh://git@a.test/demo#egg=demo'],
      'install git+ssh://git@a.test/demo#egg=demo: comes',
    ],
    [pip, ['.'], 'install .: comes from a path'],
    [pip, ['./demo[extra]'], 'install ./demo[extra]: comes from a path'],
    [pip, ['../demo'], 'install ../demo: comes from a path'],
    [pip, ['/tmp/demo'], 'install /tmp/demo: comes from a path'],
    [pip, ['demo-1.0-py3-none-any.whl'], 'install demo-1.0-py3-none-any.whl: comes from a path'],
    [pip, ['demo.tar.gz'], 'install demo.tar.gz: comes from a path'],
    [pip, ['-e', '.'], '-e .: comes from a path'],
    [pip, ['-edemo'], '-e demo: comes from a path'],
    [pip, ['--editable=git+https://a.test/demo'], '--editable git+https://a.test/demo: comes'],
    [pip, ['what is this?'], 'install what is this?: is not understood'],
    [pip, ['requirements.txt'], 'install requirements.txt: looks like a file; -r reads one'],
    [pip, ['-r', 'https://a.test/r.txt'], '-r https://a.test/r.txt: is a URL, not the path'],
    [pip, ['-r', 'file:/tmp/r.txt'], '-r file:/tmp/r.txt: is a URL, not the path'],
    [pip, ['-c', 'FILE:r.txt'], '-c FILE:r.txt: is a URL, not the path'],
    [pip, ['-r', ' file:///r.txt'], '-r  file:///r.txt: begins or ends with white space'],
    [pip, ['-r', 'fi\tle:///r.txt'], '-r fi\tle:///r.txt: begins or ends with white space'],
    [pip, ['-r', ''], '-r : is not the path of a file'],
    [pip, ['-r', 'pylock.toml'], '-r pylock.toml: is not a requirements file by its name'],
    [pip, ['-r', '-'], '-r -: is standard input'],
    [pip, ['-r', 'none.txt'], '-r none.txt: cannot be looked at: no such file'],
    [pip, ['--report', 'r.json'], '--report: writes the address of a proxy'],
    [['pip', 'lock'], ['demo'], 'pip lock: writes the address of a proxy'],
    [['uv', 'pip', 'compile'], ['--emit-index-url'], '--emit-index-url: writes the address'],
    [
      ['uv', 'pip', 'compile'],
      ['--emit-index-annotation'],
      '--emit-index-annotation: writes the address',
    ],
    [['uv', 'pip', 'compile'], ['-o', 'pylock.toml'], '-o pylock.toml: writes the address'],
    [
      ['uv', 'pip', 'compile'],
      ['--format=pylock.toml'],
      '--format pylock.toml: writes the address',
    ],
    [uv, ['--index', 'x'], '--index: names another index'],
    [uv, ['--default-index', 'x'], '--default-index: names another index'],
    [uv, ['-i=x'], '-i: names another index'],
    [uv, ['--find-links', 'x'], '--find-links: brings files that no index lists'],
    [uv, ['--torch-backend', 'cpu'], '--torch-backend: chooses an index of its own'],
    [uv, ['--config-file', 'x'], '--config-file: reads settings that may name an index'],
    [uv, ['--directory', 'x'], '--directory: makes file names mean other files'],
    [uv, ['--allow-insecure-host', 'x'], '--allow-insecure-host: trusts another host'],
    [uv, ['--with-requirements', 'x'], '--with-requirements: is not known here'],
    [uv, ['-r', 'pyproject.toml'], '-r pyproject.toml: is not a requirements file by its name'],
    [uv, ['-r', 'http:/a.test/r.txt'], '-r http:/a.test/r.txt: is a URL, not the path'],
    [uv, ['--overrides', 'file:/r.txt'], '--overrides file:/r.txt: is a URL, not the path'],
    [uv, ['-b', 'HTTP://a.test/r.txt'], '-b HTTP://a.test/r.txt: is a URL, not the path'],
    [uv, ['--excludes', 'http://a.test/r'], '--excludes http://a.test/r: is a URL, not the path'],
    [uv, ['--exclude', 'none.txt'], '--exclude none.txt: cannot be looked at: no such file'],
    [uv, ['-c', 'a.txt b.txt'], '-c a.txt b.txt: is several files for some releases of uv'],
    [uv, ['-r', 'a b.txt'], '-r a b.txt: cannot be looked at: no such file'],
    [uv, ['-P', 'demo @ https://a.test/d.zip'], '-P demo @ https://a.test/d.zip: comes from a URL'],
    [
      ['uv', 'pip', 'sync'],
      ['pylock.toml'],
      'sync pylock.toml: is not a requirements file by its name',
    ],
    [['uv', 'pip', 'compile'], ['file:/r.in'], 'compile file:/r.in: is a URL, not the path'],
    [['pip', '--proxy', 'x', 'install'], ['demo'], '--proxy: leads past the proxy'],
    [['pip', '--isolated', 'install'], ['demo'], '--isolated: makes pip forget'],
  ])('%j %j', async (command, args, way) => {
    const [first, ...more] = await waysOf([...command, ...args])
    expect(first?.startsWith(way)).toBe(true)
    expect([first, more.length]).toEqual([
      first,
      more.length > 0 && way.includes('not known') ? 1 : 0,
    ])
  })
})

describe('a way around in a file is named with its line:', () => {
  test.each([
    ['--index-url https://a.test', 'r.txt:2: --index-url: names another index'],
    ['-i https://a.test', 'r.txt:2: --index-url: names another index'],
    ['--extra-index-url=https://a.test', 'r.txt:2: --extra-index-url: names another index'],
    ['--find-links dir', 'r.txt:2: --find-links: brings files that no index lists'],
    ['--trusted-host a.test', 'r.txt:2: --trusted-host: trusts another host'],
    ['--no-index', 'r.txt:2: --no-index: takes the index away'],
    ['other @ https://a.test/o-1.zip', 'r.txt:2: comes from a URL; --allow-unverified other'],
    ['https://a.test/other-1.0.zip', 'r.txt:2: comes from a URL; --allow-unverified other'],
    ['git+https://a.test/o#egg=other', 'r.txt:2: comes from a version control system'],
    ['./other', 'r.txt:2: comes from a path; --allow-unverified ./other lets it'],
    ['-e .', 'r.txt:2: comes from a path; --allow-unverified . lets it'],
    ['-e other', 'r.txt:2: comes from a path; --allow-unverified other lets it'],
    ['${SECRET}', 'r.txt:2: comes from a URL'],
    ['--what-is-this', '-r r.txt: cannot be looked at:'],
    [
      '-r none.txt',
      '-r r.txt: cannot be looked at: r.txt:2: "none.txt" cannot be read: no such file',
    ],
    ['-r https://a.test/r.txt', '-r r.txt: cannot be looked at:'],
    ['-r file:/tmp/r.txt', '-r r.txt: cannot be looked at: r.txt:2: "file:/tmp/r.txt" is a URL'],
    ['# /// script', '-r r.txt: cannot be looked at: r.txt:2: a script block'],
  ])('%s', async (line, way) => {
    const environment = { SECRET: 'https://a.test/other-1.0.zip' }
    const ways = await waysOf(
      [...pip, '-r', 'r.txt'],
      { 'r.txt': `demo==1.0\n${line}\n` },
      { environment },
    )
    expect(ways).toEqual([expect.stringContaining(way)])
  })

  test('also in files that it includes, and in constraints', async () => {
    const files = {
      'r.txt': 'demo\n-r more/base.txt\n-c more/c.txt\n',
      'more/base.txt': '\n--index-url https://a.test\n',
      'more/c.txt': 'demo @ https://a.test/demo-1.0.zip\n',
    }
    expect(await waysOf([...pip, '--requirement=r.txt'], files)).toEqual([
      'more/base.txt:2: --index-url: names another index',
      'more/c.txt:1: comes from a URL; --allow-unverified demo lets it',
    ])
    expect(await waysOf([...pip, '-c', 'more/c.txt', 'demo'], files)).toHaveLength(1)
    expect(await waysOf([...pip, '--build-constraint', 'more/c.txt', 'demo'], files)).toHaveLength(
      1,
    )
    expect(await waysOf([...uv, '--overrides', 'more/c.txt', 'demo'], files)).toHaveLength(1)
  })
})

describe('a way around that one of the tools alone would read is named:', () => {
  test.each([
    ['after a comment', pip, 'demo # a \\\n./evil.whl\n', 'a comment ends in'],
    ['after a comment', uv, 'demo # a \\\r./evil.whl\n', 'a comment ends in'],
    ['after a break', uv, 'demo #\u0085x;\\\n./evil.whl\n', 'U+0085 ends a line'],
    ['in a file of another name', uv, '-r b.txt#c\n', 'take this path in different ways'],
    ['in a malformed marker', pip, 'demo ; ./evil.whl\n', 'demo: the marker .* is not understood'],
    ['after an option', uv, '--no-binary x\\\n./evil.whl\n', 'join the lines'],
    ['in a file of another name', uv, '-r=b.txt\n', 'only pip takes ='],
  ])('%s, by %j', async (_, command, text, reason) => {
    const files = { 'r.txt': text, 'b.txt': '', '=b.txt': '', 'b.txt#c': '' }
    expect(await waysOf([...command, '-r', 'r.txt'], files)).toEqual([
      expect.stringMatching(
        new RegExp(`^-r r\\.txt: cannot be looked at: r\\.txt:[12]: .*${reason.replace('+', '.')}`),
      ),
    ])
  })

  test('the file that pip reads for -r=r.txt is the one that is checked', async () => {
    const files = { 'r.txt': 'demo\n', '=r.txt': '-i https://a.test\n' }
    expect(await waysOf([...pip, '-r=r.txt'], files)).toEqual([
      '=r.txt:1: --index-url: names another index',
    ])
    expect(await waysOf([...uv, '-r=r.txt'], files)).toEqual([])
  })
})

describe('a way around in the environment is named:', () => {
  test.each([
    ['PIP_REQUIREMENT', 'r.txt', 'r.txt:1: --index-url: names another index'],
    ['PIP_CONSTRAINT', 'a.txt r.txt', 'r.txt:1: --index-url: names another index'],
    ['PIP_BUILD_CONSTRAINT', 'none.txt', 'PIP_BUILD_CONSTRAINT none.txt: cannot be looked at'],
    ['PIP_EDITABLE', 'demo', 'PIP_EDITABLE demo: comes from a path'],
    ['PIP_REQUIREMENT', 'file:/r.txt', 'PIP_REQUIREMENT file:/r.txt: is a URL'],
    ['PIP_CONSTRAINT', 'a.txt\x1ffile:/r.txt', 'PIP_CONSTRAINT file:/r.txt: is a URL'],
    ['UV_OVERRIDE', 'r.txt', 'r.txt:1: --index-url: names another index'],
    ['UV_EXCLUDE', 'a.txt http:/a.test/r', 'UV_EXCLUDE http:/a.test/r: is a URL'],
    ['UV_CONSTRAINT', 'a.txt\tr.txt', 'UV_CONSTRAINT a.txt\tr.txt: begins or ends with'],
  ])('%s=%s', async (name, value, way) => {
    const files = { 'r.txt': '-i https://a.test\n', 'a.txt': 'demo\n' }
    const ways = await waysOf([...pip, 'demo'], files, { environment: { [name]: value } })
    expect(ways).toEqual([expect.stringContaining(way)])
  })
})

describe('--allow-unverified', () => {
  test.each([
    ['demo', 'Demo @ https://a.test/d.zip'],
    ['Demo', 'demo @ git+https://a.test/d'],
    ['demo', 'https://a.test/demo-1.0.tar.gz'],
    ['demo', 'git+https://a.test/d#egg=demo'],
    ['.', '.'],
    ['./demo', './demo'],
    ['https://a.test/archive', 'https://a.test/archive'],
  ])('%s lets %s', async (name, requirement) => {
    expect(await waysOf([...pip, requirement], {}, { allowUnverified: [name] })).toEqual([])
  })

  test('lets that project alone', async () => {
    const requirements = ['demo @ https://a.test/d.zip', 'other @ https://a.test/o.zip']
    const ways = await waysOf([...pip, ...requirements], {}, { allowUnverified: ['demo'] })
    expect(ways).toEqual([expect.stringContaining('install other @')])
  })

  test('lets no other index', async () => {
    const ways = await waysOf([...pip, '-i', 'x', 'demo'], {}, { allowUnverified: ['demo', 'x'] })
    expect(ways).toEqual(['-i: names another index'])
  })
})
