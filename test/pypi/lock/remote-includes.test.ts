import { describe, expect, test } from '@jest/globals'
import { LockFileError } from '../../../src/errors.js'
import { readLock } from '../../../src/pypi/index.js'
import { bytesOf, read, refusal, sha256 } from './reading.js'

const { a, b } = sha256
const url = 'https://example.com/constraints-3.0/constraints.txt'

describe('a file that is included by URL', () => {
  test.each(['-r', '-c'])('is not fetched, and the message says all of it: %s', async (option) => {
    const long = `https://user:secret@example.com/${'folder/'.repeat(30)}c.txt`
    const error = await refusal('r.txt', `foo==1.0\n${option} ${long}`)
    expect(error).toMatchObject({ file: 'r.txt', line: 2 })
    const shown = long.replace('user:secret@', '****@')
    expect(error.reason).toBe(
      `"${shown}" is a URL, not the path of a file: tuffet does not fetch it; save a copy, and name it (--include URL=FILE)`,
    )
  })

  test('is read from a copy, with its included files beside it', async () => {
    const copies = new Map([
      [url, bytesOf('foo==1.0\n-c more.txt\n')],
      ['https://example.com/constraints-3.0/more.txt', bytesOf('bar==2.0\n')],
    ])
    const lock = await readLock('r.txt', bytesOf(`foo --hash=sha256:${a}\n-c ${url}\n`), { copies })
    expect(lock.entries.map(({ name }) => name)).toEqual(['foo'])
    expect(lock.constraints.map(({ name, source }) => [name, source])).toEqual([
      ['foo', url],
      ['bar', 'https://example.com/constraints-3.0/more.txt'],
    ])
    expect(lock.copied).toEqual([...copies.keys()])
  })

  test('that includes itself is refused', async () => {
    const copies = new Map([[url, bytesOf(`-r constraints.txt\n`)]])
    const reading = readLock('r.txt', bytesOf(`-r ${url}`), { copies })
    await expect(reading).rejects.toThrow(LockFileError)
    await expect(reading).rejects.toThrow('includes itself')
  })
})

test('the path of an include is not cut', async () => {
  const path = `${'folder/'.repeat(30)}c.txt`
  const missing = async (): Promise<never> => {
    throw new Error('no such file')
  }
  const { reason } = await refusal('r.txt', `-r ${path}`, { read: missing })
  expect(reason).toBe(`${JSON.stringify(path)} cannot be read`)
})

describe('one file name with two digests', () => {
  const both = [a, b].map(
    (hash) => `{ file = "foo-1.0-py3-none-any.whl", hash = "sha256:${hash}" }`,
  )
  test('is two files, and each is judged, as with two indexes', async () => {
    const text = `[metadata]\nlock_version = "4.5.0"\n[[package]]\nname = "foo"\nversion = "1.0"\nfiles = [${both.join(', ')}, ${both[0] ?? ''}]\n`
    const { entries } = await read('pdm.lock', text)
    expect(entries[0]?.files.map(({ hashes }) => hashes.get('sha256'))).toEqual([a, b])
  })
})

describe('as the newest tools write it', () => {
  test('a source of Pipfile.lock without a name is named after its host', async () => {
    const lock = {
      _meta: {
        'pipfile-spec': 6,
        sources: [{ url: 'https://u:${P}@pypi.org:443/simple', verify_ssl: true }],
      },
      default: { foo: { version: '==1.0', index: 'pypi.org', hashes: [`sha256:${a}`] } },
    }
    const { entries } = await read('Pipfile.lock', JSON.stringify(lock))
    expect(entries).toMatchObject([{ name: 'foo', index: 'https://u:${P}@pypi.org:443/simple' }])
  })

  test('pylock.toml of pipenv says how it was made', async () => {
    const text = `lock-version = "1.0"\ncreated-by = "pipenv"\npackages = []\n[tool.pipenv]\ngenerated_from = "Pipfile.lock"\ngeneration_date = "2026"\n`
    expect((await read('pylock.toml', text)).entries).toEqual([])
    await refusal('pylock.toml', `${text}index_url = "x"\n`)
  })

  test('an editable of uv may have a marker, which pip ignores', async () => {
    const marker = `sys_platform == 'linux' or sys_platform == 'win32'`
    const { entries } = await read('r.txt', `-e ./lib ; ${marker}\n    # via demo\n`)
    expect(entries).toMatchObject([{ origin: 'path', location: './lib', line: 1 }])
    expect(entries[0]).not.toHaveProperty('marker')
    for (const line of [
      '-e ./lib ; nothing',
      `-e ./lib ; ${marker} --hash=x`,
      `-e ./lib; ${marker}`,
    ]) {
      await refusal('r.txt', line)
    }
  })
})

test('millions of comment lines cost no memory of their own', async () => {
  const text = `${'#\n'.repeat(5_000_000)}foo==1.0 --hash=sha256:${a}\n`
  expect((await read('r.txt', text)).entries).toMatchObject([{ name: 'foo', line: 5_000_001 }])
})

test('hashes that pipenv lists in pylock.toml without a file are judged too', async () => {
  const head =
    'lock-version = "1.0"\ncreated-by = "pipenv"\n[[packages]]\nname = "foo"\nversion = "1.0"\n'
  const tool = `[packages.tool.pipenv]\nhashes = ["sha256:${b}"]\n`
  const wheels = `wheels = [{ url = "https://a.test/foo-1.0-py3-none-any.whl", hashes = { sha256 = "${a}" } }]\n`
  const both = await read('pylock.toml', head + wheels + tool)
  expect(
    both.entries.map(({ anyFile, files }) => [
      anyFile,
      files.map(({ hashes }) => hashes.get('sha256')),
    ]),
  ).toEqual([
    [undefined, [a]],
    [true, [b]],
  ])
  expect((await read('pylock.toml', head + tool)).entries).toMatchObject([
    { name: 'foo', anyFile: true },
  ])
  await refusal('pylock.toml', head)
  await refusal('pylock.toml', `${head}${tool}url = "x"\n`)
})
