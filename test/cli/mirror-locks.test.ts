/** `tuffet mirror --lock`: a part of an index, named by lock files. */
import { readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { LayoutName } from '../pypi/index-repository.js'
import { openMirroredIndex, type MirroredIndex } from '../support/mirrored-index.js'

const layouts: LayoutName[] = ['pages', 'pages-and-files', 'rstuf']
const names = ['demo_pkg-1.0-py3-none-any.whl', 'demo_pkg-1.0.tar.gz']
const other = 'other-2.0-py3-none-any.whl'

let world: MirroredIndex
afterEach(() => world.clear())

async function open(layout: LayoutName): Promise<void> {
  world = await openMirroredIndex(layout)
  const { index, desk } = world
  for (const name of [...names, other]) {
    const { url } = index.add(name, `bytes of ${name}`, { coreMetadata: metadataHash })
    index.served.set(`${url}.metadata`, Buffer.from('Name: demo'))
  }
  index.publish()
  await mkdir(join(desk.folder, 'wheels'))
  for (const name of names) {
    await writeFile(join(desk.folder, 'wheels', name), `bytes of ${name}`)
  }
  const hashes = names.map((name) => `--hash=sha256:${index.distributions.get(name)?.sha256 ?? ''}`)
  await writeFile(join(desk.folder, 'r.txt'), `demo-pkg==1.0 ${hashes.join(' ')}\n`)
  await writeFile(join(desk.folder, 'bad.txt'), `demo-pkg==1.0 --hash=sha256:${'0'.repeat(64)}\n`)
}

/** Of `Name: demo`. */
const metadataHash = new Map([
  ['sha256', '8c579459e4e132ac6bca7b937ed3779d7ffcd327e4dfaa55af49a5af5d844c33'],
])

function files(): string[] {
  return readdirSync(world.folder, { recursive: true }).map(String)
}

describe.each(layouts)('tuffet mirror --lock, in the layout %s', (layout) => {
  test('holds the pages and the files that the lock file names', async () => {
    await open(layout)
    const { status, stdout, stderr } = await world.mirror('--lock', 'r.txt')
    expect([status, stdout]).toEqual([0, expect.stringMatching(/\n5 targets, /)])
    expect(stderr).not.toMatch(/refused/)
    expect(files().filter((name) => name.endsWith(other))).toEqual([])
    const checked = await world.read(['pypi', 'check', 'r.txt'])
    expect([checked.status, checked.stdout]).toEqual([0, expect.stringContaining('1 match')])
    expect(await world.read(['pypi', 'verify', 'wheels'])).toMatchObject({ status: 0 })
    expect(
      world.server.asked.filter((one) => one.startsWith('404') && !one.endsWith('.root.json')),
    ).toEqual([])
  })

  test('--partial holds no role that these files do not need', async () => {
    await open(layout)
    await world.mirror('--lock', 'r.txt', '--partial')
    const few = files().length
    expect(await world.read(['pypi', 'check', 'r.txt'])).toMatchObject({ status: 0 })
    await world.mirror('--lock', 'r.txt')
    expect(files().length).toBeGreaterThan(few)
  })

  test('goes without an entry that the repository does not vouch for, with status 1', async () => {
    await open(layout)
    const { status, stdout, stderr } = await world.mirror('--lock', 'r.txt', '--lock', 'bad.txt')
    expect([status, stdout]).toEqual([1, expect.stringContaining('mismatch')])
    expect(stderr).toContain('does not vouch for 1 of 2 entries')
    expect(await world.read(['pypi', 'check', 'r.txt'])).toMatchObject({ status: 0 })
  })
})

describe('a second run', () => {
  test('fetches no file again, and a page only when it changed', async () => {
    await open('pages')
    await world.mirror('--lock', 'r.txt')
    world.index.asked.length = 0
    await world.mirror('--lock', 'r.txt')
    expect(world.index.asked.map(({ url }) => url.replace(/.*\//, ''))).toEqual([
      '2.root.json',
      'timestamp.json',
    ])
    world.index.add('demo_pkg-2.0-py3-none-any.whl')
    world.index.publish()
    world.index.asked.length = 0
    await world.mirror('--lock', 'r.txt')
    expect(world.index.asked.filter(({ kind }) => kind === 'target')).toHaveLength(1)
  })
})
