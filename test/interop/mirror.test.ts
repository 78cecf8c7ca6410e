/** pip and uv install from a mirror, through a proxy that does not trust it. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Proxy } from '../../src/pypi/proxy/proxy.js'
import type { Outcome } from '../cli/desk.js'
import { freePort } from '../support/listen.js'
import { openMirroredIndex, type MirroredIndex } from '../support/mirrored-index.js'
import { makeWheel } from '../support/wheel.js'
import { findInstallers, install } from './installers.js'

const good = makeWheel({ name: 'demo_pkg', version: '1.0' })
const dependent = makeWheel({ name: 'dependent', version: '2.0', requires: ['demo-pkg==1.0'] })
const evil = makeWheel({ name: 'demo_pkg', version: '1.0', message: 'harm!' })

let world: MirroredIndex | undefined
let interruption: AbortController
beforeEach(() => {
  interruption = new AbortController()
})
afterEach(async () => {
  interruption.abort()
  await world?.clear()
})

/** The mirror, and `tuffet pypi serve` in front of it. */
async function serveMirror(layout: 'pages' | 'pages-and-files'): Promise<MirroredIndex> {
  world = await openMirroredIndex(layout)
  const { index, desk } = world
  const lines = [good, dependent].map(({ filename, bytes, metadata }) => {
    const coreMetadata = new Map([['sha256', sha256(metadata)]])
    const { url } = index.add(filename, bytes, { coreMetadata })
    index.served.set(`${url}.metadata`, metadata)
    const [name = '', version = ''] = filename.split('-')
    return `${name}==${version} --hash=sha256:${sha256(bytes)}\n`
  })
  index.publish()
  await writeFile(join(desk.folder, 'requirements.txt'), lines.join(''))
  const { status, stderr } = await world.mirror('--lock', 'requirements.txt')
  expect([status, stderr]).toEqual([0, expect.any(String)])
  return world
}

/** `tuffet pypi serve`, from the moment that it answers. */
async function start(
  read: MirroredIndex['read'],
): Promise<{ readonly running: Promise<Outcome>; readonly proxy: Proxy }> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const running = read(['pypi', 'serve', '--port', `${port}`], interruption.signal)
  while (!(await fetch(`${origin}/simple/`).then(isAnswer, () => false))) await setTimeout(20)
  const proxy = { origin, indexUrl: `${origin}/simple/`, close: () => Promise.resolve() }
  return { running, proxy }
}

function isAnswer(response: Response): boolean {
  return response.status > 0
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const installers = findInstallers()
const there = installers.length === 0 ? describe.skip : describe
there.each(installers.length === 0 ? [{ name: 'nothing', command: [] }] : installers)(
  '$name from a mirror',
  (installer) => {
    test.each(['pages', 'pages-and-files'] as const)(
      'installs with dependencies, layout %s, and asks the repository nothing',
      async (layout) => {
        const { index, read, server } = await serveMirror(layout)
        index.asked.length = 0
        const { running, proxy } = await start(read)
        const { status, output, message } = await install(installer, proxy, 'dependent')
        expect([status, message, output]).toEqual([0, 'hello', expect.any(String)])
        expect(index.asked).toEqual([])
        expect(server.asked.some((one) => one.endsWith('.whl'))).toBe(true)
        interruption.abort()
        // But for the list of projects, which `start` asked for.
        expect((await running).stderr).not.toMatch(/refused (?!\/simple\/:)/)
      },
    )

    test('installs nothing that the mirror changed', async () => {
      const { read, folder } = await serveMirror('pages-and-files')
      for (const name of readdirSync(folder, { recursive: true }).map(String)) {
        if (name.endsWith(good.filename)) await writeFile(join(folder, name), evil.bytes)
      }
      const { proxy } = await start(read)
      const { status, message } = await install(installer, proxy, 'dependent')
      expect([status === 0, message]).toEqual([false, undefined])
    })
  },
)
