import { cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { fileStore } from '../../src/node/file-store.js'
import type { Desk } from './desk.js'
import { openPypiDesk, sha256 } from './pypi-desk.js'

let desk: Desk
const check = ['pypi', 'check', 'r.txt'] as const

/** Another client's store is in `shared`, and the desk's own is empty. */
beforeEach(async () => {
  desk = await openPypiDesk()
  await writeFile(join(desk.folder, 'r.txt'), `demo-pkg==1.0 --hash=sha256:${sha256('a wheel')}`)
  await desk.run(check)
  await cp(join(desk.folder, 'store'), join(desk.folder, 'shared'), { recursive: true })
  await rm(join(desk.folder, 'store'), { recursive: true })
  desk.fetcher.requested.length = 0
})
afterEach(() => desk.clear())

describe('--from', () => {
  test("takes metadata and pages from another client's store", async () => {
    expect(await desk.run([...check, '--from', 'shared'])).toMatchObject({ status: 0, stderr: '' })
    expect(desk.fetcher.requested).toEqual(['2.root.json', 'timestamp.json'])
  })

  test('counts only requests to the repository, and says where files came from', async () => {
    const { stdout, stderr } = await desk.run(['refresh', '--from', 'shared', '--verbose'])
    expect(stdout).toMatch(/\n2 requests\n$/)
    expect(stderr).toMatch(
      /^ {2}took [\d,]+ bytes of https:\S+\/2\.snapshot\.json from the place below$/m,
    )
  })

  test('leaves the shared store as it is', async () => {
    const before = await fileStore(join(desk.folder, 'shared')).get('timestamp.json')
    desk.repository.publish()
    await desk.run([...check, '--from', 'shared'])
    expect(await fileStore(join(desk.folder, 'shared')).get('timestamp.json')).toEqual(before)
    const own = await fileStore(join(desk.folder, 'store')).get('timestamp.json')
    expect(Buffer.from(own ?? []).toString()).toMatch(/"version": ?3/)
  })

  test('does not believe what is there', async () => {
    for (const file of ['targets.json', 'snapshot.json', 'pages/simple%2Fdemo-pkg']) {
      await writeFile(join(desk.folder, 'shared', file), '{"version": 2}')
    }
    const { status, stdout, stderr } = await desk.run([...check, '--from', 'shared', '--verbose'])
    expect([status, stdout]).toEqual([0, expect.stringMatching(/1 entry: 1 match\n$/)])
    expect(stderr).toMatch(/^ {2}the place below is not used: /m)
    expect(await desk.run([...check, '--offline'])).toMatchObject({ status: 0 })
  })

  test('may be the URL of a mirror', async () => {
    const urls: string[] = []
    const fetcher = {
      fetch: (request: Parameters<typeof desk.fetcher.fetch>[0]) => {
        urls.push(request.url)
        const url = request.url.replace('https://mirror.test/a/', desk.fetcher.metadataUrl)
        return desk.fetcher.fetch({ ...request, url })
      },
    }
    const args = ['refresh', '--from', 'https://mirror.test/a']
    expect(await desk.run(args, { fetcher })).toMatchObject({ status: 0 })
    expect(urls.map((url) => url.replace(desk.fetcher.metadataUrl, ''))).toEqual([
      'https://mirror.test/a/2.root.json',
      '2.root.json',
      'timestamp.json',
      'https://mirror.test/a/2.snapshot.json',
      'https://mirror.test/a/2.targets.json',
    ])
  })

  test('that does not exist is said, and does not stop the command', async () => {
    expect(await desk.run(['refresh', '--from', 'missing'])).toMatchObject({
      status: 0,
      stderr: 'tuffet: --from: missing does not exist; the repository is asked for every file\n',
    })
  })

  test.each([
    [['--from', 'shared', '--offline'], /--offline asks no other place/],
    [['--from', 'root.json'], /root\.json is not a folder/],
    [['--from', 'https://u:p@mirror.test/'], /--from: a base URL must not contain credentials/],
  ])('is wrong usage with %j', async (args, message) => {
    const { status, stderr } = await desk.run(['refresh', ...args])
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)])
  })
})
