import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Desk } from './desk.js'
import { contents, fillFolder, openPypiDesk, sdist, sha256, uncovered, wheel } from './pypi-desk.js'

let desk: Desk
beforeEach(async () => {
  desk = await openPypiDesk()
})
afterEach(() => desk.clear())

describe('tuffet pypi verify', () => {
  test('prints a verdict for each file in a folder', async () => {
    await fillFolder(desk, { ...contents, 'other-1.0.zip': 'x', 'notes.txt': 'not looked at' })
    const { status, stdout, stderr } = await desk.run(['pypi', 'verify', 'wheels'])
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['match', `wheels/${wheel}`],
      ['match', `wheels/${sdist}`],
      ['not-covered', `wheels/${uncovered}`],
      ['unknown', 'wheels/other-1.0.zip'],
      ['4 files: 2 match, 1 not-covered, 1 unknown'],
      [''],
    ])
    expect([status, stderr]).toEqual([
      1,
      'tuffet: the repository does not vouch for 2 of 4 files\n',
    ])
  })

  test('ends with 0 when every file is a match', async () => {
    await fillFolder(desk, { [wheel]: 'a wheel' })
    const { status, stdout } = await desk.run(['pypi', 'verify', `wheels/${wheel}`])
    expect([status, stdout]).toEqual([
      0,
      `match  wheels/${wheel}  its page and its target vouch for it\n1 file: 1 match\n`,
    ])
  })

  test('names the difference', async () => {
    await fillFolder(desk, { [wheel]: 'b wheel' })
    expect(await desk.json('pypi', 'verify', 'wheels')).toEqual({
      ok: false,
      error: {
        code: 'NOT_VERIFIED',
        message: 'the repository does not vouch for 1 of 1 file',
      },
      counts: { mismatch: 1 },
      files: [
        {
          file: `wheels/${wheel}`,
          verdict: 'mismatch',
          reason: expect.stringContaining('its sha256 is'),
          project: 'demo-pkg',
          version: '1.0',
          difference: {
            what: 'sha256',
            expected: sha256('a wheel'),
            actual: sha256('b wheel'),
          },
        },
      ],
    })
  })

  test('a folder that contains a page is not verified: pip follows its links', async () => {
    await fillFolder(desk, { [wheel]: 'a wheel', 'readme.html': '<a href="file:///x.whl">' })
    const { status, stdout } = await desk.run(['pypi', 'verify', 'wheels'])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^unknown {2}wheels\/readme\.html +pip follows its links$/m)
  })

  test('a folder named like an archive is not searched: pip builds it', async () => {
    await fillFolder(desk, { [wheel]: 'a wheel', 'setup.py': '' }, 'wheels/foo-2.0.tar.gz')
    await fillFolder(desk, { [wheel]: 'a wheel' }, `wheels/${sdist}`)
    const all = await desk.run(['pypi', 'verify', 'wheels'])
    const [named, listed] = [
      await desk.run(['pypi', 'verify', 'wheels/foo-2.0.tar.gz']),
      await desk.run(['pypi', 'verify', `wheels/${sdist}/`]),
    ]
    expect([all.status, named.status, listed.status]).toEqual([1, 1, 1])
    expect(all.stdout).toMatch(/^failed {2}wheels\/foo-2\.0\.tar\.gz +.*is not a regular file$/m)
    expect(all.stdout).toMatch(
      /^failed {2}wheels\/demo_pkg-1\.0\.tar\.gz +.*is not a regular file$/m,
    )
    expect(named.stdout).toMatch(/^unknown /)
    expect(listed.stdout).toMatch(/^failed /)
  })

  test('an empty folder is not verified', async () => {
    await fillFolder(desk, { 'notes.txt': '' })
    const { status, stderr } = await desk.run(['pypi', 'verify', 'wheels'])
    expect([status, stderr]).toEqual([
      1,
      'tuffet: wheels contains no distribution: nothing was verified\n',
    ])
  })

  test('a missing file is named', async () => {
    const { status, stderr } = await desk.run(['pypi', 'verify', 'none.whl'])
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^tuffet: .*none\.whl: the file or folder does not exist/),
    ])
  })

  test('draws a bar on a terminal only', async () => {
    await fillFolder(desk, { [wheel]: 'a wheel' })
    const { stderr } = await desk.run(['pypi', 'verify', 'wheels'], { isTerminal: true })
    expect(stderr).toContain('wheels [########################] 100%')
  })

  test('asks once more when the snapshot has vanished', async () => {
    await fillFolder(desk, contents)
    const { repository } = desk
    let times = 0
    const bin = repository.fileName('pkgs')
    const stop = repository.intercept((kind, name) => {
      if (kind !== 'metadata' || name !== bin) return undefined
      return times++ === 0 ? 'missing' : undefined
    })
    const { stdout } = await desk.run(['pypi', 'verify', 'wheels'])
    stop()
    expect(stdout).toContain('3 files: 2 match, 1 not-covered')
  })
})
