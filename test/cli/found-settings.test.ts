/** `tuffet.json` that the user did not name: the folder's author chose its content. */
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { whyForeign } from '../../src/cli/owner.js'
import { createRepository, defaultMetadataUrl } from '../../src/testing/index.js'
import { makePipe } from '../support/pipe.js'
import { openDesk, type Desk, type World } from './desk.js'

let desk: Desk
let settings: string
beforeEach(async () => {
  desk = await openDesk()
  settings = join(desk.folder, 'tuffet.json')
})
afterEach(() => desk.clear())

async function write(given: object): Promise<void> {
  await writeFile(settings, JSON.stringify({ metadataUrl: defaultMetadataUrl, ...given }))
}

/** The same folder as another user's: files of root count for everyone, so root gives them away. */
async function asForeign(...names: string[]): Promise<World> {
  const user = process.geteuid?.() ?? 0
  if (user !== 0) return { user: user + 1 }
  for (const name of names) await chown(join(desk.folder, name), 4_321, 4_321)
  return {}
}

describe('the writers of a file', () => {
  const mine = { uid: 1_000, gid: 1_000, mode: 0o100644 }
  test.each([
    [mine, undefined],
    [{ ...mine, uid: 0, gid: 0 }, undefined],
    [{ ...mine, mode: 0o100664 }, undefined],
    [{ ...mine, uid: 0, gid: 0, mode: 0o100664 }, undefined],
    [{ ...mine, uid: 1_001 }, 'belongs to user 1001, not to you'],
    [{ ...mine, mode: 0o100666 }, 'can be written by every user'],
    [{ ...mine, mode: 0o100602 }, 'can be written by every user'],
    [{ ...mine, mode: 0o041777 }, 'can be written by every user'],
    [{ ...mine, gid: 100, mode: 0o100664 }, 'can be written by group 100'],
    [{ ...mine, gid: 100 }, undefined],
  ])('%j', (stat, reason) => {
    expect(whyForeign(stat, 1_000)).toBe(reason)
  })

  test('is unknown where the system does not number its users', () => {
    expect(whyForeign(mine, undefined)).toBe('cannot be shown to be yours on this system')
  })

  test('matters to root too', () => {
    expect(whyForeign(mine, 0)).toBe('belongs to user 1000, not to you')
  })
})

describe('a file that another user may have written', () => {
  async function expectUnused(reason: string, world: World = {}): Promise<void> {
    const { status, stderr } = await desk.run(['refresh'], world)
    expect(stderr).toBe(
      `tuffet: not used: ${settings} ${reason}; --config ${settings} uses it\n` +
        'tuffet: give --metadata-url, or "metadataUrl" in tuffet.json\n',
    )
    expect(status).toBe(2)
    const named = await desk.run(['refresh', '--config', settings], world)
    expect([named.status, named.stderr]).toEqual([0, ''])
  }

  test('is not used when it belongs to another user', async () => {
    const world = await asForeign('tuffet.json')
    await expectUnused(foreignReason(world), world)
  })

  test('is not used when its folder belongs to another user', async () => {
    const world = await asForeign('.')
    if (world.user !== undefined) return expectUnused(foreignReason(world), world)
    await expectUnused('is in a folder that belongs to user 4321, not to you')
  })

  test('is not used when every user can write to it', async () => {
    await chmod(settings, 0o666)
    await expectUnused('can be written by every user')
  })

  test('is not used when every user can write to its folder, a sticky one too', async () => {
    await chmod(desk.folder, 0o1777)
    await expectUnused('is in a folder that can be written by every user')
  })

  test('is not used when it is a link: its paths would lead elsewhere', async () => {
    await mkdir(join(desk.folder, 'mine'))
    await rename(settings, join(desk.folder, 'mine/tuffet.json'))
    await symlink('mine/tuffet.json', settings)
    await expectUnused('is a symbolic link')
  })

  test('is not used when its owner is unknown', async () => {
    await expectUnused('cannot be shown to be yours on this system', { user: undefined })
  })

  test('is not read when it is a pipe', async () => {
    await rename(settings, join(desk.folder, 'old.json'))
    makePipe(settings)
    const { status, stderr } = await desk.run(['refresh'])
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(`not used: ${settings} is not a regular file`),
    ])
  })

  test('does not stop a command that does not use it', async () => {
    await chmod(settings, 0o666)
    const options = ['--metadata-url', defaultMetadataUrl, '--store', 'mine', '--root', 'root.json']
    const { status, stderr } = await desk.run(['refresh', ...options])
    expect([status, stderr]).toEqual([0, expect.stringContaining('not used: ')])
  })
})

function foreignReason({ user }: World): string {
  const owner = user === undefined ? 4_321 : (process.geteuid?.() ?? 0)
  return `belongs to user ${owner}, not to you`
}

describe('the file that names the root and the store', () => {
  test.each([
    [['refresh'], 'root and store'],
    [['refresh', '--root', 'root.json'], 'store'],
    [['refresh', '--json'], 'root and store'],
    [['refresh', '--config', 'tuffet.json'], 'root and store'],
    [['refresh', '--config', 'tuffet.json', '--store', 's'], 'root'],
  ])('is printed: %j', async (args, what) => {
    expect(await desk.run(args)).toMatchObject({ status: 0 })
    expect(desk.notes()).toBe(`tuffet: ${what} from ${settings}\n`)
  })

  test('is not printed when both are options', async () => {
    expect(await desk.run(['refresh', '--root', 'root.json', '--store', 's'])).toMatchObject({
      status: 0,
      stderr: '',
    })
    expect(desk.notes()).toBe('')
  })
})

