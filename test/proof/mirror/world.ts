/** A repository on loopback whose publications change files, roles and keys, and the command that mirrors it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createRepository, type TestRepository } from '../../../src/testing/index.js'
import { nodeEd25519Signer, serve, type ServedRepository } from '../../../src/testing/node/index.js'

/** How the next publication differs from the last. */
export type Change = 'files' | 'root' | 'keys'

export interface World {
  readonly repo: TestRepository
  readonly served: ServedRepository
  /** Changes a tenth of the files, and for `root` signs a new root, for `keys` one with new keys for all roles. */
  publish(change: Change): void
}

export async function openWorld(files: number, bins: number): Promise<World> {
  const repo = createRepository({
    now: Date.now(),
    makeSigner: nodeEd25519Signer,
    snapshotHashes: true,
  })
  repo.delegateHashBins('targets', { bins })
  let round = 0
  const write = (from: number): void => {
    for (let number = from; number < files; number += from === 0 ? 1 : 10) {
      repo.addTarget(`files/${number}.txt`, `file ${number} of round ${round}`)
    }
  }
  write(0)
  repo.publish()
  return {
    repo,
    served: await serve(repo, { gzip: false }),
    publish(change) {
      round += 1
      write(round % 10 || 10)
      if (change === 'files') repo.publish()
      else if (change === 'root') repo.rotate('root')
      else for (const role of ['snapshot', 'targets', 'timestamp']) repo.rotate(role)
    },
  }
}

export interface Run {
  /** The compiled child, and the command that it loads. */
  readonly script: string
  readonly main: string
  /** With the mirror, the store and the root. */
  readonly place: string
  readonly world: World
  /** Whether the repository does not answer. */
  readonly away?: boolean
}

/** When a process dies. */
export interface Death {
  /** Before this call that changes the disk. */
  readonly call?: number
  /** Milliseconds after its start. */
  readonly after?: number
}

/** @returns the status of `tuffet mirror`; `killed` */
export async function runMirror(run: Run, { call, after }: Death = {}): Promise<number | 'killed'> {
  const { script, main, place, world, away = false } = run
  const { metadataUrl, targetsUrl } = world.served
  writeFileSync(join(place, 'root.json'), world.repo.root(1))
  const words = [
    ...['mirror', join(place, 'out'), '--all', '--retries', '0', '--grace', '0'],
    ...['--store', join(place, 'store'), '--root', join(place, 'root.json')],
    ...['--metadata-url', away ? 'http://127.0.0.1:9/' : metadataUrl, '--targets-url', targetsUrl],
  ]
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, [script, main, `${call ?? ''}`, ...words], {
    ...{ env, cwd: place, stdio: ['ignore', 'ignore', 'pipe'] },
  })
  let said = ''
  child.stderr.on('data', (text) => {
    said += String(text)
  })
  const ended = once(child, 'close')
  if (after !== undefined) {
    await Promise.race([setTimeout(after), ended])
    child.kill('SIGKILL')
  }
  const [status, signal] = (await ended) as [number | null, NodeJS.Signals | null]
  if (signal === 'SIGKILL') return 'killed'
  if (status === 0 || away) return status ?? 1
  throw new Error(`tuffet mirror ended with ${status ?? signal}: ${said}`)
}
