/** Output that cannot be written: a full disk is an error of every command, a closed pipe of none. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { commands } from '../../src/cli/commands.js'
import type { Output } from '../../src/cli/io.js'
import { processIo } from '../../src/cli/process-io.js'
import type { Desk } from './desk.js'
import { contents, fillFolder, openPypiDesk, sdist, sha256, wheel } from './pypi-desk.js'

const main = resolve('dist/cli/main.cjs')
const full = 'tuffet: standard output could not be written: no space is left on the disk (ENOSPC)\n'

let desk: Desk

beforeEach(async () => {
  desk = await openPypiDesk()
  await fillFolder(desk, { [wheel]: contents[wheel] ?? '' })
  const lock = `demo-pkg==1.0 --hash=sha256:${sha256(contents[sdist] ?? '')}\n`
  await writeFile(join(desk.folder, 'requirements.txt'), lock)
  await writeFile(join(desk.folder, 'a.whl'), 'wheel')
})

afterEach(() => desk.clear())

/** A process's output, over a stream whose writes fail. */
function failing(code: string, message: string): Output {
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(message), { code, syscall: 'write' }))
    },
  })
  const { signal } = new AbortController()
  return processIo(signal, { stdout, stderr: new Writable() }).stdout
}

const calls: Readonly<Record<string, readonly string[]>> = {
  init: ['init', '--root', 'root.json', '--store', 'new'],
  refresh: ['refresh'],
  find: ['find', 'pkgs/a.whl'],
  download: ['download', 'pkgs/a.whl', '--output', '-'],
  verify: ['verify', 'pkgs/a.whl', 'a.whl'],
  explain: ['explain', 'pkgs/a.whl'],
  inspect: ['inspect', 'root.json'],
  reset: ['reset'],
  mirror: ['mirror', 'copy'],
  audit: ['audit'],
  'pypi verify': ['pypi', 'verify', 'wheels'],
  'pypi check': ['pypi', 'check', 'requirements.txt'],
  'pypi pin': ['pypi', 'pin', 'demo-pkg==1.0'],
  // One of its files is on the page only: its line comes before a refusal.
  'pypi doctor': ['pypi', 'doctor', 'demo-pkg'],
  'pypi serve': ['pypi', 'serve'],
  completion: ['completion', 'bash'],
  help: ['help'],
  version: ['version'],
}

test('this file covers each command that prints an answer', () => {
  // Standard output of these is another program's, or needs another service, an index or the vectors.
  const others = [
    'pypi run',
    'pypi publish',
    'pypi publishers',
    'pypi bundle',
    'pypi explain',
    'vectors run',
  ]
  expect([...Object.keys(calls), ...others].sort()).toEqual([...commands.keys()].sort())
})

describe.each(Object.entries(calls))('tuffet %s', (name, args) => {
  test('ends with status 1 when its output meets a full disk', async () => {
    const stdout = failing('ENOSPC', 'ENOSPC: no space left on device, write')
    const { status, stderr } = await desk.run(args, { stdout })
    expect(stderr.slice(-full.length)).toBe(full)
    expect(status).toBe(1)
  })

  test('says so on standard error with --json too', async () => {
    if (args.includes('-')) return
    const stdout = failing('ENOSPC', 'ENOSPC: no space left on device, write')
    const { status, stderr } = await desk.run([...args, '--json'], { stdout })
    expect([status, stderr]).toEqual([1, full])
  })

  test('is quiet after the reader of its output left', async () => {
    if (name === 'pypi serve') return
    const stdout = failing('EPIPE', 'write EPIPE')
    const { status, stderr } = await desk.run(args, { stdout })
    expect(status).toBe((await desk.run(args)).status)
    expect(stderr).not.toContain('EPIPE')
  })
})

test('wrong usage stays wrong usage when standard output is lost as well', async () => {
  const stdout = failing('ENOSPC', 'ENOSPC: no space left on device, write')
  const { status } = await desk.run(['find', '--json'], { stdout })
  expect(status).toBe(2)
})

test('a file that takes a part of the output only is an error of the process', async () => {
  // The shell's limit on the length of files: the first write is short, the next one fails.
  const script = 'ulimit -f 1; exec "$0" "$1" pypi pin --help > out'
  const child = spawn('sh', ['-c', script, process.execPath, main], { cwd: desk.folder })
  const [stderr, [status]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  expect(stderr).toMatch(/^tuffet: standard output could not be written: EFBIG/)
  expect(status).toBe(1)
})
