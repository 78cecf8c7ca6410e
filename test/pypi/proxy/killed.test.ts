import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, test } from '@jest/globals'
import { IndexRepository } from '../index-repository.js'
import { startAsking } from './asking.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const script = fileURLToPath(new URL('../../support/spool-process.ts', import.meta.url))
const patient = 120_000
const posix = process.platform === 'win32' ? test.skip : test

let folder: string
beforeEach(() => {
  folder = temporaryFolder('proxy')
})

/** Ends when SIGKILL killed the process, from inside or from here. */
async function killed(when: 'downloading' | 'naming'): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, when], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.once('data', () => child.kill('SIGKILL'))
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
  return child.pid!
}

posix(
  'a proxy that is killed while it downloads leaves nothing on disk',
  async () => {
    await killed('downloading')
    expect(await readdir(folder)).toEqual([])
  },
  patient,
)

posix(
  'the next proxy removes, when it starts, the named file that a killed one left',
  async () => {
    const pid = await killed('naming')
    const [left = '', ...others] = await readdir(folder)
    expect([left.startsWith(`tuffet-spool-${pid}-`), others]).toEqual([true, []])
    expect(await readdir(join(folder, left))).toEqual(['file'])
    const index = new IndexRepository()
    index.publish()
    const { proxy } = await startAsking(index, { spool: { folder } })
    expect(await readdir(folder)).toEqual([])
    await proxy.close(0)
  },
  patient,
)
