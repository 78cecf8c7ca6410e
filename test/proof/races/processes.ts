/** Processes that share a store while the repository publishes and rotates, and some are killed. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileStore } from '../../../src/node/index.js'
import { createRepository } from '../../../src/testing/index.js'
import { serve } from '../../../src/testing/node/index.js'
import { refresh } from '../crash/after-kill.js'
import type { Random } from '../random.js'

export interface Plan {
  /** The compiled child. */
  readonly script: string
  readonly folder: string
  readonly processes: number
  /** Of each process. */
  readonly cycles: number
  readonly kills: number
  readonly random: Random
}

/** Counts. */
export interface RaceResult {
  cycles: number
  publications: number
  rotations: number
  kills: number
  reads: number
  /** Of cycles that did not succeed. */
  readonly codes: Map<string, number>
}

const rotated = ['timestamp', 'snapshot', 'targets', 'root'] as const

/** @throws Error when a version fell, a file was torn, or a process failed without a code */
export async function race(plan: Plan): Promise<RaceResult> {
  const { script, processes, cycles, random } = plan
  const folder = mkdtempSync(join(plan.folder, 'race-'))
  const repo = createRepository({ seed: 'races' })
  repo.publish()
  writeFileSync(join(folder, 'root.json'), repo.root(1))
  const server = await serve(repo)
  const result: RaceResult = {
    ...{ cycles: 0, publications: 1, rotations: 0, kills: 0, reads: 0 },
    codes: new Map(),
  }
  const running = new Set<ChildProcess>()
  const total = processes * cycles

  function start(task: string, ...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [script, task, folder, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    running.add(child)
    return child
  }

  function publish(): void {
    result.publications += 1
    repo.addTarget('a.txt', String(result.publications))
    if (result.publications % 4 !== 0) {
      repo.publish()
      return
    }
    result.rotations += 1
    repo.rotate(rotated[random.below(rotated.length)] ?? 'root')
  }

  function noteCycle(line: string): void {
    const { code }: { code?: string } = JSON.parse(line)
    if (code !== undefined) result.codes.set(code, (result.codes.get(code) ?? 0) + 1)
    result.cycles += 1
    if (result.cycles % 6 === 0) publish()
  }

  /** Runs the cycles of one process, in several when it is killed. */
  async function runOne(): Promise<void> {
    for (let left = cycles; left > 0;) {
      const { metadataUrl, targetsUrl } = server
      const child = start('cycles', String(left), metadataUrl, targetsUrl, String(repo.now))
      const ended = once(child, 'close')
      for await (const line of createInterface({ input: child.stdout! })) {
        noteCycle(line)
        left -= 1
        const due = (result.kills + 1) * Math.floor(total / (plan.kills + 1))
        if (result.kills < plan.kills && result.cycles >= due && left > 0) {
          result.kills += 1
          victims.add(child)
          // In the middle of its next cycle.
          setTimeout(() => child.kill('SIGKILL'), random.below(30))
        }
      }
      const [status] = (await ended) as [number | null]
      running.delete(child)
      if (status !== 0 && !victims.has(child)) throw new Error(`a process ended with ${status}`)
    }
  }

  const victims = new Set<ChildProcess>()
  try {
    const reader = start('read')
    const readerEnded = once(reader, 'close')
    let said = ''
    reader.stdout?.on('data', (text) => {
      said += String(text)
    })
    await Promise.all(Array.from({ length: processes }, runOne))
    reader.stdin?.end()
    const [status] = (await readerEnded) as [number | null]
    running.delete(reader)
    if (status !== 0) throw new Error('the reader saw a torn or an older file')
    const { reads }: { reads: number } = JSON.parse(said)
    result.reads = reads
  } finally {
    for (const child of running) child.kill('SIGKILL')
    await server.close()
  }
  publish()
  const view = await refresh(repo, fileStore(join(folder, 'store')))
  if (view.timestamp.version !== repo.version('timestamp')) throw new Error('the end is older')
  const left = readdirSync(join(folder, 'store')).filter((name) => name.startsWith('.+'))
  if (left.length > 0) throw new Error(`left over: ${left.join(', ')}`)
  return result
}

/**
 * Kills holders of the lock, one after the other.
 *
 * @returns the longest time until the next process had it, in milliseconds
 */
export async function killHolders(
  { script, folder }: Pick<Plan, 'script' | 'folder'>,
  count: number,
): Promise<number> {
  let longest = 0
  const where = mkdtempSync(join(folder, 'holders-'))
  for (let kill = 0; kill < count; kill++) {
    const child = spawn(process.execPath, [script, 'hold', where], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'close')
    await Promise.race([once(child.stdout, 'data'), ended])
    child.kill('SIGKILL')
    await ended
    const began = performance.now()
    await fileStore(join(where, 'store')).exclusive?.(async () => undefined)
    longest = Math.max(longest, Math.round(performance.now() - began))
  }
  return longest
}
