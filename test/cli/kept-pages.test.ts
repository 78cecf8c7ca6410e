import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { keptPages } from '../../src/cli/kept-pages.js'
import { fileStore } from '../../src/node/file-store.js'
import { writePageJson } from '../../src/pypi/index.js'
import { openDesk, type Desk } from './desk.js'
import { sha256 } from './pypi-desk.js'

const projects = Array.from({ length: 20 }, (_, index) => `demo-${index}`)
const page = 'simple%2Fdemo-3'

let desk: Desk
let pages: string

/** Every project has a page and a wheel, and is in the lock file. */
beforeEach(async () => {
  desk = await openDesk({ layout: { name: 'pages', page: 'simple/{project}' } })
  pages = join(desk.folder, 'store/pages')
  const lines = projects.map((project) => {
    addPage(project, project)
    return `${project}==1.0 --hash=sha256:${sha256(project)}`
  })
  desk.repository.publish()
  await writeFile(join(desk.folder, 'r.txt'), lines.join('\n'))
  await mkdir(join(desk.folder, 'wheels'))
  for (const project of projects) {
    await writeFile(join(desk.folder, 'wheels', filenameOf(project)), project)
  }
})
afterEach(() => desk.clear())

function filenameOf(project: string): string {
  return `${project.replace('-', '_')}-1.0-py3-none-any.whl`
}

function addPage(project: string, content: string): void {
  const filename = filenameOf(project)
  const hashes = new Map([['sha256', sha256(content)]])
  const files = [{ filename, url: `https://files.test/${filename}`, hashes }]
  desk.repository.addTarget(
    `simple/${project}`,
    writePageJson({ apiVersion: '1.0', project, files }),
  )
}

async function requestsOf(...args: readonly string[]): Promise<[number, number]> {
  const before = desk.fetcher.requested.length
  const { status } = await desk.run(args)
  return [status, desk.fetcher.requested.length - before]
}

describe.each([
  ['check', ['r.txt']],
  ['verify', ['wheels']],
  ['pin', projects.map((project) => `${project}==1.0`)],
])('tuffet pypi %s', (name, words) => {
  test('asks for no page that has not changed', async () => {
    const [status, requests] = await requestsOf('pypi', name, ...words)
    expect([status, requests > projects.length]).toEqual([0, true])
    // The next root, which is not there, and the timestamp.
    expect(await requestsOf('pypi', name, ...words)).toEqual([0, 2])
  })
})

describe('kept pages', () => {
  const check = ['pypi', 'check', 'r.txt'] as const

  beforeEach(async () => {
    await desk.run(check)
  })

  test('serve the other commands too', async () => {
    expect(await requestsOf('pypi', 'verify', 'wheels')).toEqual([0, 2])
  })

  test('are in a folder of the store, for its owner alone', async () => {
    expect((await readdir(pages)).sort()).toEqual(
      projects.map((project) => `simple%2F${project}`).sort(),
    )
    expect((await stat(pages)).mode & 0o777).toBe(0o700)
    expect((await stat(join(pages, page))).mode & 0o777).toBe(0o600)
  })

  test('are not believed: another page in their place is fetched anew', async () => {
    const evil = Buffer.from(await readFile(join(pages, page)))
      .toString()
      .replace(sha256('demo-3'), sha256('evil'))
    await writeFile(join(pages, page), evil)
    await writeFile(join(desk.folder, 'evil.txt'), `demo-3==1.0 --hash=sha256:${sha256('evil')}`)
    expect(await requestsOf('pypi', 'check', 'evil.txt')).toEqual([1, 3])
    expect(await readFile(join(pages, page), 'utf8')).toContain(sha256('demo-3'))
  })

  test('are not believed offline either', async () => {
    await writeFile(join(pages, page), '{}')
    const { status, stdout } = await desk.run([...check, '--offline'])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^failed {2}demo-3 1\.0 {2}.*is not in the store/m)
    expect(stdout).toMatch(/19 match/)
  })

  test('do not hide a newer page', async () => {
    addPage('demo-3', 'another wheel')
    desk.repository.publish()
    const { status, stdout } = await desk.run(check)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^mismatch {2}demo-3 1\.0 /m)
  })

  test('are not written through a link in the place of their folder', async () => {
    await rm(pages, { recursive: true })
    const elsewhere = join(desk.folder, 'elsewhere')
    await mkdir(elsewhere)
    await symlink(elsewhere, pages)
    const { status, stderr } = await desk.run(check)
    expect([status, stderr]).toEqual([0, expect.stringMatching(/pages was a link; it is not used/)])
    expect(await readdir(elsewhere)).toEqual([])
    expect(await readdir(pages)).toHaveLength(projects.length)
  })
})

test('only the newest pages are kept when there are too many', async () => {
  const folder = join(desk.folder, 'bounded')
  const kept = keptPages(fileStore(folder), folder, { bounds: { bytes: 25, files: 100 } })
  for (const name of ['a', 'b', 'c']) {
    await kept.store.set(`targets/${name}`, new Uint8Array(10), { lasting: false })
    // Times of files may be coarse.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  kept.trim()
  expect((await readdir(join(folder, 'pages'))).sort()).toEqual(['b', 'c'])
  expect(await kept.store.get('targets/a')).toBeUndefined()
  expect(await kept.store.get('targets/c')).toHaveLength(10)
})
