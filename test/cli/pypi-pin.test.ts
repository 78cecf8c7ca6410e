import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Desk } from './desk.js'
import { contents, openPypiDesk, sdist, sha256, uncovered, wheel } from './pypi-desk.js'

let desk: Desk
beforeEach(async () => {
  desk = await openPypiDesk()
})
afterEach(() => desk.clear())

const hashes = [wheel, sdist].map((name) => sha256(contents[name]!)).sort()

describe('tuffet pypi pin', () => {
  test('prints a file that tuffet pypi check and pip accept', async () => {
    const { status, stdout } = await desk.run(['pypi', 'pin', 'Demo.Pkg[x]==1.0'])
    expect(status).toBe(0)
    expect(stdout).toContain('demo-pkg[x]==1.0')
    for (const hash of hashes) expect(stdout).toContain(`--hash=sha256:${hash}`)
    await writeFile(join(desk.folder, 'r.txt'), stdout)
    expect(await desk.run(['pypi', 'check', 'r.txt'])).toMatchObject({ status: 0 })
  })

  test('reads files', async () => {
    await writeFile(
      join(desk.folder, 'r.in'),
      '# a comment\ndemo-pkg == 1.0 ; python_version > "3"\n',
    )
    expect(await desk.json('pypi', 'pin', '-r', 'r.in')).toMatchObject({
      ok: true,
      pins: [
        {
          project: 'demo-pkg',
          version: '1.0',
          verdict: 'match',
          files: expect.arrayContaining([{ filename: wheel, sha256: sha256('a wheel') }]),
        },
      ],
    })
  })

  test('names the requirements that it cannot pin', async () => {
    const args = ['pypi', 'pin', 'demo-pkg==1.0', 'demo-pkg==2.0', 'nothing==1']
    const { status, stdout, stderr } = await desk.run(args)
    expect(status).toBe(1)
    expect(stdout).toContain(`# not allowed, not-covered: ${uncovered}: `)
    expect(stdout).toContain(
      '# nothing==1: the repository has no page of nothing (no target simple/nothing)\n',
    )
    expect(stderr).toBe(
      'tuffet: 2 of 3 could not be pinned; demo-pkg==2.0: there is no verified file of 2.0\n',
    )
  })

  test.each([
    [[], '', 'give NAME==VERSION, or a file with -r'],
    [['demo-pkg'], '', '"demo-pkg" is not NAME==VERSION'],
    [['demo-pkg>=1'], '', '"demo-pkg>=1" is not NAME==VERSION'],
    [['-r', 'r.in'], '-r other.in\n', 'r.in:1: --requirement cannot be pinned'],
    [['-r', 'r.in'], '\n-e .\n', 'r.in:2: --editable cannot be pinned'],
    [['-r', 'r.in'], '-c c.txt\n', 'r.in:1: --constraint cannot be pinned'],
    [['-r', 'r.in'], 'demo-pkg==1.0\ndemo-pkg>=1\n', 'r.in:2: "demo-pkg>=1" is not NAME==VERSION'],
    [['-r', 'r.in'], './mydir\n', 'r.in:1: "./mydir" is not NAME==VERSION'],
    [
      ['-r', 'r.in'],
      'x @ https://a.test/x\n',
      'r.in:1: "x @ https://a.test/x" is not NAME==VERSION',
    ],
  ])('%j %j is wrong usage', async (args, text, message) => {
    await writeFile(join(desk.folder, 'r.in'), text)
    const { status, stderr } = await desk.run(['pypi', 'pin', ...args])
    expect([status, stderr]).toEqual([2, `tuffet: ${message}\n`])
  })
})
