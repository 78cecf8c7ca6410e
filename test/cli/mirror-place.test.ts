/** Where `tuffet mirror` may write, and the next step that its refusals name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { takeLongLock } from '../../src/node/long-lock.js'
import { openDesk, type Desk, type Outcome } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.clear())

function mirror(...args: string[]): Promise<Outcome> {
  return desk.run(['mirror', 'out', '--all', ...args])
}

function at(...path: string[]): string {
  return join(desk.folder, ...path)
}

/** Everything in the folder of the desk. */
function entries(): string[] {
  return readdirSync(desk.folder, { recursive: true }).map(String).sort()
}

describe('a store and a mirror inside each other', () => {
  const inMirror = 'is inside the mirror out: servers would show it'
  const inStore = 'is inside the store'
  test.each<[string, readonly string[], string, () => Promise<unknown> | undefined]>([
    ['a store in the mirror', ['out', '--store', 'out/store'], inMirror, () => undefined],
    ['a store deeper in it', ['out', '--store', 'out/metadata/x/y'], inMirror, () => undefined],
    ['one folder for both', ['out', '--store', 'out'], inMirror, () => undefined],
    ['a mirror in the store', ['store/out'], inStore, () => undefined],
    ['a store by `..`', ['out', '--store', 'a/../out/store'], inMirror, () => undefined],
    [
      'a mirror by `..` after a link',
      ['link/../store/out'],
      inStore,
      async () => {
        await mkdir(at('elsewhere'))
        await mkdir(at('elsewhere/below'))
        await symlink(at('elsewhere/below'), at('link'), 'junction')
        await symlink(at('store'), at('elsewhere/store'), 'junction')
        await mkdir(at('store'))
      },
    ],
    [
      'a store by a link into the mirror',
      ['out', '--store', 'link/store'],
      inMirror,
      async () => {
        await mkdir(at('out'))
        await symlink(at('out'), at('link'), 'junction')
      },
    ],
    [
      'a store by a link to a place that does not exist yet',
      ['out', '--store', 'link'],
      inMirror,
      () => symlink(at('out/store'), at('link'), 'junction'),
    ],
    [
      'a mirror by a link to a place in the store that does not exist yet',
      ['link/out'],
      inStore,
      async () => {
        await mkdir(at('store'))
        await symlink(at('store/deep'), at('link'), 'junction')
      },
    ],
  ])('%s: refused before anything is written', async (_, args, message, prepare) => {
    await prepare()
    const before = entries()
    const { status, stderr } = await desk.run(['mirror', ...args, '--all', '--root', 'root.json'])
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
    expect(entries()).toEqual(before)
  })

  test('are another thing than neighbours whose names begin alike', async () => {
    expect(await mirror('--store', 'out-store', '--root', 'root.json')).toMatchObject({ status: 0 })
  })
})

test('without a URL or a store nothing is written', async () => {
  for (const field of ['metadataUrl', 'store']) {
    const settings = JSON.parse(readFileSync(at('tuffet.json'), 'utf8')) as object
    await writeFile(at('other.json'), JSON.stringify({ ...settings, [field]: undefined }))
    expect(await mirror('--config', 'other.json')).toMatchObject({ status: 2 })
    expect(existsSync(at('out'))).toBe(false)
  }
})

test('bytes that are not text are refused as a list, and a long list is taken', async () => {
  await writeFile(at('list'), Buffer.of(0xff, 10))
  const { status, stderr } = await desk.run(['mirror', 'out', '--list', 'list'])
  expect([status, stderr]).toEqual([2, expect.stringContaining('list is not a text in UTF-8')])
  expect(existsSync(at('out'))).toBe(false)
  await writeFile(at('list'), 'pkgs/a.whl\n'.repeat(200_000))
  const long = await desk.run(['mirror', 'out', '--list', 'list'])
  expect([long.status, long.stdout]).toEqual([0, expect.stringContaining('1 target,')])
})