describe('the root of a file that was found', () => {
  /** Another repository, with a root of its own at the URL that the user asked for. */
  async function plantRoot(): Promise<ReturnType<typeof createRepository>> {
    const hostile = createRepository({ seed: 'mallory' })
    hostile.publish()
    await writeFile(join(desk.folder, 'planted.json'), hostile.root())
    await write({ root: 'planted.json', store: 'store' })
    return hostile
  }

  test('does not decide whom a store believes that an option names', async () => {
    const good = join(desk.folder, 'good.json')
    await writeFile(good, desk.repository.root())
    await desk.run(['init', good, '--store', 'mine'])
    const hostile = await plantRoot()
    const options = ['--metadata-url', defaultMetadataUrl, '--store', 'mine']
    const asked = await desk.run(['refresh', ...options], { fetcher: hostile.fetcher() })
    expect([asked.status, asked.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^tuffet: the root in .*tuffet\.json is not used with --store; --root FILE names one\n.*ERR_TUF_THRESHOLD_NOT_MET/,
      ),
    ])
    expect(await desk.run(['refresh', ...options])).toMatchObject({ status: 0 })
  })

  test.each([[['--store', 'mine']], [['--metadata-url', defaultMetadataUrl]]])(
    'is not used with %j',
    async (options) => {
      const hostile = await plantRoot()
      const { status, stderr } = await desk.run(['refresh', ...options], {
        fetcher: hostile.fetcher(),
      })
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(
          new RegExp(`is not used with ${options[0]}.*ERR_TUF_NOT_STORED`, 's'),
        ),
      ])
    },
  )

  test('is used with them when the file is named', async () => {
    await write({ root: 'root.json', store: 'store' })
    const options = ['--config', 'tuffet.json', '--store', 'mine']
    expect(await desk.run(['refresh', ...options])).toMatchObject({ status: 0, stderr: '' })
  })
})

describe('a path in a file that was found', () => {
  beforeEach(async () => {
    await mkdir(join(desk.folder, 'work/inner'), { recursive: true })
    await mkdir(join(desk.folder, 'elsewhere'))
    await rename(join(desk.folder, 'root.json'), join(desk.folder, 'elsewhere/root.json'))
    await writeFile(join(desk.folder, 'work/root.json'), desk.repository.root())
    await symlink('../elsewhere', join(desk.folder, 'work/link'))
    await symlink('../nowhere', join(desk.folder, 'work/dangling'))
    await symlink('inner', join(desk.folder, 'work/inside'))
  })

  async function runWith(given: object, args: readonly string[] = []): Promise<[number, string]> {
    const file = join(desk.folder, 'work/tuffet.json')
    const fields = { metadataUrl: defaultMetadataUrl, root: 'root.json', store: 's', ...given }
    await writeFile(file, JSON.stringify(fields))
    const { status, stderr } = await desk.run(['refresh', ...args], { folder: 'work' })
    return [status, stderr]
  }

  const out = 'leads out of its folder'
  test.each([
    [{ store: '../elsewhere' }, `store ${out}`],
    [{ store: '../elsewhere/new' }, `store ${out}`],
    [{ store: '/nowhere/at/all' }, `store ${out}`],
    [{ store: 'link' }, `store ${out}`],
    [{ store: 'link/new/store' }, `store ${out}`],
    [{ store: 'dangling' }, 'store leads through a link to nowhere'],
    [{ store: 'dangling/store' }, 'store leads through a link to nowhere'],
    [{ store: '.' }, `store ${out}`],
    [{ root: '../elsewhere/root.json' }, `root ${out}`],
    [{ root: 'link/root.json' }, `root ${out}`],
  ])('%j is refused, and taken when the file is named', async (given, reason) => {
    const [status, stderr] = await runWith(given)
    const file = join(desk.folder, 'work/tuffet.json')
    expect([status, stderr]).toEqual([
      2,
      `tuffet: ${file}: ${reason}; --config ${file} allows it\n`,
    ])
    expect(existsSync(join(desk.folder, 'elsewhere/timestamp.json'))).toBe(false)
    if ('root' in given) {
      expect(await runWith(given, ['--config', 'tuffet.json'])).toEqual([0, ''])
    }
  })

  test.each([{ store: 'inside/store' }, { store: 'new/../new' }, { root: './root.json' }])(
    '%j stays inside',
    async (given) => {
      expect(await runWith(given)).toEqual([0, ''])
    },
  )

  test('does not matter when an option overrides it', async () => {
    const store = join(desk.folder, 'elsewhere')
    expect(await runWith({ store }, ['--store', store, '--root', 'root.json'])).toEqual([0, ''])
  })

  test('is refused when another user can write on the way', async () => {
    await chmod(join(desk.folder, 'work/inner'), 0o777)
    await writeFile(join(desk.folder, 'work/inner/root.json'), desk.repository.root())
    const [status, stderr] = await runWith({ root: 'inner/root.json' })
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/root leads to .*inner, which can be written by every user; --config/),
    ])
  })
})
