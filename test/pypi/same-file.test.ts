import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { filenameKey, parseFilename } from '../../src/pypi/names/file-name.js'
import { readLock, type LockVerdict } from '../../src/pypi/index.js'
import { IndexRepository } from './index-repository.js'
import { startAsking } from './proxy/asking.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const utf8 = new TextEncoder()

describe('the file of a release', () => {
  test.each([
    ...['tar.gz', 'tgz', 'tar', 'zip', 'tar.bz2', 'tbz', 'tbz2', 'tar.xz', 'txz', 'tlz'],
    ...['tar.lz', 'tar.lzma', 'tar.zst', 'tar.Z'],
  ])('may be a source distribution that ends in .%s', (ending) => {
    expect(parseFilename(`my-app-1.0.${ending}`)).toEqual({
      kind: 'sdist',
      project: 'my-app',
      version: '1.0',
    })
  })

  test.each([
    ['zope.interface-3.6.0-py2.7-win-amd64.egg', 'egg', 'zope-interface', '3.6.0'],
    ['my_app-1.0_r5-py2.6.egg', 'egg', 'my-app', '1.0.post5'],
    ['foo-1.0.win32-py2.7.exe', 'installer', 'foo', '1.0'],
    ['foo-bar-1.0.win-amd64-py3.4.msi', 'installer', 'foo-bar', '1.0'],
    ['foo-1.0rc1-1.noarch.rpm', 'installer', 'foo', '1.0rc1'],
    ['foo-1.0.macosx-10.6-intel.dmg', 'installer', 'foo', '1.0'],
  ])('may be one that no installer accepts: %s', (filename, kind, project, version) => {
    expect(parseFilename(filename)).toEqual({ kind, project, version })
  })

  test.each([
    'foo-1.0.tar.gz.asc',
    'foo-1.0.deb',
    'foo-1.0.gz',
    'foo-1.0.tar.gz.metadata',
    'foo.zip',
  ])('is not %s', (filename) => expect(parseFilename(filename)).toBeUndefined())

  test.each([
    ['MarkupSafe-3.0.2-cp312-cp312-win32.whl', 'markupsafe-3.0.2-cp312-cp312-win32.whl'],
    ['zope.interface-7.0-cp312-cp312-win32.whl', 'zope_interface-7.0-cp312-cp312-win32.whl'],
    ['a-1.0-py2.py3-none-any.whl', 'A-1.0.0-py3.py2.py3-none-any.whl'],
    ['a-1.0-01b-py3-none-x.y.whl', 'a-1.0-1b-py3-none-Y.X.whl'],
    ['a-1.0+CPU.1-py3-none-any.whl', 'a-1.0+cpu_01-py3-none-any.whl'],
    ['a-1!2.0-py3-none-any.whl', 'a-1!2-py3-none-any.whl'],
    ['zope.interface-7.0.tar.bz2', 'Zope_Interface-7.tar.bz2'],
  ])('gives one key to %s and %s', (one, other) => {
    expect(filenameKey(one)).toEqual(expect.any(String))
    expect(filenameKey(one)).toBe(filenameKey(other))
  })

  test.each([
    ['a-1.0-py3-none-any.whl', 'a-1.0-1-py3-none-any.whl'],
    ['a-1.0-py3-none-any.whl', 'a-1.0-py2.py3-none-any.whl'],
    ['a-1.0-py3-none-any.whl', 'a-1.0+x-py3-none-any.whl'],
    ['a-1.0.tar.gz', 'a-1.0.tgz'],
    ['a-1.0.tar.gz', 'a-1.0.post1.tar.gz'],
    ['a-1.0-py2.6.egg', 'a-1.0-py2.7.egg'],
    ['a-1.0.win32.exe', 'a-1.0.win-amd64.exe'],
  ])('gives two keys to %s and %s', (one, other) => {
    expect(filenameKey(one)).not.toBe(filenameKey(other))
  })
})

async function check(index: IndexRepository, lock: string): Promise<LockVerdict[]> {
  const view = await index.view()
  const { entries } = await readLock('pylock.toml', utf8.encode(lock))
  const verdicts = []
  for await (const verdict of view.checkLock(entries)) verdicts.push(verdict)
  return verdicts
}

const onPage = 'MarkupSafe-3.0.2-cp312-cp312-win_amd64.whl'
const inLock = 'markupsafe-3.0.2-cp312-cp312-win_amd64.whl'

function pylock(name: string, url: string, sha256: string): string {
  return [
    'lock-version = "1.0"\ncreated-by = "uv"\n[[packages]]\nname = "markupsafe"\nversion = "3.0.2"',
    `wheels = [{ name = "${name}", url = "${url}", hashes = { sha256 = "${sha256}" } }]`,
  ].join('\n')
}