describe('a refusal names the next step of a mirror', () => {
  let lock: ReturnType<typeof takeLongLock>
  afterEach(() => lock?.release())

  test.each<[string, () => unknown, string]>([
    [
      'a folder with other files',
      () => writeFile(at('out/x'), ''),
      'name a new or an empty folder',
    ],
    [
      'a file in the place of the folder',
      async () => {
        await rm(at('out'), { recursive: true })
        await writeFile(at('out'), '')
      },
      'name a new or an empty folder',
    ],
    [
      'a state that is not one',
      () => writeFile(at('out/mirror.json'), '{}'),
      'begin the mirror anew in another folder',
    ],
    ['another process', () => (lock = takeLongLock(at('out/.+lock'))), 'wait until it ends'],
  ])('%s', async (_, prepare, hint) => {
    await mkdir(at('out'))
    await prepare()
    const { stderr } = await mirror()
    expect(stderr.toLowerCase()).toContain(hint)
    expect(stderr).not.toContain('download')
    expect(stderr).toContain('[ERR_TUF_DESTINATION]')
  })

  test('also where a file that was asked for by name has none', async () => {
    await mirror()
    const [name = ''] = desk.repository.targetNames('pkgs/a.whl')
    await rm(at('out/targets', name))
    await mkdir(at('out/targets', name))
    const { status, stderr } = await desk.run(['mirror', 'out', 'pkgs/a.whl'])
    expect([status, stderr]).toEqual([1, expect.stringContaining('Move it away')])
    expect(stderr).not.toContain('download')
  })

  test('as a field of --json, once', async () => {
    await mkdir(at('out'))
    await writeFile(at('out/x'), '')
    const { stdout } = await mirror('--json')
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'ERR_TUF_DESTINATION', path: at('out'), hint: expect.any(String) },
    })
  })
})

describe('an entry in the place of a file of the mirror', () => {
  const kinds = {
    'a link': (path: string) => symlink(at('victim'), path),
    'a folder': (path: string) => mkdir(path),
  }
  const places = ['metadata/timestamp.json', 'mirror.json', '.+journal', 'metadata/1.pkgs.json']
  const more = ['metadata/1.root.json', 'metadata/1.snapshot.json', 'metadata/1.targets.json']
  const cases = [...places, ...more].flatMap((place) =>
    Object.entries(kinds).map(([kind, make]) => [kind, place, make] as const),
  )
  test.each(cases)('%s at %s is named, and not followed', async (kind, place, make) => {
    await writeFile(at('victim'), 'mine')
    await mirror()
    await rm(at('out', place), { force: true })
    await make(at('out', place))
    const { status, stderr } = await mirror('--json')
    expect([status, stderr]).toEqual([1, ''])
    const again = await mirror()
    expect(again.stderr).toContain(`${at('out', place)}: it is ${kind} and not a regular file`)
    expect(again.stderr).toContain('Move it away, and run tuffet mirror again')
    expect(readFileSync(at('victim'), 'utf8')).toBe('mine')
  })

  test('a link at a target ends the run too: no name in the repository does that', async () => {
    await mirror()
    await writeFile(at('victim'), 'mine')
    const [name = ''] = desk.repository.targetNames('pkgs/a.whl')
    await rm(at('out/targets', name))
    await symlink(at('victim'), at('out/targets', name))
    const { status, stderr } = await mirror()
    expect([status, stderr]).toEqual([1, expect.stringContaining('it is a link')])
    expect(readFileSync(at('victim'), 'utf8')).toBe('mine')
  })
})

test('a name after a part of a name in the journal is a name of its own', async () => {
  await mirror()
  await writeFile(at('out/.+journal'), 'targets/pkgs/half-a-na')
  desk.repository.addTarget('pkgs/b.whl', 'b', { role: 'pkgs' })
  desk.repository.publish()
  const [name = ''] = desk.repository.targetNames('pkgs/b.whl')
  // The run ends after the file has its name, and before the timestamp has.
  await rm(at('out/metadata/timestamp.json'))
  await mkdir(at('out/metadata/timestamp.json'))
  expect(await mirror()).toMatchObject({ status: 1 })
  expect(readFileSync(at('out/.+journal'), 'utf8').split('\n')).toContain(`targets/${name}`)
})

test('a part of a name in the journal never becomes the name of a file to remove', async () => {
  await mirror()
  await writeFile(at('out/targets/notes'), 'mine')
  await writeFile(at('out/.+journal'), 'targets/notes')
  desk.repository.addTarget('pkgs/b.whl', 'b', { role: 'pkgs' })
  desk.repository.publish()
  await rm(at('out/metadata/timestamp.json'))
  await mkdir(at('out/metadata/timestamp.json'))
  expect(await mirror()).toMatchObject({ status: 1 })
  await rm(at('out/metadata/timestamp.json'), { recursive: true })
  expect(await mirror('--grace', '0')).toMatchObject({ status: 0 })
  expect(readFileSync(at('out/targets/notes'), 'utf8')).toBe('mine')
})
