/**
 * Work without network: `--offline` in every command that accepts it, and another time by `--now`.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Desk } from './desk.js'
import { contents, fillFolder, openPypiDesk, sha256, wheel } from './pypi-desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openPypiDesk()
  await fillFolder(desk, { [wheel]: contents[wheel] ?? '' })
  const lock = `demo-pkg==1.0 --hash=sha256:${sha256(contents[wheel] ?? '')}\n`
  await writeFile(join(desk.folder, 'requirements.txt'), lock)
})

afterEach(() => desk.clear())

test.each([['find', 'pkgs/a.whl'], ['explain', 'pkgs/a.whl'], ['refresh']])(
  '%s --offline needs no metadata URL',
  async (...args) => {
    expect(await desk.run(args)).toMatchObject({ status: 0 })
    await writeFile(join(desk.folder, 'tuffet.json'), '{"root": "root.json", "store": "store"}')
    const requests = desk.fetcher.requested.length
    expect(await desk.run([...args, '--offline'])).toMatchObject({ status: 0, stderr: '' })
    expect(desk.fetcher.requested).toHaveLength(requests)
    const { status, stderr } = await desk.run(args)
    expect([status, stderr]).toEqual([
      2,
      'tuffet: give --metadata-url, or "metadataUrl" in tuffet.json\n',
    ])
  },
)

describe.each([
  ['pypi', 'verify', 'wheels'],
  ['pypi', 'check', 'requirements.txt'],
  ['pypi', 'pin', 'demo-pkg==1.0'],
])('tuffet %s %s %s', (...args) => {
  test('--offline answers from the store as it did from the network', async () => {
    const online = await desk.run(args)
    expect(online.status).toBe(0)
    const requests = desk.fetcher.requested.length
    expect(await desk.run([...args, '--offline'])).toEqual(online)
    expect(desk.fetcher.requested).toHaveLength(requests)
  })

  test('--offline does not use a page that was never fetched', async () => {
    await desk.run(['refresh'])
    const requests = desk.fetcher.requested.length
    const { status, stdout, stderr } = await desk.run([...args, '--offline'])
    expect(status).toBe(1)
    expect(`${stdout}${stderr}`).toContain('is not in the store')
    expect(desk.fetcher.requested).toHaveLength(requests)
  })
})

test('--fetch asks the repository, and excludes --offline', async () => {
  const args = ['pypi', 'check', 'requirements.txt', '--fetch', '--offline']
  expect(await desk.run(args)).toMatchObject({ status: 2 })
})

test.each([[], ['--cached'], ['--offline']])(
  '--now judges expiry at its time: %s',
  async (...mode) => {
    await desk.run(['refresh'])
    const at = (now: number): Promise<{ status: number; stderr: string }> =>
      desk.run(['refresh', ...mode, '--now', new Date(now).toISOString()])
    expect((await at(desk.repository.now + 60_000)).status).toBe(0)
    const later = await at(desk.repository.now + 10 * 365 * 86_400_000)
    expect(later.status).toBe(1)
    expect(later.stderr).toContain('ERR_TUF_EXPIRED')
  },
)
