/** Every file argument of a command: it must be a regular file, and within a limit. */
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { lockFileReader } from '../../src/cli/read-input.js'
import { makePipe } from '../support/pipe.js'
import type { Desk } from './desk.js'
import { fakePip, openPypiDesk, wheel } from './pypi-desk.js'

let desk: Desk
beforeEach(async () => {
  desk = await openPypiDesk()
  await writeFile(join(desk.folder, 'includes-pipe.txt'), '-r pipe\n')
  await writeFile(join(desk.folder, 'includes-long.txt'), '-c long\n')
})
afterEach(() => desk.clear())

async function run(args: string): Promise<string> {
  const pip = await fakePip(desk, `writeFileSync('ran', '')`)
  const { status, stdout, stderr } = await desk.run(
    args.split(' ').map((arg) => (arg === 'PIP' ? pip : arg)),
  )
  expect(status).not.toBe(0)
  return `${stdout}${stderr}`
}

describe('a pipe is refused, not waited for', () => {
  beforeEach(async () => {
    makePipe(join(desk.folder, 'pipe'))
    makePipe(join(desk.folder, wheel))
    await mkdir(join(desk.folder, 'vectors'))
    makePipe(join(desk.folder, 'vectors/keys.json'))
  })

  test.each([
    'init pipe --store new',
    'refresh --root pipe',
    'refresh --config pipe',
    'inspect pipe',
    'verify pkgs/a.whl pipe',
    'pypi check pipe',
    'pypi check includes-pipe.txt',
    'pypi pin -r pipe',
    'pypi run -- PIP install -r pipe',
    'pypi run -- PIP install -r includes-pipe.txt',
    `pypi verify ${wheel}`,
    'vectors run --folder vectors',
  ])('tuffet %s', async (args) => {
    expect(await run(args)).toMatch(/is not a regular file|"pipe" cannot be read/)
  })
})

describe('a file without an end is refused', () => {
  beforeEach(async () => {
    await mkdir(join(desk.folder, 'vectors'))
    for (const name of ['long', wheel, 'vectors/keys.json']) {
      await writeFile(join(desk.folder, name), '')
      await truncate(join(desk.folder, name), 2 ** 40)
    }
  })

  test.each([
    ['init long --store new', 'is longer than 512000 bytes'],
    ['refresh --root long', 'is longer than 512000 bytes'],
    ['refresh --config long', 'is longer than 1000000 bytes'],
    ['inspect long', 'is longer than 64000000 bytes'],
    ['verify pkgs/a.whl long', 'ERR_TUF_LENGTH_MISMATCH'],
    ['pypi check long', 'is longer than 64000000 bytes'],
    ['pypi check includes-long.txt', 'is longer than 64000000 bytes'],
    ['pypi pin -r long', 'is longer than 64000000 bytes'],
    ['pypi run -- PIP install -r long', 'is longer than 64000000 bytes'],
    [`pypi verify ${wheel}`, 'mismatch'],
    ['vectors run --folder vectors', 'is longer than 64000000 bytes'],
  ])('tuffet %s', async (args, message) => {
    expect(await run(args)).toContain(message)
  })
})

describe('standard input without an end is not read further', () => {
  test.each([
    ['inspect -', 'standard input is longer than 64000000 bytes'],
    ['verify pkgs/a.whl -', 'ERR_TUF_LENGTH_MISMATCH'],
  ])('tuffet %s', async (args, message) => {
    let left = false
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(1_000_000)
      } finally {
        left = true
      }
    }
    const { status, stderr } = await desk.run(args.split(' '), { stdin: endless() })
    expect([status, left, stderr]).toEqual([1, true, expect.stringContaining(message)])
  })
})

test('with --json a refused input comes with a code', async () => {
  makePipe(join(desk.folder, 'pipe'))
  expect(await desk.json('inspect', 'pipe')).toEqual({
    ok: false,
    error: {
      code: 'ERR_NOT_A_FILE',
      message: `${join(desk.folder, 'pipe')} is not a regular file`,
    },
  })
})

test('many short files can exceed the limit together', async () => {
  for (const name of ['a', 'b', 'c']) await writeFile(join(desk.folder, name), 'four')
  const read = lockFileReader(desk.io(), { lockFile: 4, lockFiles: 11 })
  expect(await read('a')).toEqual(Buffer.from('four'))
  await read('b')
  await expect(read('c')).rejects.toThrow('with c it is more than 11 bytes')
})
