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

const right = [wheel, sdist].map((name) => `--hash=sha256:${sha256(contents[name]!)}`).join(' ')

describe('tuffet pypi check', () => {
  test('ends with 0 when every hash is what the repository has', async () => {
    await writeFile(join(desk.folder, 'r.txt'), `# pinned\ndemo-pkg==1.0 ${right}\n`)
    const { status, stdout, stderr } = await desk.run(['pypi', 'check', 'r.txt'])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^match {2}demo-pkg 1\.0 {2}r\.txt:2: .*\n1 entry: 1 match\n$/)
  })

  test('finds one altered hash, in whatever file', async () => {
    const altered = right.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
    await writeFile(join(desk.folder, 'base.txt'), `demo-pkg==1.0 ${altered}\n`)
    await writeFile(
      join(desk.folder, 'r.txt'),
      '-r base.txt\nunknown==1 --hash=sha256:' + 'a'.repeat(64),
    )
    await writeFile(join(desk.folder, 'SHA256SUMS'), `${sha256('a wheel')}  ${wheel}\n`)
    const { status, stdout, stderr } = await desk.run(['pypi', 'check', 'r.txt', 'SHA256SUMS'])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^mismatch {2}demo-pkg 1\.0 {2}base\.txt:1: /m)
    expect(stdout).toMatch(/^unknown {3}unknown 1 {5}r\.txt:2: /m)
    expect(stdout).toMatch(/^3 entries: 1 mismatch, 1 unknown, 1 match$/m)
    expect(stderr).toBe('tuffet: 2 of 3 entries are not what the repository vouches for\n')
  })

  test('gives programs each file', async () => {
    await writeFile(join(desk.folder, 'r.txt'), `demo-pkg==1.0 ${right}\n`)
    expect(await desk.json('pypi', 'check', 'r.txt')).toMatchObject({
      ok: true,
      counts: { match: 1 },
      entries: [
        {
          name: 'demo-pkg',
          version: '1.0',
          verdict: 'match',
          source: 'r.txt',
          line: 1,
          files: [{ verdict: 'match' }, { verdict: 'match' }],
        },
      ],
    })
  })

  test.each([
    ['r.txt', '# nothing\n', /^tuffet: r\.txt locks nothing: nothing was verified\n$/],
    ['r.txt', 'demo-pkg==1.0 --what\n', /^tuffet: r\.txt:1: .*ERR_TUF_LOCK_INVALID\]\n$/],
    ['poetry.lock', '[[package]\n', /^tuffet: poetry\.lock.*ERR_TUF_LOCK_INVALID\]\n$/],
  ])('a lock file that says nothing is none that holds: %s %j', async (name, text, message) => {
    await writeFile(join(desk.folder, name), text)
    const { status, stderr } = await desk.run(['pypi', 'check', name])
    expect(status).toBe(1)
    expect(stderr).toMatch(message)
  })
})
