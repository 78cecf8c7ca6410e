/** Many processes that refresh over one store while the repository publishes and rotates. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createRepository, type TestRepository } from '../../../src/testing/index.js'
import { serve } from '../../../src/testing/node/index.js'
import type { Random } from '../random.js'

export interface Crowd {
  /** The compiled child. */
  readonly script: string
  readonly folder: string
  readonly processes: number
  /** Of each process. */
  readonly cycles: number
  /** Processes killed on the way. */
  readonly kills: number
  readonly random: Random
  /** Options of ioredis and of the store, as JSON can hold them. */
  readonly connection: object
  /** Called after each cycle; what it throws ends the run. */
  readonly onCycle?: ((result: CrowdResult) => void) | undefined
}

/** Counts. */
export interface CrowdResult {
  cycles: number
  publications: number
  rotations: number
  kills: number
  /** The newest versions that a process reported as accepted and stored. */
  readonly acknowledged: { timestamp: number; root: number }
  /** Of cycles that did not succeed. */
  readonly codes: Map<string, number>
  readonly repo: TestRepository
}

/** A line of a process. */
interface Said {
  readonly code?: string
  /** The role and the step. */
  readonly place?: string
  readonly timestamp?: number
  readonly root?: number
}

const rotated = ['timestamp', 'snapshot', 'targets', 'root'] as const

/** @throws Error when a process ended without being killed: a version fell, or an error lacked a code */
export async function runCrowd(crowd: Crowd): Promise<CrowdResult> {
  const { script, processes, cycles, random, connection, kills } = crowd
  const folder = mkdtempSync(join(crowd.folder, 'crowd-'))
  const repo = createRepository({ seed: 'stores' })
  repo.publish()
  writeFileSync(join(folder, 'root.json'), repo.root(1))
  const server = await serve(repo)
  const result: CrowdResult = {
    ...{ cycles: 0, publications: 1, rotations: 0, kills: 0 },
    acknowledged: { timestamp: 0, root: 0 },
    ...{ codes: new Map(), repo },
  }
  const running = new Set<ChildProcess>()
  const victims = new Set<ChildProcess>()
  const total = processes * cycles

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
    const { code, place, timestamp = 0, root = 0 }: Said = JSON.parse(line)
    if (code !== undefined) {
      const said = place === '' ? code : `${code} (${place})`
      result.codes.set(said, (result.codes.get(said) ?? 0) + 1)
    }
    const { acknowledged } = result
    acknowledged.timestamp = Math.max(acknowledged.timestamp, timestamp)
    acknowledged.root = Math.max(acknowledged.root, root)
    result.cycles += 1
    if (result.cycles % 6 === 0) publish()
    crowd.onCycle?.(result)
  }

  async function runOne(): Promise<void> {
    for (let left = cycles; left > 0;) {
      const { metadataUrl, targetsUrl } = server
      const args = [folder, left, metadataUrl, targetsUrl, repo.now, JSON.stringify(connection)]
      const child = spawn(process.execPath, [script, ...args.map(String)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      running.add(child)
      const ended = once(child, 'close')
      for await (const line of createInterface({ input: child.stdout })) {
        noteCycle(line)
        left -= 1
        const due = (result.kills + 1) * Math.floor(total / (kills + 1))
        if (result.kills < kills && result.cycles >= due && left > 0) {
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

  try {
    await Promise.all(Array.from({ length: processes }, runOne))
  } finally {
    for (const child of running) child.kill('SIGKILL')
    await server.close()
  }
  return result
}
