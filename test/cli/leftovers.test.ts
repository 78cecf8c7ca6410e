/** Temporary folders that killed commands left are removed by the next ones. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { pathWithFake } from './asc/open-pgp.js'
import { openDesk, type Desk } from './desk.js'

let desk: Desk
const { PATH: path } = process.env

beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  process.env['PATH'] = path
  await desk.clear()
})

function leftover(use: string, hours: number): string {
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  const folder = join(tmpdir(), `tuffet-${use}-${pid}-aBc123`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'file'), '')
  const then = Date.now() / 1_000 - hours * 3_600
  for (const one of [join(folder, 'file'), folder]) utimesSync(one, then, then)
  return folder
}

test.each<[string, string, readonly string[]]>([
  ['pypi verify --asc', 'asc', ['pypi', 'verify', '--asc', 'a.whl']],
  ['download --output -', 'download', ['download', 'pkgs/a.whl', '--output', '-']],
])('of `%s`', async (_, use, args) => {
  process.env['PATH'] = pathWithFake('process.exit(2)', 'gpgv')
  const [old, young] = [leftover(use, 7), leftover(use, 1)]
  await desk.run(args)
  const there = [existsSync(old), existsSync(young)]
  rmSync(young, { recursive: true, force: true })
  expect(there).toEqual([false, true])
})
