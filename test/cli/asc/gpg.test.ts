import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { askGpg, findGpg, type GpgProgram } from '../../../src/cli/asc/gpg.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { pathWithFake } from './open-pgp.js'

const bytes = new Uint8Array(16)

async function* content(length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += 65_536) yield new Uint8Array(Math.min(65_536, length - at))
}

function fake(script: string, name: 'gpgv' | 'gpg' = 'gpgv'): GpgProgram {
  return { name, path: join(pathWithFake(script, name), name) }
}

function ask(program: GpgProgram, length = 10, patience = 10_000, signal?: AbortSignal): unknown {
  const question = { keyring: bytes, signature: bytes, content: content(length) }
  return askGpg(program, question, { patience, signal })
}

function homes(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('tuffet-asc-'))
}

describe('a program that verifies signatures', () => {
  test('gets a private home, which is removed, and no variable of its user', async () => {
    const before = homes()
    const script = `
      const { statSync, readdirSync } = require('node:fs')
      const { argv, env } = process
      const home = argv[argv.indexOf('--homedir') + 1]
      process.stdin.resume().on('end', () => console.log(JSON.stringify({
        mode: (statSync(home).mode & 0o777).toString(8),
        files: readdirSync(home).map((name) => [name, (statSync(home + '/' + name).mode & 0o777).toString(8)]),
        names: Object.keys(env).sort(), isHome: env.GNUPGHOME === home && process.cwd() === home, home,
      })))`
    const answer = (await ask(fake(script))) as { output: string; readAll: boolean }
    const seen = JSON.parse(answer.output) as { home: string }
    expect(seen).toMatchObject({
      mode: '700',
      files: [
        ['keyring.gpg', '600'],
        ['signature', '600'],
      ],
      names: ['GNUPGHOME', 'HOME', 'LC_ALL'],
      isHome: true,
    })
    expect(answer.readAll).toBe(true)
    expect(homes().filter((name) => !before.includes(name))).toEqual([])
  })

  test('gpg may fetch no key and read no settings', async () => {
    const script = `process.stdin.resume().on('end', () => console.log(process.argv.slice(2).join(' ')))`
    const { output } = (await ask(fake(script, 'gpg'))) as { output: string }
    const options = `--no-options --batch --no-tty --no-default-keyring --trust-model always
      --no-auto-key-retrieve --no-auto-key-locate --disable-dirmngr --verify`
    for (const option of options.split(/\s+/)) expect(output.split(/\s/)).toContain(option)
  })

  test.each([
    ['reads nothing', 10],
    ['reads nothing of a file that is longer than a pipe', 4_000_000],
  ])('one that hangs and %s is ended', async (_, length) => {
    const script = `
      require('node:fs').writeSync(1, String(process.pid))
      setInterval(() => undefined, 1000)`
    const failure = await ask(fake(script), length, 400)
    expect(failure).toEqual({ failed: 'gpgv did not answer within 0.4 seconds, and was ended' })
  })

  test('one that leaves its output open to another process is not waited for', async () => {
    const script = `
      const { spawn } = require('node:child_process')
      spawn('sleep', ['3'], { stdio: ['ignore', 1, 'ignore'], detached: true }).unref()
      process.stdin.resume()`
    const start = Date.now()
    expect(await ask(fake(script), 10, 500)).toHaveProperty('failed')
    expect(Date.now() - start).toBeLessThan(2_500)
  })

  test('one that floods is ended', async () => {
    const script = `
      const { writeSync } = require('node:fs')
      for (;;) writeSync(1, '[GNUPG:] SIG_ID x\\n'.repeat(1000))`
    const failure = await ask(fake(script))
    expect(failure).toEqual({ failed: 'gpgv wrote more than 65536 bytes, and was ended' })
  })

  test('one that leaves before the file has ended did not read all of it', async () => {
    const answer = await ask(fake('process.exit(3)'), 4_000_000)
    expect(answer).toEqual({ output: '', status: 3, readAll: false })
  })

  test('one that cannot be started is named', async () => {
    const path = join(temporaryFolder('path'), 'gpgv')
    expect(await ask({ name: 'gpgv', path })).toEqual({
      failed: expect.stringContaining(`${path} could not be started`),
    })
  })

  test('is ended when the user interrupts', async () => {
    const controller = new AbortController()
    const asked = ask(fake('setInterval(() => undefined, 1000)'), 10, 10_000, controller.signal)
    setTimeout(() => controller.abort(new Error('enough')), 200)
    await expect(asked).rejects.toThrow('enough')
  })

  test('is ended when the file cannot be read, and the error is thrown', async () => {
    const before = homes()
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes
      throw new Error('the disk failed')
    }
    const question = { keyring: bytes, signature: bytes, content: broken() }
    const program = fake('setInterval(() => undefined, 1000)')
    await expect(askGpg(program, question)).rejects.toThrow('the disk failed')
    expect(homes().filter((name) => !before.includes(name))).toEqual([])
  })
})

describe('the search for it', () => {
  test('takes gpgv before gpg, wherever they are on the path', async () => {
    const [gpg, gpgv] = [pathWithFake('', 'gpg'), pathWithFake('', 'gpgv')]
    const found = await findGpg({ PATH: `${gpg}:${gpgv}` })
    expect(found).toEqual({ name: 'gpgv', path: join(gpgv, 'gpgv') })
    expect(await findGpg({ PATH: gpg })).toEqual({ name: 'gpg', path: join(gpg, 'gpg') })
  })

  test('does not look into relative folders, nor take a folder for a program', async () => {
    expect(await findGpg({ PATH: `.::bin:${temporaryFolder('path')}` })).toBeUndefined()
    expect(await findGpg({})).toBeUndefined()
  })
})
