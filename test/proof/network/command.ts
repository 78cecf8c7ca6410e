/** The command in a process of its own, against answers that break off and answers without end. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endlessAnswers } from './endless.js'
import { frame, framingNames } from './framings.js'
import type { Lie, LyingServer } from './lying-server.js'
import { content, path as target, serveSubject, type Subject } from './subject.js'
import { Tally } from './tally.js'

const cli = fileURLToPath(new URL('../../../dist/cli/main.cjs', import.meta.url))

/** The command's own limit, in MiB: an idle Node has 45. */
const memory = 200

export interface Commands {
  readonly tally: Tally
  /** MiB, of the largest process. */
  readonly peak: number
}

export async function tryCommand(subject: Subject, every: number): Promise<Commands> {
  const server = await serveSubject(subject)
  const folder = mkdtempSync(join(tmpdir(), 'tuffet-network-'))
  const tally = new Tally()
  let peak = 0
  try {
    const root = join(folder, 'root.json')
    writeFileSync(root, subject.repo.root())
    const paths = [...subject.files.keys()]
    const lies = [...breaks(), ...endlessAnswers()]
    for (const [at, [title, lie]] of lies.entries()) {
      if (at % every !== 0) continue
      const lied = paths[at % paths.length] ?? ''
      server.lie(lied, lie)
      const ended = await download(subject, server, folder, root)
      server.lie('', undefined)
      const file = join(folder, 'a.whl')
      const where = `tuffet download, ${lied}, ${title}`
      if (ended.code === 'right' ? !content.equals(readFileSync(file)) : existsSync(file)) {
        throw new Error(`${where}: ${ended.code}, with a wrong file`)
      }
      if (ended.peak > memory) throw new Error(`${where}: ${ended.peak} MiB`)
      peak = Math.max(peak, ended.peak)
      tally.add(ended.code)
      rmSync(file, { force: true })
    }
  } finally {
    rmSync(folder, { recursive: true })
    await server.close()
  }
  return { tally, peak }
}

function* breaks(): Generator<readonly [title: string, lie: Lie]> {
  for (const framing of framingNames) {
    for (const part of [0, 0.1, 0.5, 0.9, 1]) {
      const lie: Lie = (body) => {
        const whole = frame(framing, body)
        return { pieces: [whole.subarray(0, Math.floor(whole.length * part))], end: 'close' }
      }
      yield [`${framing}, broken after ${part}`, lie]
    }
  }
}

interface Ended {
  readonly code: string
  readonly peak: number
}

async function download(
  { repo }: Subject,
  { origin }: LyingServer,
  folder: string,
  root: string,
): Promise<Ended> {
  const limits = ['rateWindow', 'metadataDeadline', 'targetDeadline'].flatMap((name, at) => [
    '--limit',
    `${name}=${at === 0 ? 500 : 3_000}`,
  ])
  const store = mkdtempSync(join(folder, 'store-'))
  const urls = ['--metadata-url', `${origin}/metadata/`, '--targets-url', `${origin}/targets/`]
  const now = new Date(repo.now).toISOString()
  const common = ['--root', root, '--store', store, '--now', now, '--retries', '0', '--json']
  const args = [cli, 'download', target, ...urls, ...common, ...limits, '--folder', folder]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (text) => {
    output += String(text)
  })
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid))
  }, 10)
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearInterval(watch)
  const parse: (text: string) => { error?: { code?: string } } = JSON.parse
  const { error } = parse(output)
  if ((status === 0) !== (error === undefined)) throw new Error(`status ${status}: ${output}`)
  const code = error === undefined ? 'right' : error.code
  if (code === undefined) throw new Error(`no code: ${output}`)
  return { code, peak }
}

/** 0 where the system does not say it. */
function peakOf(pid: number | undefined): number {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return 0
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) / 1_024)
}
