/** pip behind the proxy: it installs the whole file, or fails and leaves nothing. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { frame, framingNames } from './framings.js'
import type { IndexSubject } from './index-subject.js'
import { start } from './proxy.js'
import { Tally } from './tally.js'

/** The command of pip; undefined without TUFFET_PIP. */
export function findPip(): string[] | undefined {
  return process.env['TUFFET_PIP']?.split(' ')
}

/** @param every tries one case in so many */
export async function tryPip(
  subject: IndexSubject,
  pip: readonly string[],
  every: number,
): Promise<Tally> {
  const { server, paths } = subject
  const tally = new Tally()
  const cases = paths.flatMap((path) =>
    framingNames.flatMap((framing) => [0, 0.02, 0.5, 1].map((part) => ({ path, framing, part }))),
  )
  for (const [at, { path, framing, part }] of cases.entries()) {
    if (at % every !== 0) continue
    server.lie(path, (bytes) => {
      const whole = frame(framing, bytes)
      return { pieces: [whole.subarray(0, Math.ceil(whole.length * part))], end: 'close' }
    })
    const proxy = await start(subject)
    const target = mkdtempSync(join(tmpdir(), 'tuffet-pip-'))
    try {
      const { status, output } = await install(pip, proxy.indexUrl, target)
      const installed = readdirSync(target)
      const where = `pip, ${path}, ${framing}, ${part}`
      if (part === 1 ? status !== 0 : status === 0 || installed.length > 0) {
        throw new Error(`${where}: status ${status}, [${installed.join(' ')}]\n${output}`)
      }
      tally.add(status === 0 ? 'installed' : 'refused')
    } finally {
      rmSync(target, { recursive: true })
      await proxy.close(0)
      server.lie('', undefined)
    }
  }
  return tally
}

async function install(
  [program = '', ...words]: readonly string[],
  indexUrl: string,
  target: string,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const quiet = ['--no-cache-dir', '--disable-pip-version-check', '--no-deps', '--no-compile']
  const index = ['--isolated', '--index-url', indexUrl, '--retries', '0', '--timeout', '30']
  const args = [...words, 'install', ...quiet, ...index, '--target', target, 'broken']
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += String(text)
    })
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { status, output }
}
