/** `tuffet pypi bundle`, and the commands that read a bundle without a network. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Fetcher } from '../../src/index.js'
import { writePageJson } from '../../src/pypi/index.js'
import { describeReal } from '../real/folder.js'
import { realFetcher, realTime } from '../support/sigstore/real-repository.js'
import { provenance } from '../support/sigstore/attest.js'
import {
  demoPublisher,
  indexUrl,
  openAttestedDesk,
  otherClaims,
  otherPublisher,
  plain,
  sha256,
  wheel,
  type AttestedDesk,
} from './attested-desk.js'
import type { Outcome } from './desk.js'
import { fillFolder } from './pypi-desk.js'

let desk: AttestedDesk
beforeEach(async () => {
  desk = await openAttestedDesk()
  desk.publish(wheel, 'a wheel', {})
  desk.publish(plain, 'plain')
  await fillFolder(desk, { [wheel]: 'a wheel', [plain]: 'plain' })
})
afterEach(() => desk.clear())

const nobody: Fetcher = { fetch: () => Promise.reject(new TypeError('no request may be made')) }

function offline(...args: string[]): Promise<Outcome> {
  return desk.run(args, { fetcher: nobody })
}

async function lock(...contents: string[]): Promise<string> {
  const lines = contents.map((one) => `demo-pkg==1.0 --hash=sha256:${sha256(one)}`)
  await writeFile(join(desk.folder, 'requirements.txt'), `${lines.join('\n')}\n`)
  return 'requirements.txt'
}

describe('tuffet pypi bundle', () => {
  test('writes what verify and check need without a network', async () => {
    const { status, stdout } = await desk.ask('pypi', 'bundle', 'wheels', '--folder', 'out')
    expect(stdout).toContain('wrote out: 2 files, 1 with attestations, without a trusted root')
    expect(status).toBe(0)
    const args = ['--bundle', 'out', '--offline']
    const verified = await offline('pypi', 'verify', ...args, 'wheels')
    expect(verified.stdout).toMatch(/^match .*signed by its pinned publisher/m)
    expect(verified.stdout).toContain('2 files: 1 match, 1 no-attestation')
    expect(verified.status).toBe(0)
    const checked = await offline('pypi', 'check', ...args, await lock('a wheel'))
    expect([checked.status, checked.stdout]).toEqual([0, expect.stringMatching(/^match /)])
  })

  test('takes the files of a lock file', async () => {
    await desk.ask('pypi', 'bundle', '--folder', 'out', await lock('a wheel'))
    expect(await readdir(join(desk.folder, 'out', 'simple'))).toEqual(['demo-pkg.json'])
    const checked = await offline('pypi', 'check', '--bundle', 'out', 'requirements.txt')
    expect(checked).toMatchObject({ status: 0 })
  })

  test('--json says how many files, and how many attestations', async () => {
    const { stdout } = await desk.ask('pypi', 'bundle', 'wheels', '--folder', 'out', '--json')
    expect(JSON.parse(stdout)).toEqual({ ok: true, folder: 'out', files: 2, attested: 1 })
  })

  test.each<[string, () => Promise<void>, string]>([
    ['other bytes', () => fillFolder(desk, { [wheel]: 'harm' }), 'mismatch'],
    [
      'a file by another publisher',
      async () => {
        const by = { publisher: otherPublisher, fields: { leaf: { claims: otherClaims } } }
        desk.publish(wheel, 'a wheel', by)
      },
      'mismatch',
    ],
  ])('writes nothing of a folder with %s', async (_, change, verdict) => {
    await change()
    const { status, stdout } = await desk.ask('pypi', 'bundle', 'wheels', '--folder', 'out')
    expect(stdout).toContain(verdict)
    expect(status).toBe(1)
    expect(await readdir(desk.folder)).not.toContain('out')
  })

  test('writes no bundle of two files with the same bytes: it finds attestations by their digest', async () => {
    const sdist = 'demo_pkg-1.0.tar.gz'
    desk.publish(sdist, 'a wheel', {})
    await fillFolder(desk, { [wheel]: 'a wheel', [sdist]: 'a wheel' })
    const { status, stderr } = await desk.ask('pypi', 'bundle', 'wheels', '--folder', 'out')
    expect(stderr).toContain('has the bytes of another file, and other attestations')
    expect(status).not.toBe(0)
    expect(await readdir(join(desk.folder, 'out'))).toEqual([])
  })

  test.each([
    [['pypi', 'bundle', 'wheels'], 'give --folder DIR'],
    [['pypi', 'bundle', 'wheels', '--folder', '.'], 'is not empty'],
    [['pypi', 'bundle', 'wheels', '--folder', 'out', '--bundle', 'x'], '--bundle'],
  ])('%j: %s', async (args, message) => {
    const { status, stderr } = await desk.ask(...args)
    expect(stderr).toContain(message)
    expect(status).not.toBe(0)
  })
})

describe('--bundle', () => {
  beforeEach(async () => {
    await desk.ask('pypi', 'bundle', 'wheels', '--folder', 'out')
  })

  test('makes no request without --offline either', async () => {
    expect(await offline('pypi', 'verify', '--bundle', 'out', 'wheels')).toMatchObject({
      status: 0,
    })
  })

  test('holds a project to its first use', async () => {
    await desk.settings({})
    await offline('pypi', 'verify', '--bundle', 'out', 'wheels')
    const store = join(desk.folder, 'store', 'state', 'publishers')
    expect(await readFile(store, 'utf8')).toContain('demo/demo')
  })

  test('refuses an attestation that was swapped for that of another project', async () => {
    const path = join(desk.folder, 'out', 'provenance', `${sha256('a wheel')}.json`)
    await writeFile(path, provenance([]))
    const { status, stdout } = await offline('pypi', 'verify', '--bundle', 'out', 'wheels')
    expect(stdout).toMatch(/^mismatch .*check "object"/m)
    expect(status).toBe(1)
  })

  test('refuses a pinned project whose attestation was taken out', async () => {
    await rm(join(desk.folder, 'out', 'provenance'), { recursive: true })
    const { status, stdout } = await offline('pypi', 'verify', '--bundle', 'out', 'wheels')
    expect(stdout).toMatch(/^cannot-be-judged .*the bundle does not have its attestation/m)
    expect(status).toBe(1)
  })

  test('names the file of a folder that is not a bundle', async () => {
    const { status, stderr } = await offline('pypi', 'verify', '--bundle', 'wheels', 'wheels')
    expect(stderr).toContain('wheels/bundle.json: it is not there')
    expect(stderr).toContain('Check the folder given by --bundle')
    expect(status).toBe(1)
  })

  test('does not go with --cached, nor with commands that fetch files', async () => {
    const args = ['--bundle', 'out']
    expect(await offline('pypi', 'verify', ...args, '--cached', 'wheels')).toMatchObject({
      status: 2,
    })
    expect(await offline('pypi', 'serve', ...args)).toMatchObject({ status: 2 })
    expect(await offline('pypi', 'check', ...args, '--fetch', await lock('a'))).toMatchObject({
      status: 2,
    })
  })

  test('without Sigstore metadata needs a trusted root', async () => {
    const given = { index: indexUrl, store: 'store', attestations: {} }
    await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify(given))
    const { status, stderr } = await offline('pypi', 'verify', '--bundle', 'out', 'wheels')
    expect(stderr).toContain('out/sigstore/timestamp.json')
    expect(status).toBe(1)
  })

  test('judges the files of a TUF repository as a second witness', async () => {
    const { repository } = desk
    const page = {
      apiVersion: '1.3',
      project: 'demo-pkg',
      files: [
        {
          filename: wheel,
          url: `https://files.test/${wheel}`,
          hashes: new Map([['sha256', sha256('a wheel')]]),
          provenance: 'https://pypi.org/integrity/x/provenance',
        },
      ],
    }
    repository.addTarget('demo-pkg', writePageJson(page))
    repository.publish()
    const { metadataUrl, targetsUrl } = desk.fetcher
    const given = {
      ...{ metadataUrl, targetsUrl, root: 'root.json', store: 'tuf', layout: 'pages' },
      ...{ trustedRoot: 'trusted_root.json' },
      attestations: { publishers: { 'demo-pkg': [demoPublisher] } },
    }
    await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify(given))
    const args = ['pypi', 'verify', `wheels/${wheel}`, '--bundle', 'out']
    const { status, stdout } = await desk.run(args, { fetcher: desk.fetcher })
    expect(stdout).toMatch(/^match .*its page vouches for it; signed by its pinned publisher/m)
    expect(status).toBe(0)
    expect(await offline(...args, '--offline')).toMatchObject({ status: 0 })
    const without = await offline('pypi', 'verify', `wheels/${wheel}`, '--offline')
    expect(without.stderr).toContain('--offline needs --bundle')
    expect(without.status).toBe(2)
  })
})

describeReal('sigstore-repository', (path) => {
  const real = realFetcher(join(path, '..'))
  const both: Fetcher = {
    fetch: (request) => (request.url.includes('sigstore.dev') ? real : desk.server).fetch(request),
  }
  const at = (time: number) => ({ now: () => time })

  test('a bundle leads from the embedded root to the real trusted root, until it expires', async () => {
    const given = { index: indexUrl, store: 'store', attestations: {} }
    await writeFile(join(desk.folder, 'tuffet.json'), JSON.stringify(given))
    await rm(join(desk.folder, 'wheels', wheel))
    const bundling = ['pypi', 'bundle', 'wheels', '--folder', 'out']
    const { stdout } = await desk.run(bundling, { fetcher: both, ...at(realTime) })
    expect(stdout).toContain('1 file, 0 with attestations, good until 2026-08-28T19:25:56Z')
    const args = ['pypi', 'verify', '--bundle', 'out', 'wheels', '--store', 'other']
    const verify = (time: number, ...more: string[]): Promise<Outcome> =>
      desk.run([...args, ...more], { fetcher: nobody, ...at(time) })
    expect(await verify(realTime)).toMatchObject({ status: 0 })
    const late = await verify(realTime + 8 * 86_400_000)
    expect([late.status, late.stderr]).toEqual([1, expect.stringContaining('ERR_TUF_EXPIRED')])
    expect(late.stderr).toContain('The bundle is too old: write it again with tuffet pypi bundle')
    const then = ['--now', '2026-08-23T00:00:00Z']
    expect(await verify(realTime + 8 * 86_400_000, ...then)).toMatchObject({ status: 0 })
  })
})
