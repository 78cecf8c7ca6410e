/** `tuffet pypi explain`: the verdict of the repository and that of the attestations, side by side. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Fetcher } from '../../src/index.js'
import {
  bothServers,
  demoPublisher,
  openAttestedDesk,
  otherClaims,
  otherPublisher,
  plain,
  publishBeside,
  wheel,
  type AttestedBy,
  type AttestedDesk,
} from './attested-desk.js'
import { fillFolder } from './pypi-desk.js'

let desk: AttestedDesk
beforeEach(async () => {
  desk = await openAttestedDesk()
})
afterEach(() => desk.clear())

const byOther = { publisher: otherPublisher, fields: { leaf: { claims: otherClaims } } }

describe('on an index without signatures', () => {
  test('it names the publisher, the commit and the log', async () => {
    desk.publish(wheel, 'a wheel', {})
    const { status, stdout } = await desk.ask('pypi', 'explain', `wheels/${wheel}`)
    expect(stdout.split('\n').map((line) => line.replace(/\d{4}-\S+Z/, 'TIME'))).toEqual([
      wheel,
      '│  an index without signatures',
      '└─ attestations: match',
      '      signed by its pinned publisher, GitHub demo/demo publish.yml',
      '      GitHub demo/demo publish.yml (https://docs.pypi.org/attestations/publish/v1)',
      expect.stringMatching(/^ {8}at refs\/tags\/v1\.0, commit [0-9a-f]{40}$/),
      '        signed at TIME',
      expect.stringMatching(/^ {8}entry \d+ of \S+$/),
      '',
    ])
    expect(status).toBe(0)
  })

  test.each<[string, () => void, RegExp]>([
    ['by another publisher', () => desk.publish(wheel, 'harm', byOther), /attestations: mismatch/],
    ['without one', () => desk.publish(wheel, 'harm'), /attestations: no-attestation\n/],
  ])('a file of a pinned project %s may not be used', async (_, publish, line) => {
    publish()
    const { status, stdout } = await desk.ask('pypi', 'explain', wheel)
    expect(stdout).toMatch(line)
    expect(status).toBe(1)
  })

  test('a file that the policy takes without a pin is called accepted', async () => {
    desk.publish(plain, 'plain')
    const { status, stdout } = await desk.ask('pypi', 'explain', plain)
    expect(stdout).toContain('attestations: no-attestation, accepted')
    expect(status).toBe(0)
  })

  test('a file that is not listed may not be used', async () => {
    desk.publish(plain, 'plain')
    expect(await desk.ask('pypi', 'explain', 'plain-3.0.tar.gz')).toMatchObject({ status: 1 })
  })

  test('remembers nobody: no bytes agreed', async () => {
    await desk.settings({})
    desk.publish(wheel, 'harm', byOther)
    await desk.ask('pypi', 'explain', wheel)
    await desk.settings({ publishers: { other: [demoPublisher] } })
    desk.publish(wheel, 'a wheel', {})
    expect(await desk.ask('pypi', 'explain', wheel)).toMatchObject({ status: 0 })
  })

  test('a bundle is enough', async () => {
    desk.publish(wheel, 'a wheel', {})
    await fillFolder(desk, { [wheel]: 'a wheel' })
    await desk.ask('pypi', 'bundle', 'wheels', '--folder', 'out')
    const nobody: Fetcher = { fetch: () => Promise.reject(new TypeError('no request')) }
    const args = ['pypi', 'explain', wheel, '--bundle', 'out', '--offline']
    expect(await desk.run(args, { fetcher: nobody })).toMatchObject({ status: 0 })
  })
})

describe('beside a TUF repository', () => {
  const publish = (by?: AttestedBy): Promise<void> => publishBeside(desk, by)
  const both = (): Fetcher => bothServers(desk)

  test('both verdicts stand under the chain of trust', async () => {
    await publish({})
    const { status, stdout } = await desk.run(['pypi', 'explain', wheel], { fetcher: both() })
    const lines = stdout.split('\n').map((line) => line.replace(/^[ │└─]+/, ''))
    expect(lines.filter((line) => /^(root|timestamp|snapshot|targets) \d/.test(line))).toHaveLength(
      4,
    )
    expect(lines).toEqual(
      expect.arrayContaining(['demo-pkg', wheel, 'repository: match', 'attestations: match']),
    )
    expect(status).toBe(0)
  })

  test('a refused attestation does not change the verdict of the repository', async () => {
    await publish(byOther)
    const args = ['pypi', 'explain', wheel, '--json']
    const { status, stdout } = await desk.run(args, { fetcher: both() })
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      usable: false,
      repository: { verdict: 'match', chain: [{ role: 'root' }, {}, {}, {}] },
      attestations: { verdict: 'mismatch', accepted: false, signed: [] },
    })
    expect(status).toBe(1)
  })

  test('without attestations it shows the repository alone', async () => {
    await publish(undefined)
    const given = { layout: 'pages', root: 'root.json', store: 'tuf' }
    const { metadataUrl, targetsUrl } = desk.fetcher
    const path = join(desk.folder, 'tuffet.json')
    await writeFile(path, JSON.stringify({ ...given, metadataUrl, targetsUrl }))
    const { status, stdout } = await desk.run(['pypi', 'explain', wheel], { fetcher: both() })
    expect(stdout).toContain('repository: match')
    expect(stdout).not.toContain('attestations')
    expect(status).toBe(0)
  })
})
