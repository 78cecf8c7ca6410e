/** `tuffet mirror` of a repository in which a delegate means harm: the rest stays fresh. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { fetchFetcher } from '../../src/index.js'
import { serveStatic, type StaticServer } from '../support/static-server.js'
import { openDesk, type Desk, type Outcome } from './desk.js'

type Signed = Record<string, unknown>

const digest = '00'.repeat(32)

let desk: Desk
let server: StaticServer

beforeEach(async () => {
  desk = await openDesk()
  server = await serveStatic(join(desk.folder, 'out'))
  desk.repository.delegate('targets', { name: 'evil', paths: ['evil/*', 'evil/*/*'] })
  desk.repository.addTarget('evil/fine', 'x', { role: 'evil' })
  desk.repository.publish()
  await mirror('--all')
})
afterEach(async () => {
  await server.close()
  await desk.clear()
})

function mirror(...args: string[]): Promise<Outcome> {
  return desk.run(['mirror', 'out', ...args])
}

function read(...args: string[]): Promise<Outcome> {
  const urls = [
    '--metadata-url',
    `${server.url}metadata/`,
    '--targets-url',
    `${server.url}targets/`,
  ]
  const own = ['--root', join(desk.folder, 'root.json'), '--store', join(desk.folder, 'reader')]
  return desk.run([...args, ...urls, ...own], { fetcher: fetchFetcher() })
}

function files(): string[] {
  return readdirSync(join(desk.folder, 'out'), { recursive: true }).map(String)
}

/** Readers find a new file of `pkgs` under the newest timestamp, whatever `evil` signed. */
async function expectFresh(): Promise<void> {
  const { version } = desk.repository.signed('timestamp') as { version: number }
  expect((await read('refresh')).stdout).toContain(`timestamp ${version}`)
  const got = await read('download', 'pkgs/b.whl', '--output', 'got')
  expect([got.status, got.stderr]).toEqual([0, ''])
}

/** `evil` signs something else, and `pkgs` a new file. */
function harm(change: (signed: Signed) => void): void {
  desk.repository.addTarget('pkgs/b.whl', 'new', { role: 'pkgs' })
  desk.repository.publish()
  desk.repository.edit('evil', change)
}

function list(path: string, entry: object): (signed: Signed) => void {
  return (signed) => void ((signed['targets'] as Signed)[path] = entry)
}

const toPkgs = (signed: Signed): void => {
  const role = { name: 'pkgs', keyids: [], threshold: 1, paths: ['evil/*'], terminating: false }
  signed['delegations'] = { keys: {}, roles: [role] }
}
const expire = (signed: Signed): void => {
  signed['expires'] = '2001-01-01T00:00:00Z'
}

describe('a delegate that fails', () => {
  test.each<[string, (signed: Signed) => void, object]>([
    [
      'delegates to a role of others',
      toPkgs,
      { role: 'pkgs', delegator: 'evil', code: 'ERR_TUF_THRESHOLD_NOT_MET' },
    ],
    ['lets its role expire', expire, { role: 'evil', code: 'ERR_TUF_EXPIRED' }],
    [
      'lists a name that servers take for their own',
      list('evil/.git/config', { length: 1, hashes: { sha256: digest } }),
      { target: 'evil/.git/config', code: 'ERR_TUF_NAME_UNSAFE' },
    ],
    [
      'lists a file that is not there',
      list('evil/gone', { length: 1, hashes: { sha256: digest } }),
      { target: 'evil/gone', code: 'ERR_TUF_FETCH_NOT_FOUND' },
    ],
    [
      'lists a length beyond every disk',
      list('evil/huge', { length: 9e15, hashes: { sha256: digest } }),
      { target: 'evil/huge', code: 'NOT_VERIFIED' },
    ],
    [
      'lists only a hash that nobody computes',
      list('evil/md5', { length: 1, hashes: { md5: '00' } }),
      { target: 'evil/md5' },
    ],
  ])(
    'and %s is a gap, named with status 3, in a mirror that stays fresh',
    async (_, change, gap) => {
      harm(change)
      const { status, stdout } = await mirror('--all', '--json')
      expect([status, JSON.parse(stdout)]).toEqual([
        3,
        expect.objectContaining({
          ok: false,
          gapCount: expect.any(Number),
          gaps: expect.arrayContaining([expect.objectContaining(gap)]),
        }),
      ])
      await expectFresh()
      const again = await mirror('--all')
      expect([again.status, again.stdout]).toEqual([
        3,
        expect.stringContaining('left out of the mirror'),
      ])
      expect(again.stdout).toContain('role' in gap ? String(gap.role) : 'target evil/')
    },
  )

  test.each([
    ['delegates to a role of others', toPkgs],
    ['lets its role expire', expire],
  ])('and %s is named where only files of others are chosen', async (_, change) => {
    harm(change)
    expect(await mirror('pkgs/b.whl')).toMatchObject({ status: 3, stderr: '' })
    await expectFresh()
  })

  test('is repaired by the run after its repair', async () => {
    harm(expire)
    await mirror('--all')
    desk.repository.edit('evil', (signed) => {
      signed['expires'] = '2030-01-01T00:00:00Z'
    })
    expect(await mirror('--all')).toMatchObject({ status: 0 })
    expect(await read('find', 'evil/fine')).toMatchObject({ status: 0 })
  })

  test('its role whose file the repository lost is a gap when it is still gone', async () => {
    harm(() => undefined)
    const { version } = desk.repository.signed('evil') as { version: number }
    desk.repository.serve(`${version}.evil.json`, 'missing')
    const { status, stdout } = await mirror('--all')
    expect([status, stdout]).toEqual([3, expect.stringContaining('ERR_TUF_SNAPSHOT_GONE')])
    await expectFresh()
  })
})

