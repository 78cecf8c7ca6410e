import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Desk } from './desk.js'
import { contents, openPypiDesk, sdist, sha256, wheel } from './pypi-desk.js'

let desk: Desk
beforeEach(async () => {
  desk = await openPypiDesk()
})
afterEach(() => desk.clear())

const url = 'https://example.com/c.txt?a=b'
const write = (name: string, text: string): Promise<void> =>
  writeFile(join(desk.folder, name), text)

describe('tuffet pypi check --include', () => {
  test('reads a copy, and says that an installer fetches the URL itself', async () => {
    const hashes = [wheel, sdist].map((name) => `--hash=sha256:${sha256(contents[name]!)}`)
    await write('r.txt', `demo-pkg==1.0 ${hashes.join(' ')}\n-c ${url}\n`)
    await write('c.txt', 'demo-pkg==1.0\n')
    expect((await desk.run(['pypi', 'check', 'r.txt'])).stderr).toContain(
      `"${url}" is a URL, not the path of a file: tuffet does not fetch it; save a copy, and name it`,
    )
    const args = ['pypi', 'check', 'r.txt', '--include', `${url}=c.txt`]
    expect(await desk.run(args)).toEqual({
      status: 0,
      stdout: expect.stringContaining(
        `not compared: ${url}: a copy was read; an installer fetches it anew, so give it the copy\n`,
      ),
      stderr: '',
    })
    expect(await desk.json(...args)).toMatchObject({ ok: true, copied: [url] })
  })

  test.each(['c.txt', url, `=c.txt`, 'ftp://a/b=c.txt'])('does not accept %j', async (value) => {
    await write('r.txt', 'demo-pkg==1.0\n')
    const { status, stderr } = await desk.run(['pypi', 'check', 'r.txt', '--include', value])
    expect(status).not.toBe(0)
    expect(stderr).not.toBe('')
  })
})

test('tuffet pypi check reports hashes without a pin', async () => {
  await write('r.txt', `demo-pkg>=1 --hash=sha256:${sha256('a wheel')}\n`)
  const { status, stdout } = await desk.run(['pypi', 'check', 'r.txt'])
  expect([status, stdout]).toEqual([1, expect.stringContaining('no version with == or ===')])
})

test('tuffet pypi check names the format in which it read an empty lock', async () => {
  await write('x.lock', 'version = 1\nrequires-python = ">=3.9"\n')
  const { status, stderr } = await desk.run(['pypi', 'check', 'x.lock'])
  expect([status, stderr]).toEqual([
    1,
    'tuffet: x.lock (uv.lock) locks nothing: nothing was verified\n',
  ])
})

test('tuffet pypi pin goes on after a page that cannot be used, and reports it', async () => {
  desk.repository.addTarget('simple/broken', 'not a page')
  desk.repository.publish()
  await write('in.txt', 'broken==1.0\ndemo-pkg==1.0\n')
  const { status, stdout, stderr } = await desk.run(['pypi', 'pin', '-r', 'in.txt'])
  expect(status).toBe(1)
  expect(stdout).toContain('# broken==1.0: the index page of "broken": it is not HTML\n')
  expect(stdout).toContain('demo-pkg==1.0 \\\n')
  expect(stderr).toContain('1 of 2 could not be pinned; broken==1.0: ')
})
