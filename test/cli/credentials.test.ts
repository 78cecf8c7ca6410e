/** No output of any command shows the credentials in a URL. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { FetchNotFoundError } from '../../src/errors.js'
import { maskCredentials } from '../../src/errors/mask-credentials.js'
import type { Desk } from './desk.js'
import { fakePip, openPypiDesk, wheel } from './pypi-desk.js'

describe('a text', () => {
  test.each([
    ['https://user:secret@a.test/x', 'https://****@a.test/x'],
    ['https://token@a.test', 'https://****@a.test'],
    ['"https://u:p%40x@a.test/" and http://b:c@d/', '"https://****@a.test/" and http://****@d/'],
    ['https://u:p@x@a.test/', 'https://****@a.test/'],
    ['git+ssh://git@a.test/r', 'git+ssh://git@a.test/r'],
    ['git+ssh://git:secret@a.test/r', 'git+ssh://****@a.test/r'],
    ['https://a.test/x?token=secret&b=1#c', 'https://a.test/x?token=****&b=1#c'],
    ['https://a.test/x?X-Amz-Signature=secret', 'https://a.test/x?X-Amz-Signature=****'],
    ["https://user:it's@a.test/x", 'https://****@a.test/x'],
    ['git+ssh://git@b:secret@a.test/r', 'git+ssh://****@a.test/r'],
    ['https://a.test/x?access_key=secret&n=1', 'https://a.test/x?access_key=****&n=1'],
    ['https://a.test/?next=x?token=secret', 'https://a.test/?next=x?token=****'],
    ['https://a.test/@scope/x', 'https://a.test/@scope/x'],
    ['https://a.test/#sha256=00', 'https://a.test/#sha256=00'],
    ['me@a.test', 'me@a.test'],
  ])('%s is shown as %s', (text, shown) => {
    expect(maskCredentials(text)).toBe(shown)
    expect(maskCredentials(shown)).toBe(shown)
  })

  test.each(['http://a', '?token', 'a.', 'token', 'a-', '://', 'x@', '&sig'])(
    'of many %j is masked in one pass',
    (part) => {
      const long = `?${part.repeat(400_000)}`
      expect(maskCredentials(long)).toBe(long)
    },
  )
})

const withSecret = 'https://alice:hunter2@files.test/'
const lock = (fields: string): string =>
  `[metadata]\nlock_version = "4.5.0"\n[[package]]\nname = "demo-pkg"\nversion = "1.0"\n${fields}\n`

describe('no output shows credentials', () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await openPypiDesk()
    const files = {
      'r.txt': `demo-pkg @ ${withSecret}${wheel}\n-r ${withSecret}r.txt\n`,
      'origin.txt': `demo-pkg @ ${withSecret}${wheel}\n-e git+${withSecret}r#egg=x\n`,
      'index.txt': `--index-url ${withSecret}simple\ndemo-pkg==1.0\n`,
      'pdm.lock': lock(`files = [{ url = "${withSecret}x y", hash = "sha256:00" }]`),
      'in.txt': `demo-pkg @ ${withSecret}${wheel}\n`,
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(desk.folder, name), text)
  })
  afterEach(() => desk.clear())

  const json = ['--json']
  const url = `${withSecret}metadata/`
  test.each(
    [
      ['pypi', 'check', 'r.txt'],
      ['pypi', 'check', 'origin.txt'],
      ['pypi', 'check', 'index.txt'],
      ['pypi', 'check', 'pdm.lock'],
      ['pypi', 'check', `${withSecret}r.txt`],
      ['pypi', 'check', 'r.txt', '--include', withSecret],
      ['pypi', 'pin', '-r', 'in.txt'],
      ['pypi', 'pin', `demo-pkg @ ${withSecret}${wheel}`],
      ['pypi', 'run', '--', 'PIP', 'install', '-r', 'origin.txt'],
      ['pypi', 'run', '--', 'PIP', 'install', '-i', `${withSecret}simple`, 'demo-pkg'],
      ['pypi', 'run', '--', 'PIP', 'install', `${withSecret}${wheel}`],
      ['pypi', 'verify', 'r.txt', '--metadata-url', url],
      ['pypi', 'serve', '--metadata-url', url],
      ['refresh', '--verbose', '--metadata-url', url],
      ['explain', 'x', '--metadata-url', url],
      ['download', 'pkgs/a.whl', '--targets-url', withSecret, '--verbose'],
      ['refresh', '--metadata-url', 'ftp://alice:hunter2@files.test/'],
    ].flatMap((args) => [[args], [[...args.slice(0, 2), ...json, ...args.slice(2)]]]),
  )('%j', async (args) => {
    const pip = await fakePip(desk, '')
    const given = args.map((one) => (one === 'PIP' ? pip : one))
    const failing = {
      fetch: async ({ url }: { url: string }): Promise<never> => {
        throw new FetchNotFoundError(url)
      },
    }
    const { status, stdout, stderr } = await desk.run(given, {
      ...(args.includes('--metadata-url') && { fetcher: failing }),
    })
    expect(status).not.toBe(0)
    expect(stdout + stderr).not.toBe('')
    expect(stdout + stderr).not.toMatch(/hunter2|alice/)
  })

  test('and a message shows the value that --allow-unverified takes', async () => {
    const text = `${withSecret}nameless.zip\n`
    await writeFile(join(desk.folder, 'r.txt'), text)
    const first = await desk.run(['pypi', 'check', 'r.txt'])
    const [, shown = ''] = /--allow-unverified (\S+)/.exec(first.stdout) ?? []
    expect(shown).toBe('https://****@files.test/nameless.zip')
    const args = ['pypi', 'check', 'r.txt', '--allow-unverified', shown]
    expect((await desk.run(args)).stderr).toContain('nothing is left to compare')
  })
})