describe('names that clash', () => {
  test('of a file and a folder: one of the two is in the mirror, the other is named', async () => {
    const [name = ''] = desk.repository.targetNames('evil/fine')
    desk.repository.addTarget(`${name}/x`, 'below', { role: 'evil' })
    harm(() => undefined)
    const { status, stdout } = await mirror('--all')
    expect([status, stdout]).toEqual([3, expect.stringContaining('ERR_TUF_DESTINATION')])
    await expectFresh()
    expect(await mirror('--all')).toMatchObject({ status: 3 })
  })

  test('of a role and a folder of another role: the folder is refused', async () => {
    desk.repository.delegate('evil', { name: 'pkgs.json/q', paths: ['evil/*'] })
    harm(() => undefined)
    for (let run = 0; run < 2; run++) {
      const { status, stdout } = await mirror('pkgs/b.whl')
      expect([status, stdout]).toEqual([3, expect.stringContaining('ERR_TUF_NAME_UNSAFE')])
    }
    expect(files().filter((one) => one.includes('.json/'))).toEqual([])
    await expectFresh()
  })
})

describe('what was asked for', () => {
  test('and is not listed is status 1, in a mirror that is published', async () => {
    harm(() => undefined)
    const { status, stdout, stderr } = await mirror('nowhere', 'pkgs/*')
    expect([status, stdout]).toEqual([1, expect.stringContaining('target nowhere')])
    expect(stderr).toContain('ERR_TUF_TARGET_NOT_FOUND')
    await expectFresh()
  })

  test('comes before what a pattern matches, within --mirror-bytes', async () => {
    desk.repository.addTarget('pkgs/b.whl', 'a longer file', { role: 'pkgs' })
    desk.repository.publish()
    const { status, stdout } = await mirror('pkgs/b.whl', 'evil/*', '--mirror-bytes', '13')
    expect([status, stdout]).toEqual([
      3,
      expect.stringContaining('target evil/fine: it has 1 byte; --mirror-bytes allows 13 bytes'),
    ])
    await expectFresh()
  })

  test('and is longer than --mirror-bytes is status 1', async () => {
    const { status, stderr } = await mirror('pkgs/a.whl', '--mirror-bytes', '4')
    expect([status, stderr]).toEqual([1, expect.stringContaining('--mirror-bytes allows 4 bytes')])
  })
})

