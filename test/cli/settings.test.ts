import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readSettings, requireSetting } from '../../src/cli/settings.js'
import { UsageError } from '../../src/cli/usage-error.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk

beforeEach(async () => {
  desk = await openDesk()
})

afterEach(() => desk.clear())

async function write(text: string): Promise<string> {
  const file = join(desk.folder, 'tuffet.json')
  await writeFile(file, text)
  return file
}

test('an option overrides the file, and paths are relative to their place', async () => {
  await mkdir(join(desk.folder, 'etc'))
  const settings = {
    metadataUrl: 'https://a.example/m',
    root: 'r.json',
    store: 's',
    hashPrefix: true,
    retries: 3,
  }
  await writeFile(join(desk.folder, 'etc/t.json'), JSON.stringify(settings))
  const options = { config: 'etc/t.json', store: 'other', 'hash-prefix': false }
  expect(await readSettings(options, desk.io())).toEqual({
    metadataUrl: 'https://a.example/m',
    root: join(desk.folder, 'etc/r.json'),
    store: join(desk.folder, 'other'),
    hashPrefix: false,
    retries: 3,
  })
  expect(await readSettings({ ...options, retries: '0' }, desk.io())).toMatchObject({ retries: 0 })
})

test('without tuffet.json the options alone decide', async () => {
  await mkdir(join(desk.folder, 'empty'))
  const io = { ...desk.io(), folder: join(desk.folder, 'empty') }
  expect(await readSettings({ store: '/s' }, io)).toEqual({ store: '/s' })
})

test('a file that an option names must exist', async () => {
  const { status, stderr } = await desk.run(['refresh', '--config', 'none.json'])
  expect(status).toBe(1)
  expect(stderr).toMatch(/^tuffet: .*none\.json: the file or folder does not exist/)
})

describe('a fault in tuffet.json is named in one line', () => {
  test.each([
    ['{', 'FILE is not JSON: ends too early (at byte 1)'],
    ['{"root": "a", "root": "b"}', 'FILE is not JSON: root: duplicate name (at byte 14)'],
    [
      '{"layout": {"name": "pages", "name": "rstuf"}}',
      'FILE is not JSON: layout.name: duplicate name (at byte 29)',
    ],
    ['[]', 'FILE must hold an object'],
    ['null', 'FILE must hold an object'],
    [
      '{"metadataURL": "https://a.example"}',
      'FILE: "metadataURL" is not a setting; did you mean metadataUrl?',
    ],
    ['{"metadataUrl": 1}', 'FILE: metadataUrl must be text'],
    ['{"targetsUrl": "a"}', 'FILE: targetsUrl must be a base URL: "a" is not an absolute URL'],
    ['{"targetsUrl": "file:///a"}', 'FILE: targetsUrl must be a URL of https or http, not file:'],
    ['{"store": ""}', 'FILE: store must be text'],
    ['{"root": null}', 'FILE: root must be text'],
    ['{"hashPrefix": "yes"}', 'FILE: hashPrefix must be true or false'],
    ['{"retries": -1}', 'FILE: retries must be an integer from 0 to 100'],
    ['{"retries": "often"}', 'FILE: retries must be an integer from 0 to 100'],
  ])('%s', async (text, message) => {
    const file = await write(text)
    const { status, stderr } = await desk.run(['refresh'])
    expect(status).toBe(2)
    expect(stderr).toBe(`tuffet: ${message.replace('FILE', file)}\n`)
  })
})

test('a missing value is named as option and as setting', async () => {
  await write('{}')
  const { status, stderr } = await desk.run(['refresh'])
  expect([status, stderr]).toEqual([
    2,
    'tuffet: give --metadata-url, or "metadataUrl" in tuffet.json\n',
  ])
  expect(() => requireSetting({}, 'store')).toThrow(UsageError)
  expect(requireSetting({ hashPrefix: false }, 'hashPrefix')).toBe(false)
})

test('a download needs to know where target files are', async () => {
  await write('{"metadataUrl": "https://a.example", "store": "s"}')
  const { status, stderr } = await desk.run(['download', 'a'])
  expect([status, stderr]).toEqual([
    2,
    'tuffet: give --targets-url, or "targetsUrl" in tuffet.json\n',
  ])
})
