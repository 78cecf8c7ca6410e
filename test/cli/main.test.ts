/** The process itself, as `npm run build` makes it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { serve, type ServedRepository } from '../../src/testing/node/index.js'
import { importsOf, sourceFiles } from '../support/source-files.js'
import { openDesk, type Desk } from './desk.js'

const main = resolve('dist/cli/main.cjs')

let desk: Desk
let server: ServedRepository

beforeEach(async () => {
  desk = await openDesk()
  server = await serve(desk.repository)
  await writeFile(
    join(desk.folder, 'tuffet.json'),
    JSON.stringify({
      metadataUrl: server.metadataUrl,
      targetsUrl: server.targetsUrl,
      root: 'root.json',
      store: 'store',
    }),
  )
})

afterEach(async () => {
  await server.close()
  await desk.clear()
})

function start(...args: string[]): ChildProcess {
  // The repository's time, so that its metadata are current: the process reads the ordinary clock.
  const clock = `const now = ${desk.repository.now}; Date.now = () => now`
  const preload = `data:text/javascript,${encodeURIComponent(clock)}`
  return spawn(process.execPath, ['--import', preload, main, ...args], { cwd: desk.folder })
}

async function end(child: ChildProcess) {
  const [stdout, stderr, [status, signal]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'close') as Promise<[number | null, string | null]>,
  ])
  return { stdout, stderr, status, signal }
}

describe('the process', () => {
  test('ends with the status of the run', async () => {
    expect(await end(start('find', 'pkgs/a.whl'))).toMatchObject({
      status: 0,
      stderr: `tuffet: root and store from ${join(desk.folder, 'tuffet.json')}\n`,
    })
    expect(await end(start('find', 'pkgs/b.whl'))).toMatchObject({ status: 1, stdout: '' })
    expect(await end(start('find'))).toMatchObject({ status: 2, stdout: '' })
  })

  test('reads standard input', async () => {
    const child = start('verify', 'pkgs/a.whl', '-')
    child.stdin?.end('wheel')
    expect(await end(child)).toMatchObject({ status: 0, stdout: expect.stringMatching('^-: is') })
  })

  test('keeps its verdict when nobody reads its output', async () => {
    const child = start('explain', 'pkgs/a.whl', '--verbose')
    child.stdout?.destroy()
    child.stderr?.destroy()
    const [status] = (await once(child, 'close')) as [number | null]
    expect(status).toBe(0)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it as the signal does, and leaves no partial file',
    async (signal) => {
      const asked = new Promise<void>((started) => {
        desk.repository.intercept((kind) => {
          if (kind !== 'target') return undefined
          return async function* slowly() {
            yield new TextEncoder().encode('wh')
            started()
            await new Promise(() => undefined)
          }
        })
      })
      const child = start('download', 'pkgs/a.whl', '--folder', 'out')
      const ended = end(child)
      await asked
      while (!(await readdir(join(desk.folder, 'out'))).some((name) => name.endsWith('.part'))) {
        await new Promise((later) => setTimeout(later, 5))
      }
      child.kill(signal)
      expect(await ended).toMatchObject({ stdout: '', status: null, signal })
      expect(await readdir(join(desk.folder, 'out'))).toEqual([])
    },
  )

  test('an interruption ends the waiting for standard input', async () => {
    const child = start('verify', 'pkgs/a.whl', '-', '--verbose')
    const ended = end(child)
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.includes('pkgs 1 is trusted')) setTimeout(() => child.kill('SIGINT'), 100)
    })
    expect(await ended).toMatchObject({ signal: 'SIGINT', stdout: '' })
  })
})

test('the client is loaded only when a command needs it', () => {
  const files = new Map(sourceFiles('src').map((file) => [file.path, importsOf(file)]))
  const loaded = new Set(['src/cli/main.ts'])
  for (const path of loaded) {
    for (const one of files.get(path) ?? []) if (!one.dynamic && !one.typeOnly) loaded.add(one.to)
  }
  const other = [...loaded].filter((path) => !/^(src\/cli\/|node:)/.test(path))
  // Text functions of forty lines, for every printed line and every failed write.
  expect(other.sort()).toEqual([
    'src/errors/mask-credentials.ts',
    'src/errors/permission.ts',
    'src/node/system-error.ts',
    'src/words/printable.ts',
  ])
})