describe('--mirror-files', () => {
  const ofEvil = (): number => files().filter((one) => /evil\/[0-9a-f]{64}/.test(one)).length

  test.each([1, 4])('allows all of its %d files to one list, or to one delegate', async (most) => {
    for (let number = 0; number < most; number++) {
      desk.repository.addTarget(`top-${number}`, 'x')
      desk.repository.addTarget(`evil/n-${number}`, 'x', { role: 'evil' })
    }
    desk.repository.publish()
    for (const pattern of ['top-*', 'evil/n-*']) {
      const found = await mirror(pattern, '--mirror-files', `${most}`)
      expect(found).toMatchObject({ status: 0 })
    }
    const less = await mirror('top-*', 'evil/n-*', '--mirror-files', `${2 * most - 1}`, '--json')
    expect([less.status, JSON.parse(less.stdout)]).toMatchObject([3, { gapCount: 1 }])
  })

  test('names what one delegate has beyond it, in a mirror that is published', async () => {
    for (let number = 0; number < 30; number++) {
      desk.repository.addTarget(`evil/${number}`, '', { role: 'evil' })
    }
    harm(() => undefined)
    const { status, stdout } = await mirror('--all', '--mirror-files', '12')
    expect([status, stdout]).toEqual([
      3,
      expect.stringContaining('--mirror-files allows 12 files in all'),
    ])
    expect(ofEvil()).toBeLessThanOrEqual(12)
    await expectFresh()
  })

  test('counts only files of a role that may list them', async () => {
    for (let number = 0; number < 9; number++) {
      desk.repository.addTarget(`nobody/${number}`, 'x', { role: 'evil' })
    }
    harm(() => undefined)
    expect(await mirror('--all', '--mirror-files', '3')).toMatchObject({ status: 0 })
    await expectFresh()
  })

  test('names a role that lists far more, without a look at each file', async () => {
    for (let number = 0; number < 1_010; number++) {
      desk.repository.addTarget(`nobody/${number}`, 'x', { role: 'evil' })
    }
    harm(() => undefined)
    const { status, stdout } = await mirror('--all', '--mirror-files', '3', '--json')
    expect([status, JSON.parse(stdout)]).toEqual([
      3,
      expect.objectContaining({
        gapCount: 1,
        gaps: [expect.objectContaining({ role: 'evil', code: 'NOT_VERIFIED' })],
      }),
    ])
  })

  test('does not count those that a PATH names', async () => {
    harm(() => undefined)
    expect(await mirror('pkgs/b.whl', 'evil/fine', '--mirror-files', '1')).toMatchObject({
      status: 0,
    })
  })
})

describe('--metadata-bytes', () => {
  /** The new file is below roles that the walk does not reach. */
  function fill(): void {
    for (let number = 0; number < 40; number++) {
      desk.repository.delegate('evil', { name: `evil-${number}`, paths: ['evil/*'] })
    }
    desk.repository.delegate('pkgs', { name: 'mid', paths: ['pkgs/*'] })
    desk.repository.delegate('mid', { name: 'pkgs-new', paths: ['pkgs/b.whl'] })
    desk.repository.addTarget('pkgs/b.whl', 'new', { role: 'pkgs-new' })
    desk.repository.publish()
  }

  test('bounds the roles, in a mirror that is published', async () => {
    fill()
    const { status, stdout } = await mirror('--all', '--metadata-bytes', '20000')
    expect([status, stdout]).toEqual([3, expect.stringContaining('ERR_TUF_SEARCH_LIMIT')])
    const written = files().filter((one) => /evil-\d+\.json$/.test(one))
    expect(written.length).toBeLessThan(40)
    expect(await read('download', 'pkgs/a.whl', '--output', 'got')).toMatchObject({ status: 0 })
  })

  test('keeps no file away that a PATH names, also where a delegate copies a delegation', async () => {
    fill()
    const { delegations } = desk.repository.signed('mid') as Record<string, unknown>
    desk.repository.edit('evil', (signed) => {
      const copied = delegations as { keys: Signed; roles: unknown[] }
      const own = signed['delegations'] as { keys: Signed; roles: unknown[] }
      own.keys = { ...own.keys, ...copied.keys }
      own.roles.unshift(...copied.roles)
    })
    const { status, stderr } = await mirror('pkgs/b.whl', '--metadata-bytes', '20000')
    expect([status, stderr]).toEqual([3, ''])
    await expectFresh()
  })
})

describe('a role to which two edges lead', () => {
  test.each([
    ['before', 'pkgs'],
    ['after', 'zz'],
  ])('is served where the edge that believes it comes %s the other', async (_, delegator) => {
    if (delegator === 'zz') desk.repository.delegate('targets', { name: 'zz', paths: ['pkgs/*'] })
    desk.repository.delegate(delegator, { name: 'shared', paths: ['pkgs/*'] })
    desk.repository.addTarget('pkgs/b.whl', 'new', { role: 'shared' })
    desk.repository.publish()
    desk.repository.edit('evil', (signed) => {
      const role = {
        name: 'shared',
        keyids: [],
        threshold: 1,
        paths: ['evil/*'],
        terminating: false,
      }
      signed['delegations'] = { keys: {}, roles: [role] }
    })
    const place = 'role shared, from evil'
    expect(await mirror('--all')).toMatchObject({
      status: 3,
      stdout: expect.stringContaining(place),
    })
    await expectFresh()
    // All roles are in the store now, and none in the folder.
    const { status } = await desk.run(['mirror', 'second'])
    const metadata = readdirSync(join(desk.folder, 'second', 'metadata'))
    expect([status, metadata]).toEqual([3, expect.arrayContaining(['1.shared.json'])])
  })
})