describe.each(['pages', 'pages-and-files', 'rstuf'] as const)('in the layout %s', (layout) => {
  test('a lock file may write the name of a file in another way than the page', async () => {
    const index = new IndexRepository({ layout })
    const { sha256, url } = index.add(onPage, 'the wheel')
    index.publish()
    const [right] = await check(index, pylock(inLock, url, sha256))
    expect(right).toMatchObject({ verdict: 'match', files: [{ vouched: { filename: onPage } }] })
    const [wrong] = await check(index, pylock(inLock, url, '0'.repeat(64)))
    expect(wrong).toMatchObject({
      verdict: 'mismatch',
      files: [{ difference: { what: 'sha256' } }],
    })
  })

  test('of two files whose names have the same parts, each keeps its own digest', async () => {
    const index = new IndexRepository({ layout })
    const other = 'markupSAFE-3.0.2-cp312-cp312-win_amd64.whl'
    const one = index.add(onPage, 'one wheel')
    const two = index.add(other, 'another wheel, longer')
    index.publish()
    for (const { sha256, url } of [one, two]) {
      expect((await check(index, pylock(inLock, url, sha256)))[0]?.verdict).toBe('match')
    }
    const bad = await check(index, pylock(inLock, one.url, '0'.repeat(64)))
    expect(bad[0]?.verdict).toBe('mismatch')
    // The page names the bytes of exactly this name.
    expect((await check(index, pylock(onPage, one.url, two.sha256)))[0]?.verdict).toBe('mismatch')
    const view = await index.view()
    const verify = async (filename: string, content: string): Promise<string> =>
      (await view.verifyFile(utf8.encode(content), { filename })).verdict
    expect(await verify(inLock, 'one wheel')).toBe('match')
    expect(await verify(inLock, 'another wheel, longer')).toBe('match')
    expect(await verify(inLock, 'a third one')).toBe('mismatch')
    expect(await verify(other, 'one wheel')).toBe('mismatch')
    expect(await view.find(inLock)).toMatchObject({ verdict: 'unknown' })
  })

  test('every kind of file is verified, pinned and checked; a name without a version is named', async () => {
    const index = new IndexRepository({ layout })
    const names = ['foo-1.0.tar.bz2', 'foo-1.0.tgz', 'foo-1.0-py2.7.egg', 'foo-1.0.win32.exe']
    const digests = names.map((name) => index.add(name, name).sha256)
    index.publish(({ files, ...page }) => {
      const [first] = files
      const odd = { ...first!, filename: 'foo-1.0.linux-x86_64.tar.gz' }
      return { ...page, files: [...files, odd] }
    })
    const view = await index.view()
    for (const filename of names) {
      const { verdict } = await view.verifyFile(utf8.encode(filename), { filename })
      expect([filename, verdict]).toEqual([filename, 'match'])
    }
    const [pin] = await view.pin(['foo==1.0'])
    expect(pin?.files.map(({ sha256 }) => sha256).sort()).toEqual([...digests].sort())
    expect(pin?.left).toEqual([
      {
        filename: 'foo-1.0.linux-x86_64.tar.gz',
        verdict: 'unknown',
        reason: 'its name does not tell which release of foo it is',
      },
    ])
    const lock = await readLock('requirements.txt', utf8.encode(pin?.text ?? ''))
    for await (const { verdict } of view.checkLock(lock.entries)) expect(verdict).toBe('match')
  })
})

test('the proxy offers no file that it would refuse, and names it', async () => {
  const index = new IndexRepository({ form: 'json' })
  index.add('foo-1.0.tar.bz2')
  index.publish(({ files, ...page }) => {
    const [first] = files
    const odd = { ...first!, filename: 'foo-1.0.linux-x86_64.tar.gz' }
    const other = { ...first!, filename: 'evil-1.0.tar.gz' }
    return { ...page, files: [...files, odd, other] }
  })
  const told: [string, readonly string[]][] = []
  const onLeftOut = (project: string, names: readonly string[]): void => {
    told.push([project, names])
  }
  const { proxy, ask } = await startAsking(index, { onLeftOut })
  try {
    const page = (await ask('/simple/foo/')).body.toString()
    expect(page).toContain('foo-1.0.tar.bz2')
    expect(page).not.toMatch(/linux|evil/)
    expect((await ask('/files/foo/foo-1.0.tar.bz2')).status).toBe(200)
    expect(told).toEqual([['foo', ['foo-1.0.linux-x86_64.tar.gz', 'evil-1.0.tar.gz']]])
  } finally {
    await proxy.close()
  }
})

test('a file in a folder does not match where its name can be read as of another project', async () => {
  const index = new IndexRepository()
  index.add('my-app-2-1.tar.gz', 'of my-app-2')
  index.publish()
  const folder = temporaryFolder('twice')
  await writeFile(join(folder, 'my-app-2-1.tar.gz'), 'of my-app-2')
  await writeFile(join(folder, 'my_app_2-1.tar.gz'), 'of my-app-2')
  const view = await index.view()
  const found: [string, string, string][] = []
  for await (const { filename, verdict, reason } of view.verifyFolder(folder)) {
    found.push([filename, verdict, reason])
  }
  expect(found).toEqual([
    [
      'my-app-2-1.tar.gz',
      'unknown',
      'pip before 24 may take it for my-app 2.post1; rename it to my_app_2-1 with its ending',
    ],
    ['my_app_2-1.tar.gz', 'match', 'its page vouches for it'],
  ])
})
